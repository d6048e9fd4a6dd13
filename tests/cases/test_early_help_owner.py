"""Intake names who carries early help, and another one later: whoever left it does not see the family any more."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from curator_app.auth.models import OFFICE, Person, Role, Territory
from curator_app.cases.opening import Opening, open_early_help
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Assignment, Event, Subject
from tests.support.cases import read, take
from tests.support.days import demo_day
from tests.support.people import sign_in
from tests.support.story_world import World, settle_world

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

FIRST, SECOND, INTAKE = "Помощников", "Педагогова", "Окошкин"


@pytest.fixture
def world(app: Flask) -> World:
    """A district where early help began in nobody's hands, as after a case whose level sank, and two may carry it."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        made = settle_world(db.session(), "novosibirsk_2022", "Asia/Novosibirsk")
        family = Family(surname="Тихомирные", territory=db.session.get_one(Territory, made.territory_id), level="low")
        first = db.session.get_one(Person, made.people[FIRST])
        second = Person(name=f"{SECOND} Ирина Ивановна")
        school, since = first.roles[0].organisation, demo_day() - timedelta(days=20)
        second.roles.append(Role(organisation=school, role="early_help_owner", since_on=since))
        db.session.add_all([family, second])
        db.session.flush()
        made.people[SECOND] = second.id
        open_early_help(db.session(), family, Opening(on=since, decided={"level": "low"}))
        db.session.commit()
    return made


def desk(app: Flask, world: World, surname: str) -> FlaskClient:
    """Sign somebody in at a desk."""
    with app.app_context():
        person = db.session.get_one(Person, world.people[surname])
        db.session.expunge(person)
    return sign_in(app, person, OFFICE)


def early_help(app: Flask) -> Subject:
    """Return the family's early help."""
    with app.app_context():
        found = db.session.scalars(select(Subject).where(Subject.kind == "early_help")).one()
        db.session.expunge(found)
        return found


def test_intake_names_the_owner_and_another_one_later(app: Flask, world: World) -> None:
    subject, intake = early_help(app), desk(app, world, INTAKE)
    first, second, today = desk(app, world, FIRST), desk(app, world, SECOND), demo_day()
    page = f"/cases/{subject.id}"
    assert "Пока никто" in read(intake, page).text
    assert read(first, page).status_code == 404

    assert (
        take(intake, subject, "owner_named", on=today - timedelta(days=9), person=world.people[FIRST]).status_code
        == 303
    )
    assert read(first, page).status_code == 200
    assert re.search(FIRST, read(intake, page).text)

    replaced = take(intake, subject, "owner_named", on=today, person=world.people[SECOND], reason="Ушёл из школы")

    assert replaced.status_code == 303
    assert read(first, page).status_code == 404, "whoever left it"
    assert read(second, page).status_code == 200
    assert take(second, subject, "consent_given", on=today, who="Мама", how="in_words").status_code == 303
    with app.app_context():
        rows = db.session.scalars(select(Assignment).where(Assignment.subject_id == subject.id))
        terms = {row.person_id: (row.since_on, row.until_on) for row in rows}
        events = db.session.scalars(select(Event).where(Event.type == "owner_named").order_by(Event.no)).all()
        told = [(one.data["person"], one.data.get("before")) for one in events]
    a, b = world.people[FIRST], world.people[SECOND]
    assert terms == {a: (today - timedelta(days=9), today - timedelta(days=1)), b: (today, None)}
    assert told == [(str(a), None), (str(b), str(a))]


def test_the_owner_names_nobody_and_the_same_one_is_not_named_twice(app: Flask, world: World) -> None:
    subject, intake, owner = early_help(app), desk(app, world, INTAKE), desk(app, world, FIRST)
    take(intake, subject, "owner_named", on=demo_day(), person=world.people[FIRST])

    twice = take(intake, subject, "owner_named", on=demo_day(), person=world.people[FIRST])
    before = take(intake, subject, "owner_named", on=demo_day() - timedelta(days=1), person=world.people[SECOND])
    stranger = take(intake, subject, "owner_named", on=demo_day(), person=world.people[INTAKE])
    own = take(owner, subject, "owner_named", on=demo_day(), person=world.people[SECOND])

    assert "уже ведёт эту раннюю помощь" in twice.text
    assert "раньше этого дня сменить нельзя" in before.text
    assert {one.status_code for one in (twice, before, stranger, own)} == {422}
    with app.app_context():
        held = db.session.scalars(select(Assignment).where(Assignment.subject_id == subject.id)).one()
        assert uuid.UUID(str(held.person_id)) == world.people[FIRST]
