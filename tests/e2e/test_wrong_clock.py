"""A phone whose clock is ten years ahead, or somewhere else in the world: it is asked about, and loses nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.auth.models import Enrolment
from curator_app.extensions import db
from tests.e2e.outbox import states, wait_until
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer

TEN_YEARS = timedelta(days=3652)
FURTHEST_EAST = "Pacific/Kiritimati"
# The test sets the page's clock, not the worker's: so the page sends.
WITHOUT_SYNC = "() => { SyncManager.prototype.register = async () => {}; }"
LOCAL_DAY = "() => new Intl.DateTimeFormat('sv', { timeZone: 'Pacific/Kiritimati' }).format(new Date())"


def test_ten_years_ahead_it_asks_for_the_date_and_the_record_arrives_with_the_right_one(
    phone: Phone, server: LiveServer
) -> None:
    page = phone.page
    phone.unlock()
    walk.take_kit(phone)
    today = datetime.now(UTC)
    page.clock.set_system_time(today + TEN_YEARS)
    phone.go("/today")

    page.evaluate(WITHOUT_SYNC)
    note = page.locator("[data-note]")
    expect(note).to_contain_text(f"Проверьте дату на телефоне: {(today + TEN_YEARS):%d.%m.%Y}?")
    expect(note).to_contain_text("Записи целы")
    walk.open_family(phone, "Рябинкины")
    walk.begin_visit(phone)
    expect(note).to_contain_text("Проверьте дату на телефоне")
    walk.meet(phone)
    page.locator("[name=on]").fill(f"{today:%Y-%m-%d}")
    walk.finish(phone)

    wait_until(phone, lambda: states(phone) == ["on_server"], 40)
    with server.app() as app, app.app_context():
        said = db.session.scalars(select(Enrolment)).one().phone_state
    assert abs(said["skew"] - TEN_YEARS.total_seconds()) < timedelta(hours=1).total_seconds()
    page.clock.set_system_time(datetime.now(UTC))
    phone.go("/today")
    expect(phone.heading).to_have_text("Сегодня")
    expect(note).to_have_count(0)


def test_in_another_zone_the_visit_bears_the_day_of_that_place(walker: Phone) -> None:
    walker.cdp.send("Emulation.setTimezoneOverride", {"timezoneId": FURTHEST_EAST})
    walker.go("/today")
    walk.open_family(walker, "Чижовы")
    walk.begin_visit(walker)
    walk.step(walker, "meeting")

    expect(walker.page.locator("[name=on]")).to_have_value(walker.page.evaluate(LOCAL_DAY))
    expect(walker.page.locator("[data-note]")).to_have_count(0)
    walker.cdp.send("Emulation.setTimezoneOverride", {"timezoneId": ""})
