"""The search box: at a desk the server looks, on a phone the list itself does; what is typed stays out of addresses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import Inspect
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer


@pytest.fixture
def desk(make_phone: Callable[..., Phone], server: LiveServer) -> Phone:
    """The head's desk, before the list of families."""
    made = make_phone()
    made.enrol_office(server.link("Осокина", "office"))
    made.page.goto(f"{server.url}/families")
    return made


def box(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Поиск семьи")


def families(page: Page) -> Locator:
    """Return the names of the families that are to be seen."""
    return page.locator("#found :is(tbody th a, li .row b):visible")


def test_a_desk_finds_while_one_types_and_forgives_a_letter(desk: Phone, server: LiveServer) -> None:
    page = desk.page
    expect(families(page)).to_have_count(4)

    box(page).press_sequentially("рябинкана")

    expect(families(page)).to_have_text(["Рябинкины"])
    expect(page.locator("#found-line")).to_have_text("Нашли: 1.")
    expect(box(page)).to_be_focused()
    assert page.url == f"{server.url}/families"


def test_a_desk_says_who_was_not_found_and_shows_everybody_again(desk: Phone) -> None:
    page = desk.page
    box(page).fill("Небылицыны")
    expect(page.locator("#found")).to_contain_text("Никого не нашли")
    expect(page.locator("#found")).to_contain_text("Попробуйте три буквы фамилии")

    box(page).fill("")

    expect(families(page)).to_have_count(4)


def test_a_desk_goes_from_the_keys_to_the_dossier(desk: Phone) -> None:
    page = desk.page
    box(page).fill("Кедрова")
    box(page).press("Enter")
    expect(families(page)).to_have_text(["Кедровы"])

    box(page).press("Tab")
    expect(families(page).first).to_be_focused()
    page.keyboard.press("Enter")

    expect(desk.heading).to_contain_text("Кедровы")
    page.go_back()
    expect(families(page)).to_have_count(4)
    expect(box(page)).to_have_value("")


def test_without_scripts_the_button_of_the_keyboard_searches(desk: Phone, server: LiveServer) -> None:
    page = desk.context.browser.new_page(java_script_enabled=False, base_url=server.url)
    page.context.add_cookies(desk.context.cookies())
    page.goto("/families")

    page.locator("#find").fill("418")
    page.locator("#find").press("Enter")

    expect(families(page)).to_have_text(["Рябинкины"])
    expect(page.locator("#find")).to_have_value("418")
    assert page.url == f"{server.url}/families/search"
    page.context.close()


def test_what_was_typed_is_in_no_address_and_no_log(desk: Phone, server: LiveServer) -> None:
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))

    box(desk.page).fill("Канареечкина")
    expect(desk.page.locator("#found")).to_contain_text("Никого не нашли")

    assert any(url.endswith("/families/search") for url in asked)
    assert not any("анаре" in url or "%D0" in url for url in asked)
    log = server.log.read_text(encoding="utf-8")
    assert "Канареечкина" not in log
    assert "%D0%9A" not in log.upper()


def test_a_phone_finds_among_its_families_without_a_network(walker: Phone) -> None:
    walk.take_kit(walker)
    walker.go_offline()
    walker.page.locator(".bar a", has_text="Семьи").click()
    page = walker.page
    expect(families(page)).to_have_count(4)

    for typed in ("рябинкана", "Рябинкина О. В.", "лёва", "418", "придуманной", "ряибнкины"):
        box(page).fill(typed)
        expect(families(page)).to_have_text(["Рябинкины"])
    expect(page.locator("#found-line")).to_have_text("Нашли: 1.")

    box(page).fill("снегиреву")
    expect(families(page)).to_have_text(["Снегирёвы"])
    box(page).fill("примерная 40")  # the address is hidden
    expect(families(page)).to_have_count(0)
    expect(page.locator("#found")).to_contain_text("Никого не нашли")
    box(page).fill("")
    expect(families(page)).to_have_count(4)
    walker.go_online()


def test_a_phone_asks_nobody_about_what_is_typed(walker: Phone) -> None:
    walker.page.locator(".bar a", has_text="Семьи").click()
    expect(families(walker.page)).to_have_count(4)
    asked: list[str] = []
    walker.page.on("request", lambda request: asked.append(request.url))

    box(walker.page).press_sequentially("чижова")
    box(walker.page).press("Enter")

    expect(families(walker.page)).to_have_text(["Чижовы"])
    assert [url for url in asked if "/sync/" not in url] == []


def test_the_box_is_for_everybody(desk: Phone, walker: Phone, inspect: Inspect) -> None:
    box(desk.page).fill("ряб")
    expect(families(desk.page)).to_have_text(["Рябинкины"])
    inspect(desk).look("office families found", themes=True)
    box(desk.page).fill("никто")
    expect(desk.page.locator("#found")).to_contain_text("Никого не нашли")
    inspect(desk).look("office families not found")
    walker.page.locator(".bar a", has_text="Семьи").click()
    inspect(walker).look("families with search", themes=True)
    box(walker.page).fill("никто")
    expect(walker.page.locator("[data-not-found]")).to_be_visible()
    inspect(walker).look("families not found")
