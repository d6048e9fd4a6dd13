"""A curator, her head and a case under a clock that the test moves; what was said is read from the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import select

from curator_app.auth.models import Organisation, Person, Role, Territory
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.reminders import jobs
from curator_app.reminders.models import Parcel, Reminder
from curator_app.subjects.models import Assignment, Event, Subject
from curator_app.subjects.service import record_event
from tests.support.moved_clock import MovedClock

ZONE = "Asia/Novosibirsk"
BEGAN = date(2026, 10, 30)
"""A Friday: the first visit is due on Monday, 30 November."""


@dataclass
class World:
    """Everything a test of reminders needs, in its session."""

    clock: MovedClock
    territory: Territory
    curator: Person
    head: Person
    subject: Subject

    def at(self, on: date, hour: int = 10, minute: int = 0) -> None:
        """Let it be that hour in the district, and let the sweep look."""
        self.clock.move(on, self.territory.zone, time(hour, minute))
        jobs.look_at_duties()

    def happened(self, what: str, on: date, **data: Any) -> Event:
        """Write down that something happened in the case."""
        event = record_event(self.subject, what, on=on, data=data)
        db.session.commit()
        return event

    def said(self, person: Person | None = None) -> list[str]:
        """Return what was said to somebody of the visit, the curator unless named: «kind step», in order."""
        whose = (person or self.curator).id
        rows = db.session.scalars(select(Reminder).where(Reminder.person_id == whose).order_by(Reminder.id))
        return [
            f"{row.kind} {row.step.partition('@')[0]}" for row in rows if row.duty and row.duty.rule == "home_visit"
        ]

    def assignments(self) -> list[Assignment]:
        """Return who carries the case."""
        return list(db.session.scalars(select(Assignment).where(Assignment.subject_id == self.subject.id)))

    def parcels(self, person: Person | None = None) -> list[Parcel]:
        """Return what is or was on its way to somebody."""
        whose = (person or self.curator).id
        return list(db.session.scalars(select(Parcel).where(Parcel.person_id == whose).order_by(Parcel.id)))


def make_world(clock: MovedClock, zone: str = ZONE, procedure: str = "kochki_2020", began: date = BEGAN) -> World:
    """Put a district with a curator, a head and a case into the session's database."""
    territory = Territory(name="Выдуманный район", zone=zone, procedure=procedure)
    place = Organisation(name="Центр помощи", kind="social_service", territory=territory)
    curator, head = Person(name="Кураторова Анна Олеговна"), Person(name="Главная Вера Ильинична")
    family = Family(territory=territory, surname="Выдумкины", address="ул. Примерная, 1")
    subject = Subject(kind="case", territory=territory, procedure=f"{procedure}@1")
    db.session.add_all([territory, place, curator, head, family, subject])
    db.session.flush()
    subject.family_id = family.id
    since = date(2020, 1, 1)
    for person, role in ((curator, "case_curator"), (head, "head")):
        db.session.add(Role(person_id=person.id, organisation_id=place.id, role=role, since_on=since))
    held = {"person_id": curator.id, "organisation_id": place.id, "role": "case_curator", "since_on": began}
    db.session.add(Assignment(subject_id=subject.id, **held))
    world = World(clock, territory, curator, head, subject)
    world.happened("registered", began)
    return world
