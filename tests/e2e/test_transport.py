"""Pages, online and offline: back, deep link, reload, quick taps on a slow link, copies and their age."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Request, expect

from curator_app.extensions import db
from curator_app.families.models import Family
from tests.support.browser import Phone, open_phone
from tests.support.databases import Databases
from tests.support.proxy import FaultProxy
from tests.support.server import LiveServer

CUT_AFTER_ONE_FAMILY = """
const real = window.fetch;
let cut = false;
window.fetch = async (url, init) => {
  const response = await real(url, init);
  if (url !== '/kit' || cut) return response;
  cut = true;
  const whole = new Uint8Array(await response.arrayBuffer());
  const text = new TextDecoder().decode(whole);
  const end = text.indexOf('\\n', text.indexOf('{"t":"family"')) + 1;
  const parts = [new TextEncoder().encode(text.slice(0, end))];
  const pull = (way) => (parts.length ? way.enqueue(parts.pop()) : way.error(new TypeError('cut')));
  return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }), { headers: response.headers });
};
"""
FAMILY = "#app a[href^='/families/']"


@pytest.fixture(scope="module")
def way(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LiveServer, FaultProxy]]:
    """A server, and the only way to it."""
    folder = tmp_path_factory.mktemp("server")
    proxy = FaultProxy(target=0)
    with databases.fresh("sqlite", folder) as url:
        settings = {"DATABASE_URL": url, "PUBLIC_URL": f"http://localhost:{proxy.port}"}
        server = LiveServer(folder, settings)
        proxy.target = server.port
        server.start()
        yield server, proxy
        server.end()
    proxy.close()


@pytest.fixture
def far(way: tuple[LiveServer, FaultProxy]) -> LiveServer:
    """The server behind the way."""
    return way[0]


@pytest.fixture
def link(way: tuple[LiveServer, FaultProxy]) -> Iterator[FaultProxy]:
    """The way, whole again after each test."""
    yield way[1]
    way[1].heal()


@pytest.fixture
def walker(browser: Browser, link: FaultProxy, far: LiveServer) -> Iterator[Phone]:
    """A phone on that way, with everything taken along, open at «Семьи»."""
    link.heal()
    made = open_phone(browser, far.url)
    made.enrol(far.link("Туманова"))
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


def rename(far: LiveServer, href: str, surname: str) -> None:
    """Give a family another name behind the phone's back."""
    with far.app() as app, app.app_context():
        family = db.session.get(Family, uuid.UUID(href.rsplit("/", 1)[1]))
        assert family is not None
        family.surname = surname
        db.session.commit()


@pytest.mark.parametrize("online", [True, False], ids=["online", "offline"])
def test_back_forward_deep_link_and_reload(walker: Phone, online: bool) -> None:
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
def test_of_two_quick_taps_the_second_wins(walker: Phone, link: FaultProxy, online: bool) -> None:
    first, second = families(walker)[:2]
    name = open_family(walker, second)
    walker.page.go_back()
    expect(walker.page.locator(f"#app a[href='{first}']").first).to_be_visible()
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


def test_a_slow_link_shows_the_copy_and_then_what_is_fresh(walker: Phone, link: FaultProxy, far: LiveServer) -> None:
    href, surname = families(walker)[0], "Переименовы"
    rename(far, href, surname)
    link.round_trip_seconds = 5

    open_family(walker, href)

    age = walker.page.locator("#app [data-age]:visible")
    expect(age).to_contain_text("обновлено сегодня")
    expect(walker.page.locator("#app")).not_to_contain_text(surname)
    expect(walker.page.locator("#app")).to_contain_text(surname, timeout=15_000)
    expect(age).to_have_count(0)


def test_a_copy_that_proves_current_loses_its_age(walker: Phone, link: FaultProxy) -> None:
    link.round_trip_seconds = 5
    open_family(walker, families(walker)[0])

    age = walker.page.locator("#app [data-age]:visible")
    expect(age).to_have_count(1)
    expect(age).to_have_count(0, timeout=15_000)


@pytest.mark.parametrize("page", ["", "/visit"], ids=["tapped", "visit form"])
def test_what_is_fresh_never_takes_a_page_from_under_the_finger(
    walker: Phone, link: FaultProxy, far: LiveServer, page: str
) -> None:
    href, surname = families(walker)[1], f"Иначевы{len(page)}"
    rename(far, href, surname)
    link.round_trip_seconds = 5
    open_family(walker, href)
    if page:
        walker.page.locator(f"#app a[href='{href}{page}']").first.click()
        expect(walker.page.locator("#visit-form")).to_be_visible()
    else:
        walker.page.mouse.click(200, 300)

    fresh = walker.page.locator("#app [data-fresh]")
    expect(fresh).to_be_visible(timeout=15_000)
    expect(walker.page.locator("#app")).not_to_contain_text(surname)
    fresh.click()
    expect(walker.page.locator("#app")).to_contain_text(surname)
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


def test_a_kit_that_breaks_is_taken_up_where_it_broke(browser: Browser, far: LiveServer) -> None:
    phone = open_phone(browser, far.url)
    phone.context.add_init_script(CUT_AFTER_ONE_FAMILY)
    phone.enrol(far.link("Туманова"))
    phone.unlock()
    held: list[int] = []

    def note(request: Request) -> None:
        if request.url.endswith("/kit"):
            held.append(len(json.loads(request.post_data or "{}")["families"]))

    phone.page.on("request", note)

    take_kit(phone)

    assert held == [0, 1]
    phone.wait_for_shell()
    phone.go_offline()
    phone.go("/families")
    for href in families(phone):
        open_family(phone, href)
        phone.page.go_back()
        expect(phone.page.locator(f"#app a[href='{href}']").first).to_be_visible()
    phone.context.close()


def test_copies_leave_the_phone_fourteen_days_after_the_last_contact(walker: Phone) -> None:
    walker.go_offline()
    walker.page.context.add_init_script("const now = Date.now; Date.now = () => now() + 15 * 86400000;")

    walker.page.reload()
    walker.page.locator('[data-open="key"]').click()

    expect(walker.heading).to_contain_text("Этой страницы на телефоне нет")


def test_back_returns_to_the_place_one_left(walker: Phone) -> None:
    walker.page.set_viewport_size({"width": 390, "height": 300})
    href = families(walker)[-1]
    walker.page.locator(f"#app a[href='{href}']").first.scroll_into_view_if_needed()
    before = walker.page.evaluate("scrollY")
    open_family(walker, href)
    assert before > 0
    assert walker.page.evaluate("scrollY") == 0

    walker.page.go_back()

    expect(walker.page.locator(f"#app a[href='{href}']").first).to_be_in_viewport()
    assert walker.page.evaluate("scrollY") == before
