"""The days and the month under axe: on a phone and at a desk, also with what was typed refused."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.accessibility import Inspect
from tests.support.browser import Phone
from tests.support.server import LiveServer


def test_the_days_on_a_phone(walker: Phone, inspect: Inspect) -> None:
    inspector = inspect(walker)
    page = walker.page
    page.locator("#app main a", has_text="Запланировать посещение").first.click()
    expect(walker.heading).to_have_text("Когда пойти")
    inspector.look("plan of a family", themes=True)
    page.locator("[data-finish]").click()
    expect(page.locator("#plan-form [data-error-for=on]")).to_be_visible()
    inspector.look("plan refused")
    page.locator("#plan-form [data-days] label").nth(1).click()
    page.locator("[data-finish]").click()
    expect(walker.heading).to_have_text("Готово, запечатано")
    page.locator("#app a[href='/today']").first.click()
    page.locator("#app main a", has_text="Дни и дорога").click()
    expect(walker.heading).to_have_text("Дни и дорога")
    inspector.look("days", themes=True)


def test_the_month_at_a_desk(make_phone: Callable[..., Phone], server: LiveServer, inspect: Inspect) -> None:
    desk = make_phone()
    inspector = inspect(desk)
    desk.enrol_office(server.link("Туманова", "office"))
    for path in ("owed", "schedule", "journal", "schedules"):
        desk.page.goto(f"{server.url}/{path}")
        inspector.look(f"office {path}")
