"""Who stands in for a curator, from which day to which.

The last day over, the families go back by themselves: an assignment outside its dates opens nothing
(subjects/models.py), so nothing has to run at midnight.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from curator_app.audit.service import record
from curator_app.auth.models import Person, Role, SignIn
from curator_app.errors import Refused
from curator_app.subjects.models import Assignment, Subject
from curator_app.subjects.service import record_event

CURATOR = "case_curator"
SUBSTITUTE = "substitute"


@dataclass(frozen=True)
class Days:
    """From which day to which, both counted, and the day on which it was said."""

    since: date
    until: date
    today: date


@dataclass(frozen=True)
class StandIn:
    """One person in the place of another for some days, and for how many families."""

    person: Person
    since_on: date
    until_on: date
    families: int

    def holds(self, on: date) -> bool:
        """Tell whether it is in force on that day; the last day counts."""
        return self.since_on <= on <= self.until_on


def families_of(session: Session, curator: Person, head: Person, on: date) -> list[Assignment]:
    """Return the assignments of a curator that lie in the hands of the organisations that the head leads."""
    query = (
        select(Assignment)
        .join(Assignment.subject)
        .where(
            Assignment.person_id == curator.id,
            Assignment.role == CURATOR,
            Assignment.organisation_id.in_(Role.ids_led_by(head, on)),
            Assignment.until_on.is_(None) | (Assignment.until_on >= on),
            Subject.closed_on.is_(None),
        )
    )
    return list(session.scalars(query.options(joinedload(Assignment.subject)).order_by(Assignment.id)))


def candidates(session: Session, curator: Person, head: Person, on: date) -> list[Person]:
    """Return who may stand in: curators of the organisations that the head leads, but the one who is away."""
    curators = select(Role.person_id).where(
        Role.organisation_id.in_(Role.ids_led_by(head, on)), Role.role == CURATOR, Role.held_on(on)
    )
    query = select(Person).where(Person.id.in_(curators), Person.id != curator.id)
    return list(session.scalars(query.order_by(Person.name)))


def stand_in(session: Session, curator: Person, person: Person, days: Days, by: SignIn) -> int:
    """Put somebody in a curator's place from one day to another, both counted; return for how many families.

    Raises Refused when there is nothing to stand in for.
    """
    since, until = days.since, days.until
    own = families_of(session, curator, by.person, days.today)
    taken = {one.subject_id for one in _rows(session, own, person) if one.since_on <= until and since <= _last(one)}
    free = [one for one in own if one.subject_id not in taken]
    if not free:
        raise Refused(fields={"person": "nothing_to_take"})
    for one in free:
        session.add(
            Assignment(
                subject_id=one.subject_id,
                person_id=person.id,
                organisation_id=one.organisation_id,
                role=SUBSTITUTE,
                since_on=since,
                until_on=until,
            )
        )
        data = {"person": str(person.id), "since": str(since), "until": str(until), "text": person.short_name}
        record_event(
            one.subject, "substitute_named", on=days.today, data=data, author=by.person, enrolment=by.enrolment
        )
    _note(
        session, "substitute:set", by, curator.id, {"person": str(person.id), "since": str(since), "until": str(until)}
    )
    return len(free)


def stand_ins(session: Session, curator: Person, head: Person, on: date) -> list[StandIn]:
    """Return who stands in for a curator now or will, the nearest first."""
    found: dict[tuple[uuid.UUID, date, date], list[Assignment]] = {}
    for row in _rows(session, families_of(session, curator, head, on)):
        if row.until_on is not None and row.until_on >= max(on, row.since_on):
            found.setdefault((row.person_id, row.since_on, row.until_on), []).append(row)
    lines = [StandIn(rows[0].person, since, until, len(rows)) for (_, since, until), rows in found.items()]
    return sorted(lines, key=lambda line: (line.since_on, line.person.name))


def end(session: Session, curator: Person, line: tuple[uuid.UUID, date, date], by: SignIn, on: date) -> int:
    """Let a stand-in end before today; one that has not begun never does. Return for how many families."""
    person_id, since, until = line
    rows = [
        row
        for row in _rows(session, families_of(session, curator, by.person, on))
        if (row.person_id, row.since_on, row.until_on) == (person_id, since, until)
    ]
    for row in rows:
        # The days before stay: what was written in them was written by somebody who carried the case.
        row.until_on = max(on, since) - timedelta(days=1)
        data = {"person": str(person_id), "text": row.person.short_name}
        record_event(row.subject, "substitute_ended", on=on, data=data, author=by.person, enrolment=by.enrolment)
    if rows:
        _note(session, "substitute:ended", by, curator.id, {"person": str(person_id)})
    return len(rows)


def _rows(session: Session, own: list[Assignment], person: Person | None = None) -> list[Assignment]:
    """Return the stand-ins on the subjects of these assignments."""
    row = aliased(Assignment)
    query = select(row).where(row.role == SUBSTITUTE, row.subject_id.in_([one.subject_id for one in own]))
    if person is not None:
        query = query.where(row.person_id == person.id)
    return list(session.scalars(query.options(joinedload(row.person), joinedload(row.subject)).order_by(row.id)))


def _last(row: Assignment) -> date:
    return row.until_on or date.max


def _note(session: Session, act: str, by: SignIn, object_id: uuid.UUID, data: dict[str, str]) -> None:
    record(session, act, person_id=by.person_id, enrolment_id=by.enrolment_id, object_id=object_id, data=data)
