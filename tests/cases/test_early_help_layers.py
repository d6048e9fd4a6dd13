"""Early help is for who carries it and for intake: no head, no commission, no curator of others finds a trace of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.auth.models import OFFICE, Organisation, Person, Territory
from curator_app.cases.opening import Opening, open_early_help
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Subject
from curator_app.subjects.service import record_event
from tests.support.days import demo_day
from tests.support.people import ORIGIN, sign_in
from tests.support.story_world import PEOPLE, World, settle_world

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

SURNAME = "Тихомирные"
SHARED = "ЗадачиШколы"
OWNER, INTAKE = "Помощников", "Окошкин"
LISTS = ("/today", "/families", "/cases", "/visits", "/more", "/requests", "/signals")
OTHERS = [surname for surname, _place, _offices in PEOPLE if surname not in {OWNER, INTAKE}]


@pytest.fixture
def world(app: Flask) -> World:
    """A district whose school helps a family by a plan of its own."""
    with app.app_context():
        made = settle_world(db.session(), "novosibirsk_2022", "Asia/Novosibirsk")
        family = Family(surname=SURNAME, territory=db.session.get_one(Territory, made.territory_id), level="low")
        db.session.add(family)
        db.session.flush()
        owner = db.session.get_one(Person, made.people[OWNER])
        school = db.session.scalars(select(Organisation).where(Organisation.kind == "school")).one()
        since = demo_day() - timedelta(days=20)
        subject = open_early_help(db.session(), family, Opening(on=since, decided={"level": "low"}), owner, school)
        record_event(subject, "consent_given", on=since, data={"who": "Мама"}, author=owner)
        record_event(subject, "early_help_plan_made", on=since, data={"measures": SHARED}, author=owner)
        db.session.commit()
    return made


def seen_by(app: Flask, world: World, surname: str) -> dict[str, tuple[int, str]]:
    """Open the lists, the family and its early help as somebody at a desk."""
    with app.app_context():
        person = db.session.get_one(Person, world.people[surname])
        subject = db.session.scalars(select(Subject).where(Subject.kind == "early_help")).one()
        own = [f"/cases/{subject.id}", f"/families/{subject.family_id}", f"/subjects/{subject.id}/steps/consent_given"]
        db.session.expunge(person)
    client, found = sign_in(app, person, OFFICE), {}
    for path in [*LISTS, *own]:
        answer = client.get(path, base_url=ORIGIN)
        found[path] = (answer.status_code, answer.text)
    return found


@pytest.mark.parametrize("surname", OTHERS)
def test_nobody_else_finds_a_trace_of_it(app: Flask, world: World, surname: str) -> None:
    seen = seen_by(app, world, surname)

    assert [path for path, (_status, text) in seen.items() if SURNAME in text or SHARED in text] == []
    assert {status for path, (status, _text) in seen.items() if path not in LISTS} == {404}


def test_its_owner_opens_it_with_its_plan(app: Flask, world: World) -> None:
    seen = seen_by(app, world, OWNER)

    page = next(text for path, (_status, text) in seen.items() if path.startswith("/cases/"))
    assert SURNAME in page
    assert SHARED in page


def test_intake_opens_it_without_what_only_its_owner_reads(app: Flask, world: World) -> None:
    seen = seen_by(app, world, INTAKE)

    page = next(text for path, (_status, text) in seen.items() if path.startswith("/cases/"))
    assert SURNAME in page
    assert SHARED not in page
