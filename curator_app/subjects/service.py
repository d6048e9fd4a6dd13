"""The one place that writes events."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, contains_eager, object_session
from sqlalchemy.orm.attributes import set_committed_value

from curator_app.auth.models import Enrolment, Person, SignIn, Territory
from curator_app.clock import today
from curator_app.database import uuid7
from curator_app.procedures.profiles_loader import load_profile, newest_key
from curator_app.subjects.duties import concerns, project
from curator_app.subjects.models import CASE_ROLES, Assignment, Event, Subject

MOVED = "procedure_changed"
"""A subject goes on under another profile version: a person decided so, with a reason."""
UNDER_LOCK = ("last_event_no", "procedure", "reproject_on", "reproject_claimed_at", "projection_fault")


def record_event(
    subject: Subject,
    event_type: str,
    *,
    on: date,
    at: datetime | None = None,
    data: dict[str, Any] | None = None,
    author: Person | None = None,
    enrolment: Enrolment | None = None,
) -> Event:
    """Append one fact to a subject, under the subject's row lock, and return it; its duties follow at once.

    `on` is the day in the territory's zone, `at` the instant where one is known.
    """
    session = object_session(subject)
    if session is None:
        message = "the subject is not in a session"
        raise ValueError(message)
    # A subject made in this transaction must be there to be counted up.
    session.flush()
    _count_up(session, subject)
    event = Event(
        id=uuid7(),
        subject_id=subject.id,
        no=subject.last_event_no,
        type=event_type,
        on=on,
        at=at,
        data=data or {},
        author_id=author.id if author else None,
        enrolment_id=enrolment.id if enrolment else None,
    )
    session.add(event)
    if concerns(subject, event_type):
        project(session, subject)
    return event


def _count_up(session: Session, subject: Subject) -> None:
    # One statement counts and locks: a number read before the lock would be stale. The lock is the weaker one (FOR
    # NO KEY UPDATE): two transactions whose rows refer to the subject would wait for each other's FOR UPDATE.
    counted = update(Subject).where(Subject.id == subject.id).values(last_event_no=Subject.last_event_no + 1)
    counted = counted.returning(*(getattr(Subject, name) for name in UNDER_LOCK))
    row = session.execute(counted.execution_options(synchronize_session=False)).one()
    # What another transaction changed meanwhile is known from here on.
    for name, value in zip(UNDER_LOCK, row, strict=True):
        set_committed_value(subject, name, value)


def move_to_profile(subject: Subject, key: str, reason: str, by: SignIn) -> Event:
    """Put a subject under another profile version; what it owes follows.

    Raises ProfileError, and changes nothing, for a profile that is not here or does not hold.
    """
    load_profile(key)
    session = object_session(subject)
    if session is None:
        message = "the subject is not in a session"
        raise ValueError(message)
    # Under the lock, like an event: two moves at once end with the later one's duties.
    session.execute(select(Subject.id).where(Subject.id == subject.id).with_for_update(key_share=True))
    session.refresh(subject, ["procedure"])
    data = {"from": subject.procedure, "to": key, "reason": reason}
    subject.procedure = key
    on = today(subject.territory.zone)
    event = record_event(subject, MOVED, on=on, data=data, author=by.person, enrolment=by.enrolment)
    project(session, subject)
    return event


def subject_of_person(session: Session, person: Person, territory: Territory) -> Subject:
    """Return the subject that holds a person's own events; made at the first of them."""
    query = select(Subject).where(Subject.person_id == person.id)
    found = session.scalars(query).first()
    if found is None:
        # Two envelopes of one person at once: the second waits here and finds what the first has made.
        session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
        found = session.scalars(query).first()
    if found is None:
        found = Subject(
            kind="person", person_id=person.id, territory=territory, procedure=newest_key(territory.procedure)
        )
        session.add(found)
        session.flush()
    return found


def assignments_of(session: Session, family_id: uuid.UUID, person: Person) -> list[Assignment]:
    """Return every assignment of the person to the family, past ones too, with its subject and territory."""
    query = (
        select(Assignment)
        .join(Assignment.subject)
        .where(Subject.family_id == family_id, Assignment.person_id == person.id)
        .order_by(Assignment.created_at)
        .options(contains_eager(Assignment.subject).joinedload(Subject.territory))
    )
    return list(session.scalars(query))


def is_assigned(session: Session, family_id: uuid.UUID, person: Person, on: date | None = None) -> bool:
    """Tell whether the person carries or carried the family's case, on whatever day or on that one."""
    query = select(Assignment.id).join(Subject).where(Assignment.role.in_(CASE_ROLES))
    query = query.where(Subject.family_id == family_id, Assignment.person_id == person.id)
    if on is not None:
        query = query.where(Assignment.since_on <= on, Assignment.until_on.is_(None) | (Assignment.until_on >= on))
    return session.scalars(query.limit(1)).first() is not None
