"""What protects a child and the emergency of an alarm at a desk, under axe, by thumb and with large text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.auth.models import Person
from curator_app.cases.safety_models import MeasureCheck, SafetyMeasure, SafetyPlan
from curator_app.clock import now
from curator_app.database import uuid7
from curator_app.extensions import db
from curator_app.families.models import Family, FamilyMember
from curator_app.subjects.models import Subject
from curator_app.urgent.models import Alarm
from tests.e2e.accessibility import Inspect
from tests.support.browser import Phone
from tests.support.days import demo_day
from tests.support.server import LiveServer


def protected(server: LiveServer) -> tuple[str, str, str]:
    """Write first measures of which one does not hold, and an alarm; return case, plan and alarm."""
    with server.app() as app, app.app_context():
        family = db.session.scalars(select(Family).where(Family.surname == "Рябинкины")).one()
        case = db.session.scalars(select(Subject).where(Subject.family_id == family.id, Subject.kind == "case")).one()
        child = db.session.scalars(select(FamilyMember).where(FamilyMember.family_id == family.id)).all()[-1]
        vera = db.session.scalars(select(Person).where(Person.name.startswith("Туманова"))).one()
        words = {"place": "relatives", "place_words": "у бабушки по маме", "place_address": "ул. Лесная, 3"}
        plan = SafetyPlan(subject_id=case.id, kind="first_measures", child_id=child.id, author_id=vera.id, **words)
        plan.set_on, plan.with_whom, plan.child_knows = demo_day(), "бабушка", "Звонит бабушке"
        row = {"threat": "Дети одни вечером", "who": "бабушка", "until_on": demo_day() + timedelta(days=9)}
        waits = SafetyMeasure(measure="Вечером с детьми бабушка", **row)
        waits.checks.append(MeasureCheck(state="broken", fact="Уехала", on=demo_day(), author_id=vera.id))
        plan.measures.append(waits)
        said = {"family_id": family.id, "subject_id": case.id, "author_id": vera.id, "need": "need_adult_for_child"}
        moments = {"raised_at": now(), "received_at": now()}
        alarm = Alarm(id=uuid7(), organisation_id=vera.roles[0].organisation_id, **said, **moments)
        db.session.add_all([plan, alarm])
        db.session.commit()
        return str(case.id), str(plan.id), str(alarm.id)


def test_the_pages_of_safety_and_of_an_emergency(
    make_phone: Callable[..., Phone], server: LiveServer, inspect: Inspect
) -> None:
    case, plan, alarm = protected(server)
    desk = make_phone()
    desk.enrol_office(server.link("Осокина", "office"))
    inspector = inspect(desk)
    home = f"/subjects/{case}/safety"
    pages = {
        "safety": home,
        "safety-new": f"{home}/new?kind=safety_plan&from={plan}",
        "safety-end": f"{home}/{plan}/end",
        "emergency": f"/duty/alarms/{alarm}",
    }

    for name, path in pages.items():
        desk.page.goto(desk.origin + path)
        expect(desk.heading).to_be_visible()
        desk.page.evaluate("document.querySelectorAll('#app details').forEach((fold) => { fold.open = true; })")
        inspector.look(name, themes=True)
