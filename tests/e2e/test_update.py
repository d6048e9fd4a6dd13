"""A newer build arrives: never under a form, never without the files that an open page was built with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.outbox import states, wait_until
from tests.support import walk
from tests.support.browser import Phone, open_phone
from tests.support.server import LiveServer

WORDS = "Мама показала квитанцию"
NEW_CACHE = "shell-renewed00000"
LOOK_FOR_UPDATE = "async () => { await (await navigator.serviceWorker.ready).update(); }"
WAITS = "async () => (await navigator.serviceWorker.ready).waiting !== null"
CACHES = "async () => caches.keys()"


class Renewal:
    """A phone and a server that can be renewed."""

    def __init__(self, phone: Phone, flag: Path) -> None:
        """Keep the phone and the file that renews its server."""
        self.phone, self.flag = phone, flag

    def release(self) -> None:
        """Put the new build on the server, and let the phone find it."""
        self.flag.touch()
        self.phone.page.evaluate(LOOK_FOR_UPDATE)
        wait_until(self.phone, lambda: NEW_CACHE in self.caches())

    def waits(self) -> bool:
        """Tell whether the new build is kept waiting."""
        return bool(self.phone.page.evaluate(WAITS))

    def caches(self) -> list[str]:
        """Name the builds whose files the phone has."""
        return list(self.phone.page.evaluate(CACHES))


@pytest.fixture
def renewal(browser: Browser, make_live_server: Callable[..., LiveServer]) -> Iterator[Renewal]:
    """A phone with everything taken along, on «Сегодня»."""
    server = make_live_server(application="tests.e2e.renewed_app:application")
    phone = open_phone(browser, server.url)
    phone.enrol(server.link("Туманова"))
    phone.unlock()
    walk.take_kit(phone)
    yield Renewal(phone, server.log.parent / "renewed")
    phone.context.close()


def begin(phone: Phone) -> None:
    """Stand in the middle of a visit."""
    walk.open_family(phone, "Рябинкины")
    walk.begin_visit(phone)
    walk.meet(phone, who="")
    walk.step(phone, walk.SECTION)
    phone.page.locator(walk.FACT).press_sequentially(WORDS)
    walk.saved(phone)


def test_under_a_form_it_waits_until_the_visit_is_sealed(renewal: Renewal) -> None:
    phone = renewal.phone
    begin(phone)

    renewal.release()

    note = phone.page.locator("[data-note]")
    expect(note).to_contain_text("Есть обновление")
    expect(note).to_contain_text("Поставим после сохранения")
    expect(phone.page.locator(walk.FACT)).to_have_value(WORDS)
    assert renewal.waits()

    phone.go_offline()  # what the old page still has to load comes from its own files
    walk.finish(phone)

    wait_until(phone, lambda: not renewal.waits())
    assert states(phone) == ["waiting"]


@pytest.mark.parametrize("form", ["urgent", "check-in", "contact"])
def test_under_a_short_form_it_waits_as_well(renewal: Renewal, form: str) -> None:
    phone, page = renewal.phone, renewal.phone.page
    if form == "check-in":
        page.locator("#app a[href='/check-in']").click()
    else:
        family = (page.locator(".chooser a").first.get_attribute("href") or "").removesuffix("/urgent")
        phone.go(f"{family}/{form}")
    expect(page.locator(f"#{form}-form")).to_be_visible()

    renewal.release()
    page.wait_for_timeout(2000)

    assert renewal.waits()
    note = page.locator("[data-note]", has_text="Есть обновление")
    expect(note).to_have_count(0 if form == "urgent" else 1)  # who calls for help reads nothing else
    page.locator("#app .back").first.click()
    wait_until(phone, lambda: not renewal.waits())


def test_a_form_in_another_tab_holds_it_back_too(renewal: Renewal) -> None:
    phone = renewal.phone
    begin(phone)
    phone.page.wait_for_timeout(1600)
    other = phone.another_tab("/today").page

    renewal.release()
    other.locator("#app a[href='/families']").first.click()
    expect(other.locator("#app h1").first).to_have_text("Семьи")
    other.wait_for_timeout(2000)  # it was asked for again by the new page; what holds it is the other tab's form

    assert renewal.waits()
    expect(phone.page.locator(walk.FACT)).to_have_value(WORDS)


def test_an_open_page_keeps_its_files_and_comes_up_new_at_the_lock(renewal: Renewal) -> None:
    phone = renewal.phone
    old = renewal.caches()
    renewal.release()
    phone.page.locator("#app a[href='/families']").first.click()
    wait_until(phone, lambda: not renewal.waits())
    assert set(renewal.caches()) == {*old, NEW_CACHE}
    phone.page.locator("#app a[href='/today']").first.click()
    phone.go_offline()
    begin(phone)  # asks for chunks that only the old build has
    walk.finish(phone)
    phone.page.locator("#app a[href='/today']").first.click()
    expect(phone.heading).to_have_text("Сегодня")
    phone.page.evaluate("() => { globalThis.old = true; }")

    with phone.page.expect_navigation():
        phone.page.locator("#app [data-hide]").first.click()

    assert phone.page.evaluate("() => globalThis.old") is None
    phone.page.reload()
    wait_until(phone, lambda: renewal.caches() == [NEW_CACHE])
