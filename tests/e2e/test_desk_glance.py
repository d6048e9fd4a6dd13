"""The pages of a case and of a check on the narrowest glass, with text twice as large, under axe, and on paper."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.accessibility import Inspector
from tests.e2e.test_case_people_accessibility import case_with_a_copy
from tests.e2e.test_signal_accessibility import go, people_the_office
from tests.support.browser import Phone
from tests.support.server import LiveServer

OF_A_CASE = ("safety", "placement", "courts", "meetings", "closing", "transfer", "acquaintance", "services")
OF_A_CHECK = ("decision", "instruments", "inquiries", "orders", "survey", "investigation")


def test_the_pages_of_a_case(make_phone: Callable[..., Phone], server: LiveServer) -> None:
    case = case_with_a_copy(server)
    desk = make_phone()
    desk.enrol_office(server.link("Осокина", "office"))
    inspector = Inspector(desk.page, desk.cdp)
    first = f"/subjects/{case}/safety/new?kind=first_measures"
    paths = ["/cases", f"/cases/{case}", f"/cases/{case}/stage", first, "/requests", "/transfers"]
    for path in [*paths, *(f"/subjects/{case}/{name}" for name in OF_A_CASE)]:
        go(desk, path)
        inspector.glance(path)
    assert inspector.findings == []


def test_a_case_on_paper_says_what_is_known_and_asks_nothing(
    make_phone: Callable[..., Phone], server: LiveServer
) -> None:
    case = case_with_a_copy(server)
    desk = make_phone()
    desk.enrol_office(server.link("Осокина", "office"))
    page = desk.page
    page.set_viewport_size({"width": 700, "height": 990})
    go(desk, f"/cases/{case}")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Сроки")).to_be_visible()
    expect(page.get_by_role("heading", name="Что можно записать")).to_be_hidden()
    go(desk, "/cases")
    page.emulate_media(media="print")
    # The paper is narrower than a desk, and the list is a table all the same.
    expect(page.locator(".grid thead")).to_be_visible()
    page.emulate_media(media="screen")


def test_the_pages_of_a_check(make_phone: Callable[..., Phone], server: LiveServer) -> None:
    signal, _tell = people_the_office(server)
    desk = make_phone()
    desk.enrol_office(server.link("Приёмова", "office"))
    inspector = Inspector(desk.page, desk.cdp)
    go(desk, signal)
    desk.page.get_by_role("button", name="Записать в журнал").click()
    desk.page.get_by_role("button", name="Начать проверку").click()
    subject = signal.replace("/signals/", "/subjects/")
    for path in [f"{signal}/check", *(f"{subject}/{name}" for name in OF_A_CHECK)]:
        go(desk, path)
        inspector.glance(path)
    assert inspector.findings == []
