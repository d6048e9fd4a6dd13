"""One draft in two tabs: one writes, the other reads and may ask for the turn. No words are overwritten."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.outbox import rows
from tests.support import walk
from tests.support.browser import Phone

WORDS = "Мама показала квитанцию"
ELSEWHERE = "Эта запись открыта в другой вкладке"
# A tab that the system froze hears nothing and runs no timers.
FREEZE = "Page.setWebLifecycleState"


@pytest.fixture
def written(walker: Phone) -> Phone:
    """A phone in the middle of a sentence of a visit."""
    walk.open_family(walker, "Рябинкины")
    walk.begin_visit(walker)
    walk.meet(walker, who="")
    walk.step(walker, walk.SECTION)
    walker.page.locator(walk.FACT).press_sequentially(WORDS)
    walk.saved(walker)
    walker.page.wait_for_timeout(1600)
    return walker


@pytest.fixture
def other(written: Phone) -> Iterator[Page]:
    """Another tab of the same phone, at the same visit, opened by the six words."""
    tab = written.another_tab(written.page.url.split("#")[0].removeprefix(written.origin))
    yield tab.page
    tab.page.close()


def test_the_second_tab_reads_and_says_where_it_is_written(written: Phone, other: Page) -> None:
    note = other.locator("#app .note")
    expect(note).to_contain_text(ELSEWHERE)
    expect(note).to_contain_text("Перейти туда или продолжить здесь?")
    expect(other.locator(walk.FACT)).to_have_value(WORDS)
    assert other.locator("#visit-form main").evaluate("(main) => main.inert")

    note.locator("[data-later]").click()

    expect(other.locator("#app h1").first).to_have_text("Сегодня")
    expect(other.locator("[data-note]")).to_contain_text("среди открытых вкладок")
    expect(written.page.locator(walk.FACT)).to_be_editable()


def test_taking_over_brings_the_last_letter_along(written: Phone, other: Page) -> None:
    expect(other.locator("#app .note")).to_contain_text(ELSEWHERE)
    written.page.locator(walk.FACT).press_sequentially(" за октябрь")  # on the glass, not yet on the disk

    other.locator("#app .note [data-resume]").click()

    expect(other.locator(walk.FACT)).to_have_value(f"{WORDS} за октябрь")
    expect(other.locator(walk.FACT)).to_be_focused()
    expect(written.page.locator("#app .note")).to_contain_text(ELSEWHERE)
    assert written.page.locator("#visit-form main").evaluate("(main) => main.inert")
    written.page.locator("#app [data-hide]").first.click()  # who only reads can still put the page away
    expect(written.page.locator("#lock")).to_be_visible()


def test_the_turn_goes_to_and_fro(written: Phone, other: Page) -> None:
    other.locator("#app .note [data-resume]").click()
    expect(other.locator(walk.FACT)).to_be_focused()
    other.locator(walk.FACT).press_sequentially(", вторая вкладка")

    written.page.locator("#app .note [data-resume]").click()

    expect(written.page.locator(walk.FACT)).to_have_value(f"{WORDS}, вторая вкладка")
    expect(other.locator("#app .note")).to_contain_text(ELSEWHERE)


def test_a_frozen_tab_loses_its_turn_and_overwrites_nothing(written: Phone, other: Page) -> None:
    session = written.context.new_cdp_session(written.page)
    written.page.locator(walk.FACT).press_sequentially("!")
    session.send(FREEZE, {"state": "frozen"})

    other.locator("#app .note [data-resume]").click()
    field = other.locator(walk.FACT)
    expect(field).to_be_focused(timeout=15_000)
    field.press_sequentially(" и чек")
    expect(other.locator("[data-saved-line]")).to_contain_text("Сохранено")
    other.wait_for_timeout(1600)
    kept = field.input_value()
    session.send(FREEZE, {"state": "active"})

    expect(written.page.locator("#app .note")).to_contain_text(ELSEWHERE)
    written.page.wait_for_timeout(2000)  # its own saving would have come by now
    written.page.locator("#app .note [data-resume]").click()
    expect(written.page.locator(walk.FACT)).to_have_value(kept)


def test_a_tab_that_is_closed_gives_the_turn_back(written: Phone, other: Page) -> None:
    expect(other.locator("#app .note")).to_contain_text(ELSEWHERE)
    written.page.goto("about:blank")  # as a tab that is closed: it lets go without a word
    other.locator("#app .note [data-resume]").click()
    expect(other.locator(walk.FACT)).to_have_value(WORDS)
    other.locator(walk.FACT).press_sequentially(".")
    other.locator("[data-go-step=tasks]:visible").first.click()
    other.locator("[data-go-step=check]:visible").first.click()

    other.locator("[data-finish]:visible").click()

    expect(other.locator("#app h1").first).to_have_text("Готово, запечатано")
    written.go("/today")
    assert [row["kind"] for row in rows(written)] == ["visit"]


def test_a_contact_is_written_in_one_tab_too(walker: Phone) -> None:
    walk.open_family(walker, "Чижовы")
    href = walker.page.locator("#app a[href$='/contact']").first.get_attribute("href")
    walker.go(str(href))
    field = walker.page.locator("#contact-form textarea").first
    field.press_sequentially("Позвонили")
    expect(walker.page.locator("[data-saved-line]")).to_contain_text("Сохранено")
    page = walker.another_tab(str(href)).page
    expect(page.locator("#app .note")).to_contain_text(ELSEWHERE)

    page.locator("#app .note [data-resume]").click()

    expect(page.locator("#contact-form textarea").first).to_have_value("Позвонили")
    expect(walker.page.locator("#app .note")).to_contain_text(ELSEWHERE)
    page.close()
