"""The one place that writes events."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from curator_app.auth.models import Enrolment, Person
from curator_app.subjects.models import Assignment, Event, Subject


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
    """Append one fact to a subject, under the subject's row lock, and return it.

    `on` is the day in the territory's zone, `at` the instant where one is known.
    """
    session = object_session(subject)
    if session is None:
        message = "the subject is not in a session"
        raise ValueError(message)
    session.flush()
    # populate_existing: the number read before the lock may be stale by now. key_share (FOR NO KEY UPDATE): a row
    # that refers to the subject was inserted before, and two such transactions would wait for each other's FOR UPDATE.
    session.execute(
        select(Subject)
        .where(Subject.id == subject.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one()
    subject.last_event_no += 1
    event = Event(
        subject=subject,
        no=subject.last_event_no,
        type=event_type,
        on=on,
        at=at,
        data=data or {},
        author=author,
        enrolment_id=enrolment.id if enrolment else None,
    )
    session.add(event)
    return event


def assignment_on(session: Session, subject: Subject, person: Person, on: date) -> Assignment | None:
    """Return the person's assignment to the subject that covers the day, if there is one."""
    return session.scalars(
        select(Assignment)
        .where(
            Assignment.subject_id == subject.id,
            Assignment.person_id == person.id,
            Assignment.since_on <= on,
            Assignment.until_on.is_(None) | (Assignment.until_on >= on),
        )
        .limit(1)
    ).first()


def is_assigned(session: Session, family_id: uuid.UUID, person: Person, on: date | None = None) -> bool:
    """Tell whether the person is or was assigned to the family, on whatever day or on that one."""
    query = select(Assignment.id).join(Subject)
    query = query.where(Subject.family_id == family_id, Assignment.person_id == person.id)
    if on is not None:
        query = query.where(Assignment.since_on <= on, Assignment.until_on.is_(None) | (Assignment.until_on >= on))
    return session.scalars(query.limit(1)).first() is not None
