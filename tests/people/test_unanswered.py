"""An administrator is told where people go to families and nobody would answer their call for help."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.auth.models import Organisation, Person, Role
from curator_app.extensions import db
from curator_app.urgent.models import DUTY_ROLES
from tests.support.days import demo_day
from tests.support.people import ORIGIN, People, settle, sign_in

pytestmark = pytest.mark.pages
WORDS = "некому ответить"


@pytest.fixture
def people(app: Flask) -> People:
    return settle(app)


def said(app: Flask, person: Person, path: str) -> str:
    """Return the note on a page of that person, "" where none stands."""
    page = sign_in(app, person).get(path, base_url=ORIGIN).text
    _before, found, rest = page.partition(WORDS)
    return rest.partition("</section>")[0] if found else ""


def end_duty(app: Flask, person: Person) -> str:
    """Let nobody head or keep duty where a person works since yesterday; return the organisation's name."""
    with app.app_context():
        place = db.session.get_one(Person, person.id).roles[0].organisation_id
        rows = select(Role).where(Role.organisation_id == place, Role.role.in_(DUTY_ROLES))
        for row in db.session.scalars(rows):
            row.until_on = demo_day() - timedelta(days=1)
        db.session.commit()
        return db.session.get_one(Organisation, place).name


@pytest.mark.on_both
def test_it_stands_on_her_day_and_on_the_list_of_people_until_somebody_has_the_duty(app: Flask, people: People) -> None:
    alone = said(app, people.anna, "/today")
    name = end_duty(app, people.vera)
    assert name not in alone

    assert name in said(app, people.anna, "/today")
    assert name in said(app, people.anna, "/people")
    with app.app_context():
        place = db.session.get_one(Person, people.vera.id).roles[0].organisation_id
        about = {"organisation_id": place, "role": "duty", "since_on": demo_day()}
        db.session.add(Role(person_id=people.igor.id, **about))
        db.session.commit()
    assert said(app, people.anna, "/today") == alone


def test_nobody_else_is_told(app: Flask, people: People) -> None:
    end_duty(app, people.vera)

    assert said(app, people.vera, "/today") == ""
