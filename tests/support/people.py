"""Named people for tests, from the demonstration: what each may see is the point of them.

Vera Tumanova is curator of the Ryabinkins and others in Nebyvaly district. Igor Polevoy is curator in
another territory: a stranger to Vera's families. Darya Osokina heads Vera's organisation. Anna Adminova
looks after accounts and sees no family at all.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from curator_app.auth.models import FIELD, OFFICE, Enrolment, Person, Role, SignIn
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Assignment, Subject
from tests.support.days import demo_day
from tests.support.demonstration import install_demonstration

ORIGIN = "https://localhost"


@dataclass(frozen=True)
class People:
    """Ids of the people and of one family of each curator."""

    vera: Person
    igor: Person
    darya: Person
    anna: Person
    ryabinkiny: Family
    podorozhnikovy: Family


def settle(app: Flask) -> People:
    """Install the demonstration into the app's empty database, with an administrator beside it."""
    with app.app_context():
        install_demonstration(db.session())
        anna = Person(name="Админова Анна Ивановна", post="администратор")
        db.session.add(anna)
        db.session.flush()
        head = db.session.scalars(select(Role).where(Role.role == "head")).one()
        db.session.add(
            Role(
                person_id=anna.id,
                organisation_id=head.organisation_id,
                role="administrator",
                since_on=date(2020, 1, 1),
            )
        )
        db.session.commit()
        people = People(
            vera=_person("Туманова"),
            igor=_person("Полевой"),
            darya=_person("Осокина"),
            anna=anna,
            ryabinkiny=_family("Рябинкины"),
            podorozhnikovy=_family("Подорожниковы"),
        )
        for thing in vars(people).values():
            db.session.refresh(thing)
            db.session.expunge(thing)
        return people


def enrol(app: Flask, person: Person, kind: str = FIELD, signing_key: bytes | None = None) -> Enrolment:
    """Give a person a browser, as if the ceremony had been gone through."""
    with app.app_context():
        enrolment = Enrolment(person_id=person.id, short=secrets.token_hex(4), kind=kind, signing_key=signing_key)
        db.session.add(enrolment)
        db.session.commit()
        db.session.refresh(enrolment)
        db.session.expunge(enrolment)
        return enrolment


def sign_in(app: Flask, person: Person, kind: str = OFFICE, enrolment: Enrolment | None = None) -> FlaskClient:
    """Return a client that carries a live session of the person."""
    enrolment = enrolment or enrol(app, person, kind)
    client = app.test_client()
    with app.app_context():
        row = SignIn(person_id=person.id, enrolment_id=enrolment.id, last_seen_at=now())
        db.session.add(row)
        db.session.commit()
        key = row.get_id()
    with client.session_transaction(base_url=ORIGIN) as session:
        session["_user_id"] = key
        session["_fresh"] = True
    return client


def join_case(app: Flask, family: Family, person: Person, role: str, until: date | None = None) -> None:
    """Assign somebody to a family's case from their own organisation, since a month ago."""
    with app.app_context():
        subject = db.session.scalars(select(Subject).where(Subject.family_id == family.id)).one()
        db.session.add(
            Assignment(
                subject_id=subject.id,
                person_id=person.id,
                organisation_id=db.session.get_one(Person, person.id).roles[0].organisation_id,
                role=role,
                since_on=demo_day() - timedelta(days=30),
                until_on=until,
            )
        )
        db.session.commit()


def _person(surname: str) -> Person:
    return db.session.scalars(select(Person).where(Person.name.startswith(surname))).one()


def _family(surname: str) -> Family:
    return db.session.scalars(select(Family).where(Family.surname == surname)).one()
