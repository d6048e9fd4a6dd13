"""Where the children are, what is owed and the measures set in the home: on a phone, under axe, by thumb."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.auth.models import Person
from curator_app.cases.placement_models import ContactSchedule, CourtDate, Placement
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Subject
from curator_app.subjects.service import record_event
from tests.e2e.accessibility import Inspect
from tests.support import walk
from tests.support.browser import Phone
from tests.support.days import demo_day
from tests.support.server import LiveServer

DAY = timedelta(days=1)


def placed(server: LiveServer) -> None:
    """Let a child of the Ryabinkins live with a guardian whose address is hidden, with a court day and meetings."""
    with server.app() as app, app.app_context():
        family = db.session.scalars(select(Family).where(Family.surname == "Рябинкины")).one()
        case = db.session.scalars(select(Subject).where(Subject.family_id == family.id, Subject.kind == "case")).one()
        vera = db.session.scalars(select(Person).where(Person.name.startswith("Туманова"))).one()
        told = {"subject_id": case.id, "family_id": family.id, "author_id": vera.id}
        lives = {"kind": "guardian", "named": "Тайникова Зоя", "address": "ул. Лесная, 3", "is_hidden": True}
        meets = {"member_id": family.children[0].id, "with_id": family.adults[0].id, "every_days": 7}
        court = {"about": "limiting", "time": "14:30", "court": "Районный суд"}
        db.session.add_all(
            [
                Placement(**told, **lives, member_id=family.children[0].id, since_on=demo_day()),
                CourtDate(**told, **court, on=demo_day() + 9 * DAY),
                ContactSchedule(**told, **meets, since_on=demo_day(), place="Центр «Берег»"),
            ]
        )
        record_event(case, "resolution_received", on=demo_day())
        db.session.commit()


def test_the_dossier_of_a_placed_child_and_the_form_of_measures(
    walker: Phone, server: LiveServer, inspect: Inspect
) -> None:
    placed(server)
    page = walker.page
    walk.open_family(walker, "Рябинкины")
    expect(page.locator("#app main")).to_contain_text("Районный суд")
    for folded in page.locator("#app main details").all():
        folded.locator("summary").first.click()
    inspector = inspect(walker)
    inspector.look("dossier of a placed child", themes=True)

    page.locator("#app main a", has_text="Меры безопасности").click()
    expect(page.locator("#measure-form")).to_be_visible()
    page.locator("[data-finish]").click()
    expect(page.locator("[data-error-for=child]")).to_be_visible()
    inspector.look("form of measures with what is missing", themes=True)
