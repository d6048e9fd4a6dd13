"""A visit is planned on the phone by tapping a day, with or without a network; the days ahead are read likewise."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Locator, expect
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.visits.planning_models import PlannedVisit
from tests.e2e.outbox import rows, wait_until
from tests.support import walk
from tests.support.browser import Phone
from tests.support.days import demo_day
from tests.support.server import LiveServer

SURNAME, OTHER = "Снегирёвы", "Рябинкины"


def family(server: LiveServer, surname: str = SURNAME) -> str:
    with server.app() as app, app.app_context():
        return str(db.session.scalars(select(Family.id).where(Family.surname == surname)).one())


def standing(server: LiveServer) -> list[str]:
    with server.app() as app, app.app_context():
        rows = select(PlannedVisit).where(PlannedVisit.ended_at.is_(None))
        return [row.on.isoformat() for row in db.session.scalars(rows)]


def tap(phone: Phone, ahead: int) -> tuple[Locator, str]:
    """Tap a day so many chips ahead; return its chip and its date."""
    chip = phone.page.locator("#plan-form [data-days] label").nth(ahead)
    chip.click()
    return chip, chip.locator("input").get_attribute("value") or ""


def test_a_day_is_tapped_and_the_days_are_read_without_a_network(walker: Phone, server: LiveServer) -> None:
    page = walker.page
    walker.go(f"/families/{family(server)}/plan")
    _chip, chosen = tap(walker, 2)
    page.locator("[data-finish]").click()
    expect(walker.heading).to_have_text("Готово, запечатано")
    wait_until(walker, lambda: chosen in standing(server))

    page.locator("#app a[href='/today']").first.click()
    walk.take_kit(walker)
    walker.go_offline()
    page.locator(f"#app main a[href='/plan#day-{chosen}']").click()
    expect(walker.heading).to_have_text("Дни и дорога")
    expect(page.locator(f"#day-{chosen}")).to_be_focused()
    expect(page.locator(f"#day-{chosen}")).to_be_in_viewport()
    expect(page.locator("#app main")).to_contain_text(SURNAME)
    expect(page.locator("#app main a[href^='geo:']").first).to_be_visible()
    walker.go_online()


def test_without_a_network_a_day_is_planned_said_on_the_day_and_stands_at_the_office_later(
    walker: Phone, server: LiveServer
) -> None:
    page = walker.page
    walk.take_kit(walker)
    walker.go_offline()
    walk.open_family(walker, "Кедровы")
    page.locator("#app main a[href$='/plan']").first.click()
    page.locator("[data-finish]").click()
    expect(page.locator("#plan-form [data-error-for=on]")).to_contain_text("день")
    page.locator("#plan-form label", has_text="Другой день").click()
    page.locator("[data-finish]").click()
    expect(page.locator("#plan-form [data-error-for=other_on]")).to_contain_text("день")
    chip, chosen = tap(walker, 3)
    page.locator("#plan-form [name=time]").fill("16:20")
    expect(chip.locator("input")).to_be_checked()
    page.locator("[data-finish]").click()
    expect(walker.heading).to_have_text("Готово, запечатано")
    assert [row["kind"] for row in rows(walker)] == ["plan"]

    page.locator("#app a[href='/today']").first.click()
    expect(page.locator("[data-planned-slot] .note")).to_contain_text("Кедровы")
    expect(page.locator("[data-planned-slot] .note")).to_contain_text("16:20")
    assert chosen not in standing(server)

    page.locator("#app .bar a[href='/families']").click()
    walk.open_family(walker, "Кедровы")
    page.locator("#app main a[href$='/plan']").first.click()
    expect(page.locator("#plan-form label", has_text="Пока без дня")).to_be_visible()
    tap(walker, 5)
    page.locator("[data-finish]").click()
    expect(page.locator("#plan-form [data-error-for=reason]")).to_contain_text("почему")
    tap(walker, 3)
    page.locator("#plan-form .moves label", has_text="Семья попросила").click()
    page.locator("[data-finish]").click()
    expect(walker.heading).to_have_text("Готово, запечатано")
    page.locator("#app a[href='/today']").first.click()

    walker.go_online()
    wait_until(walker, lambda: chosen in standing(server))
    expect(page.locator("[data-planned-slot] .note")).to_contain_text("На сервере")


def test_a_day_that_stands_is_moved_with_its_reason_and_taken_up_where_it_was_left(
    walker: Phone, server: LiveServer
) -> None:
    page, later = walker.page, (demo_day() + timedelta(days=40)).isoformat()
    walker.go(f"/families/{family(server, OTHER)}/plan")
    _chip, first = tap(walker, 4)
    page.locator("[data-finish]").click()
    expect(walker.heading).to_have_text("Готово, запечатано")
    wait_until(walker, lambda: first in standing(server))
    walker.go(f"/families/{family(server, OTHER)}/plan")
    page.locator("#plan-form label", has_text="Другой день").click()
    page.locator("#plan-form [name=other_on]").fill(later)
    expect(page.locator("[data-saved-line]")).not_to_be_empty()

    walker.go("/outbox")
    expect(page.locator("[data-outbox-page]")).to_be_visible()
    expect(page.locator("[data-outbox-list=open] li")).to_have_count(0)
    walker.go(f"/families/{family(server, OTHER)}/plan")
    expect(page.locator("#plan-form [name=other_on]")).to_have_value(later)
    page.locator("#plan-form [name=other_on]").fill((demo_day() - timedelta(days=300)).isoformat())
    page.locator("[data-finish]").click()
    expect(page.locator("#plan-form [data-error-for=other_on]")).to_contain_text("ближайшие два месяца")
    page.locator("#plan-form [name=other_on]").fill(later)
    page.locator("[data-finish]").click()
    expect(page.locator("#plan-form [data-error-for=reason]")).to_contain_text("почему")
    page.locator("#plan-form label", has_text="Бездорожье").click()
    page.locator("[data-finish]").click()
    expect(walker.heading).to_have_text("Готово, запечатано")
    wait_until(walker, lambda: later in standing(server))
