"""The office without a mouse: Tab and Enter reach what matters, and one sees where one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import SHOTS, Inspector
from tests.protocol_client import uuid7
from tests.support.browser import Phone
from tests.support.server import LiveServer
from tests.sync.live import family_at, phone_at
from tests.urgent.conftest import alarm_body, call, check_in_body

OUTLINE = """(element) => {
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return outlineStyle === 'none' ? 0 : parseFloat(outlineWidth);
}"""
TABS = 60


@pytest.fixture(scope="module", autouse=True)
def alarm(server: LiveServer) -> str:
    """A call that waits, thirty that were answered by «отбой», somebody out of reach."""
    family, sender, waits = family_at(server), phone_at(server), uuid7()
    for _call in range(30):
        key = uuid7()
        sender.send(sender.seal("alarm", alarm_body(family, id=key)))
        sender.send(sender.seal("alarm", alarm_body(family, "cancel", id=key, cancel_reason="clear_mistaken")))
    sender.send(sender.seal("alarm", alarm_body(family, id=waits, need="need_fire_gas", facts_seen="Газ", **call())))
    sender.send(sender.seal("check_in", check_in_body(family, minutes=30)))
    return waits


@pytest.fixture
def desk(make_phone: Callable[..., Phone], server: LiveServer) -> Iterator[Phone]:
    """The head's desk with a call on it."""
    made = make_phone()
    made.enrol_office(server.link("Осокина", "office"))
    made.page.set_viewport_size({"width": 1280, "height": 900})
    yield made
    made.complaints[:] = [line for line in made.complaints if "422" not in line]


def tab_to(page: Page, what: Locator) -> Locator:
    """Press Tab until it has the focus, and see that it shows."""
    for _press in range(TABS):
        page.keyboard.press("Tab")
        if what.evaluate("(element) => element === document.activeElement"):
            assert what.evaluate(OUTLINE) >= 2
            return what
    pytest.fail(f"Tab does not reach {what}")


def test_a_call_is_answered_by_keys(desk: Phone, server: LiveServer, alarm: str) -> None:
    page = desk.page
    page.goto(f"{server.url}/duty")
    tab_to(page, page.locator(f"[data-alarm='{alarm}']"))
    page.keyboard.press("Enter")
    expect(desk.heading).to_have_text("Огонь, газ, дым")
    tab_to(page, page.locator("[name=reply]"))
    page.keyboard.type("Еду")
    tab_to(page, page.locator("button[value=duty_took]"))

    page.keyboard.press("Enter")

    expect(page.locator("#alarm")).to_contain_text("Еду")


def test_the_settled_ones_are_narrowed_and_turned_by_keys(desk: Phone, server: LiveServer) -> None:
    page = desk.page
    page.goto(f"{server.url}/duty/alarms")
    tab_to(page, page.get_by_role("link", name="Отбой", exact=True))
    page.keyboard.press("Enter")
    expect(page.locator("[data-alarm]")).to_have_count(25)

    tab_to(page, page.get_by_role("link", name="Раньше", exact=True))
    page.keyboard.press("Enter")

    expect(page.locator("[data-alarm]")).to_have_count(5)
    expect(page.locator("a.chip[aria-current=page]")).to_have_text("Отбой")


def test_the_lists_of_calls_under_axe_and_at_every_width(desk: Phone, server: LiveServer) -> None:
    inspector = Inspector(desk.page, desk.cdp)
    for name in ("duty", "duty/alarms", "duty/check-ins", "duty/alarms?show=confirmed", "duty/check-ins?show=missed"):
        desk.page.goto(f"{server.url}/{name}")
        expect(desk.page.locator("main")).to_be_visible()
        shot = name.replace("/", "-").replace("?show=", "-")
        inspector.look(f"office {shot}", themes=True)
        desk.page.set_viewport_size({"width": 1280, "height": 900})
        desk.page.screenshot(path=SHOTS / f"office-{shot}-1280.png", full_page=True)

    assert inspector.findings == []
