"""What tests of cases share: the subject of a family, steps by their form, and people with an office in a territory."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from curator_app.auth.models import Organisation, Person, Role
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Event, Subject
from tests.support.people import ORIGIN

HTMX = {"HX-Request": "true"}


def subject_of(app: Flask, family: Family, kind: str = "case") -> Subject:
    """Return the one subject of that kind that the family has."""
    with app.app_context():
        query = select(Subject).where(Subject.family_id == family.id, Subject.kind == kind)
        found = db.session.scalars(query).one()
        db.session.expunge(found)
        return found


def office_worker(app: Flask, name: str, role: str, family: Family) -> Person:
    """Make somebody who holds an office in the family's territory, in an organisation of their own."""
    with app.app_context():
        kind = "commission" if role.startswith("commission") else "office"
        place = Organisation(name=f"Место: {name}", kind=kind, territory_id=family.territory_id)
        person = Person(name=name)
        db.session.add_all([place, person])
        db.session.flush()
        held = Role(person_id=person.id, organisation_id=place.id, role=role, since_on=date(2020, 1, 1))
        db.session.add(held)
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge(person)
        return person


def read(client: FlaskClient, path: str) -> TestResponse:
    """Ask for a page as htmx does."""
    return client.get(path, headers=HTMX, base_url=ORIGIN)


def take(client: FlaskClient, subject: Subject, event: str, **answers: Any) -> TestResponse:
    """Post a step's form, as the page does; CSRF is switched off by whoever calls."""
    path = f"/subjects/{subject.id}/steps/{event}"
    return client.post(path, data={name: str(value) for name, value in answers.items()}, headers=HTMX, base_url=ORIGIN)


def events_of(app: Flask, subject: Subject, event_type: str) -> list[Event]:
    """Return a subject's events of a type in the order in which they were recorded."""
    with app.app_context():
        query = select(Event).where(Event.subject_id == subject.id, Event.type == event_type).order_by(Event.no)
        found = list(db.session.scalars(query))
        db.session.expunge_all()
        return found
