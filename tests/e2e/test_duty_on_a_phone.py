"""Who keeps duty answers an alarm on her phone: behind the finger, with a network, and never from an old copy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.accessibility import Inspect
from tests.e2e.outbox import rows, wait_until
from tests.e2e.test_urgent import FACT, alarms, open_urgent, raise_alarm
from tests.support.browser import Phone, open_phone
from tests.support.server import LiveServer


@pytest.fixture
def on_duty(browser: Browser, server: LiveServer) -> Iterator[Phone]:
    """Осокина's phone."""
    phone = open_phone(browser, server.url)
    phone.enrol(server.link("Осокина", "field"))
    yield phone
    complaints = phone.complaints
    phone.context.close()
    assert complaints == []


def test_the_push_of_an_alarm_leads_to_where_it_is_answered(
    walker: Phone, on_duty: Phone, server: LiveServer, inspect: Inspect
) -> None:
    open_urgent(walker, "Кедровы")
    raise_alarm(walker)
    wait_until(walker, lambda: [row["applied"] for row in rows(walker)] == [True])
    alarm = alarms(server)[0]

    page = on_duty.page
    page.goto(f"{on_duty.origin}/duty")  # what a tap on the notification opens
    expect(page.locator("[data-alarm]")).to_have_count(0)
    on_duty.unlock()
    expect(on_duty.heading).to_have_text("Дежурство")
    look = inspect(on_duty)
    look.look("duty on a phone")
    page.locator(f"[data-alarm='{alarm.id}']").click()
    expect(page.locator("#app")).to_contain_text(FACT)
    look.look("alarm on a duty phone", themes=True)
    page.locator("[name=reply]").fill("Еду, буду через 20 минут")
    page.locator("button[value=duty_took]").click()
    expect(page.locator("#alarm")).to_contain_text("подтверждает ")
    expect(walker.page.locator("[data-urgent-answer]")).to_contain_text("Еду, буду через 20 минут", timeout=40_000)

    on_duty.go_offline()
    page.goto(f"{on_duty.origin}/duty/alarms/{alarm.id}")
    on_duty.unlock()
    expect(on_duty.heading).to_be_visible()
    expect(page.locator("#app")).not_to_contain_text(FACT)
    on_duty.go_online()


def test_today_leads_there(on_duty: Phone) -> None:
    on_duty.go("/today")
    on_duty.page.locator("#app main a[href='/duty']").click()
    expect(on_duty.heading).to_have_text("Дежурство")
