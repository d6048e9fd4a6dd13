"""An intake officer, a specialist and the demonstration's people, for everything about signals."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.auth.models import OFFICE, Enrolment, Organisation, Person, Role, SignIn, Territory
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.intake.models import NOTICE
from curator_app.intake.service import Child, Teller, Told
from tests.support.days import demo_day
from tests.support.people import People, settle

LONG_AGO = date(2020, 1, 1)


@dataclass(frozen=True)
class Office:
    """Who has to do with signals in Vera's district, and an intake officer of Igor's."""

    people: People
    intake: Person
    specialist: Person
    secretary: Person
    foreign_intake: Person
    territory: Territory


@pytest.fixture
def office(app: Flask) -> Office:
    """Settle the demonstration and put the office beside it; forms come without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    people = settle(app)
    with app.app_context():
        here, there = (db.session.get_one(Person, one.id).roles[0].organisation for one in (people.vera, people.igor))
        made = {
            "intake": _person("Приёмова Мария Олеговна", "intake_officer", here),
            "specialist": _person("Школьная Инна Петровна", "specialist", here),
            "secretary": _person("Секретарёва Нина Львовна", "commission_secretary", here),
            "foreign_intake": _person("Дальняя Ольга Ивановна", "intake_officer", there),
        }
        db.session.commit()
        territory = db.session.get_one(Territory, here.territory_id)
        for thing in (*made.values(), territory):
            db.session.refresh(thing)
            db.session.expunge(thing)
        return Office(people=people, territory=territory, **made)


@pytest.fixture
def session(app: Flask, office: Office) -> Iterator[Session]:
    """A session of the test's own, among those people."""
    assert office.territory.public_signals is False, "until somebody says so"
    with app.app_context():
        yield db.session()


def told(office: Office, **changes: object) -> Told:
    """Return a signal as a specialist tells it; `changes` say what is different."""
    said: dict[str, object] = {
        "territory_id": office.territory.id,
        "way": NOTICE,
        "source": "school",
        "facts": "Третий день приходит в тонкой куртке, на обед берёт добавку.",
        "known_on": demo_day(),
        "children": (Child("Лопухов Егор", "9 лет", "школа № 3, 3 «Б»"),),
        "adults": "Лопухова Н. И.",
        "address": "ул. Заречная, 14, кв. 2",
        "phone": "+7 913 000-11-22",
        "teller": Teller("Канарейкина Таисия", "+7 913 777-13-13", "соседка снизу"),
    }
    return Told(**{**said, **changes})  # type: ignore[arg-type]


def again(session: Session, person: Person) -> Person:
    """Return the person's row in this session."""
    return session.scalars(select(Person).where(Person.id == person.id)).one()


def session_of(session: Session, person: Person) -> SignIn:
    """Return a session of somebody at a desk."""
    enrolment = Enrolment(person_id=person.id, short=secrets.token_hex(4), kind=OFFICE)
    session.add(enrolment)
    session.flush()
    row = SignIn(person=again(session, person), enrolment=enrolment, last_seen_at=now())
    session.add(row)
    session.flush()
    return row


def _person(name: str, role: str, organisation: Organisation) -> Person:
    person = Person(name=name, post="специалист")
    person.roles.append(Role(organisation=organisation, role=role, since_on=LONG_AGO))
    db.session.add(person)
    return person
