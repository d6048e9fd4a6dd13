"""Pages, online and offline: back, deep link, reload, quick taps on a slow link, copies and their age."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import Phone, open_phone
from tests.support.proxy import FaultProxy
from tests.support.server import LiveServer

FAMILY = "#app a[href^='/families/']"


@pytest.fixture
def link(make_live_server: Callable[..., LiveServer]) -> Iterator[FaultProxy]:
    """The way between phone and server; `link.server` is the server behind it."""
    proxy = FaultProxy(target=0)
    server = make_live_server(PUBLIC_URL=f"http://localhost:{proxy.port}")
    proxy.target = server.port
    proxy.server = server  # type: ignore[attr-defined]
    yield proxy
    proxy.close()


@pytest.fixture
def walker(browser: Browser, link: FaultProxy) -> Iterator[Phone]:
    """A phone on that way, with everything taken along, open at «Семьи»."""
    server: LiveServer = link.server  # type: ignore[attr-defined]
    made = open_phone(browser, server.url)
    made.enrol(server.link("Туманова"))
    made.unlock()
    take_kit(made)
    made.wait_for_shell()
    made.go("/families")
    yield made
    made.context.close()
    assert made.complaints == []


def take_kit(phone: Phone) -> None:
    """Press «Перед выездом» and wait for «Готово к работе без связи»."""
    phone.page.locator("[data-kit]").first.click()
    expect(phone.page.locator("[data-kit-progress]")).to_contain_text("Готово к работе без связи", timeout=30_000)


def families(phone: Phone) -> list[str]:
    """Return the addresses of the dossiers on the page."""
    hrefs = [link.get_attribute("href") or "" for link in phone.page.locator(FAMILY).all()]
    return list(dict.fromkeys(hrefs))


def open_family(phone: Phone, href: str) -> str:
    """Tap a family; return its heading once the dossier stands."""
    phone.page.locator(f"#app a[href='{href}']").first.click()
    expect(phone.page).to_have_url(phone.origin + href)
    return phone.heading.inner_text()


@pytest.mark.parametrize("online", [True, False], ids=["online", "offline"])
def test_back_forward_deep_link_and_reload(walker: Phone, online: bool) -> None:  # noqa: FBT001
    if not online:
        walker.go_offline()
    href = families(walker)[0]
    name = open_family(walker, href)

    walker.page.go_back()
    expect(walker.page).to_have_url(f"{walker.origin}/families")
    expect(walker.heading).not_to_have_text(name)
    walker.page.go_forward()
    expect(walker.heading).to_have_text(name)

    walker.page.reload()
    walker.unlock()
    expect(walker.heading).to_have_text(name)
    walker.go(href)
    expect(walker.heading).to_have_text(name)
    expect(walker.page.locator("#app [data-age]:visible")).to_have_count(0 if online else 1)


@pytest.mark.parametrize("online", [True, False], ids=["online", "offline"])
def test_of_two_quick_taps_the_second_wins(walker: Phone, link: FaultProxy, online: bool) -> None:  # noqa: FBT001
    first, second = families(walker)[:2]
    name = open_family(walker, second)
    walker.page.go_back()
    expect(walker.page).to_have_url(f"{walker.origin}/families")
    if online:
        link.round_trip_seconds = 0.8
    else:
        walker.go_offline()

    tap_both = "(pair) => pair.forEach((href) => document.querySelector(`#app a[href='${href}']`).click())"
    walker.page.evaluate(tap_both, [first, second])

    expect(walker.heading).to_have_text(name)
    walker.page.wait_for_timeout(2500)
    expect(walker.heading).to_have_text(name)
    assert walker.page.url == walker.origin + second


def test_a_slow_link_shows_the_copy_and_then_what_is_fresh(walker: Phone, link: FaultProxy) -> None:
    link.round_trip_seconds = 5

    name = open_family(walker, families(walker)[0])

    age = walker.page.locator("#app [data-age]:visible")
    expect(age).to_contain_text("обновлено сегодня")
    expect(age).to_have_count(0, timeout=15_000)
    expect(walker.heading).to_have_text(name)


def test_what_is_fresh_never_takes_a_page_from_under_the_finger(walker: Phone, link: FaultProxy) -> None:
    link.round_trip_seconds = 5
    open_family(walker, families(walker)[0])
    expect(walker.page.locator("#app [data-age]:visible")).to_have_count(1)

    walker.page.mouse.click(200, 300)

    fresh = walker.page.locator("#app [data-fresh]")
    expect(fresh).to_be_visible(timeout=15_000)
    fresh.click()
    expect(walker.page.locator("#app [data-age]:visible")).to_have_count(0)


def test_a_portals_page_never_takes_the_place_of_a_copy(walker: Phone, link: FaultProxy) -> None:
    href = families(walker)[0]
    name = open_family(walker, href)
    link.aim, link.answer_always = b"GET /families/", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nlogin"

    walker.page.locator("#app a[href='/families']").first.click()
    open_family(walker, href)

    expect(walker.heading).to_have_text(name)
    expect(walker.page.locator("#app [data-age]:visible")).to_have_count(1)
    link.heal()


def test_a_page_that_is_nowhere_says_so_calmly(phone: Phone) -> None:
    phone.unlock()
    phone.wait_for_shell()
    phone.go_offline()

    phone.page.locator("#app a[href='/families']").first.click()

    expect(phone.heading).to_contain_text("Этой страницы на телефоне нет")
    phone.go_online()
    phone.page.locator("#app a[href='/today']").first.click()
    expect(phone.heading).to_have_text("Сегодня")


def test_a_kit_that_breaks_is_taken_up_where_it_broke(browser: Browser, link: FaultProxy) -> None:
    server: LiveServer = link.server  # type: ignore[attr-defined]
    phone = open_phone(browser, server.url)
    phone.enrol(server.link("Туманова"))
    phone.unlock()
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.post_data or "") if "/kit" in request.url else None)
    link.slow(kbps=200, round_trip_seconds=0.3)
    phone.page.locator("[data-kit]").first.click()
    expect(phone.page.locator("[data-kit-progress] [data-fill=line]")).to_contain_text("Берём с собой: 1 из")
    phone.go_offline()
    phone.page.wait_for_timeout(500)
    phone.go_online()
    link.heal()

    if phone.page.locator("[data-kit]").first.is_enabled():
        phone.page.locator("[data-kit]").first.click()
    expect(phone.page.locator("[data-kit-progress]")).to_contain_text("Готово к работе без связи", timeout=30_000)

    assert len(asked) >= 2
    assert '"families":{}' in asked[0]
    assert '"families":{}' not in asked[-1]
    phone.context.close()


def test_copies_leave_the_phone_fourteen_days_after_the_last_contact(walker: Phone) -> None:
    walker.go_offline()
    walker.page.context.add_init_script("const now = Date.now; Date.now = () => now() + 15 * 86400000;")

    walker.page.reload()
    walker.page.locator('[data-open="key"]').click()

    expect(walker.heading).to_contain_text("Этой страницы на телефоне нет")
