"""How a visit ends, at every width: the check, the text read together, the leaflet; records and papers."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.auth.models import OFFICE
from curator_app.extensions import db
from curator_app.visits.models import Visit
from tests.e2e.accessibility import Inspect
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer
from tests.sync.live import family_at


def test_the_end_of_a_visit_on_a_phone(walker: Phone, inspect: Inspect) -> None:
    page = walker.page
    walk.open_family(walker, "Рябинкины")
    walk.begin_visit(walker)
    walk.meet(walker)
    section = walk.step(walker, walk.SECTION)
    section.get_by_text("Дома тепло", exact=True).click()
    section.get_by_text("Долг за свет", exact=True).click()
    page.locator(walk.FACT).fill("В доме бардак, мама пьяная. " + "длинноесловобезпробелов" * 3)
    walk.step(walker, "check")
    page.locator(".family-view > summary").click()
    expect(page.locator("[data-wording-list] > li")).to_have_count(2)
    inspector = inspect(walker)
    inspector.look("check whole", themes=True)
    walk.step(walker, "acquaint")
    page.locator("[data-acquaint-options] .chip", has_text="Отметка на экране").click()
    expect(page.locator("canvas.mark")).to_be_visible()
    inspector.look("read together", themes=True)
    walk.step(walker, "check")
    walk.step(walker, "leaflet")
    inspector.look("leaflet", themes=True)
    page.locator("[data-step=leaflet] [data-go-step=check]").click()
    page.locator("[data-finish]:visible").click()
    expect(walker.heading).to_have_text("Готово, запечатано")
    page.locator("a[href='/outbox']:visible").first.click()
    expect(page.locator("[data-amend]").first).to_be_visible()
    inspector.look("outbox to amend")


def test_records_and_papers_at_the_office(
    make_phone: Callable[..., Phone], server: LiveServer, inspect: Inspect
) -> None:
    desk = make_phone()
    desk.enrol_office(server.link("Туманова", OFFICE))
    family = family_at(server)
    with server.app() as app, app.app_context():
        visit = db.session.scalars(
            select(Visit.id).where(Visit.family_id == uuid.UUID(family), Visit.outcome == "visit")
        ).first()
    inspector = inspect(desk)
    for name, path in {
        "office record": f"/visits/{visit}",
        "office leaflet": f"/visits/{visit}/leaflet",
        "office correction": f"/visits/{visit}/edit",
        "office paper": f"/families/{family}/visit?paper=1",
        "office blank": "/visit-blank",
        "office more": "/more",
    }.items():
        desk.page.goto(f"{server.url}{path}")
        expect(desk.heading).to_be_visible()
        inspector.look(name, themes=name == "office leaflet")
