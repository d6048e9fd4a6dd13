"""A visit is planned on the phone by tapping a day; without a network the days are read, a tap says what it needs."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.visits.planning_models import PlannedVisit
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer

SURNAME = "Снегирёвы"


def family(server: LiveServer, surname: str = SURNAME) -> str:
    with server.app() as app, app.app_context():
        return str(db.session.scalars(select(Family.id).where(Family.surname == surname)).one())


def standing(server: LiveServer) -> list[str]:
    with server.app() as app, app.app_context():
        rows = select(PlannedVisit).where(PlannedVisit.ended_at.is_(None))
        return [row.on.isoformat() for row in db.session.scalars(rows)]


def test_a_day_is_tapped_taken_back_and_read_without_a_network(walker: Phone, server: LiveServer) -> None:
    walker.go(f"/families/{family(server)}/plan")
    plan = walker.page.locator("#plan")
    days = plan.locator("label:has(input[name=on])")
    chosen = days.nth(2).locator("input").get_attribute("value")
    days.nth(2).click()
    plan.get_by_role("button", name="Запланировать").click()

    expect(plan.get_by_role("button", name="Вернуть как было")).to_be_visible()
    assert chosen in standing(server)

    walker.page.locator("#app .bar a[href='/today']").click()
    walk.take_kit(walker)
    walker.go_offline()
    walker.page.locator(f"#app main a[href='/plan#day-{chosen}']").click()
    expect(walker.heading).to_have_text("Дни и дорога")
    expect(walker.page.locator(f"#day-{chosen}")).to_be_focused()
    expect(walker.page.locator(f"#day-{chosen}")).to_be_in_viewport()
    expect(walker.page.locator("#app main")).to_contain_text(SURNAME)
    expect(walker.page.locator("#app main a[href^='geo:']").first).to_be_visible()
    walker.go_online()


def test_a_tap_without_a_network_says_so_and_keeps_what_was_chosen(walker: Phone, server: LiveServer) -> None:
    walker.go(f"/families/{family(server, 'Кедровы')}/plan")
    before = standing(server)
    plan = walker.page.locator("#plan")
    walker.go_offline()
    day = plan.locator("label:has(input[name=on])").nth(3)
    day.click()
    plan.get_by_role("button", name="Запланировать").click()

    expect(walker.page.locator("#app .note").first).to_contain_text("Нужна связь: день посещения")
    expect(day.locator("input")).to_be_checked()
    assert standing(server) == before
    walker.go_online()
