"""The one place that writes events."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, contains_eager, object_session
from sqlalchemy.orm.attributes import set_committed_value

from curator_app.auth.models import Enrolment, Person, Territory
from curator_app.database import uuid7
from curator_app.subjects.models import CASE_ROLES, Assignment, Event, Subject


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
    # A subject made in this transaction must be there to be counted up.
    session.flush()
    # One statement counts and locks: a number read before the lock would be stale. The lock is the weaker one (FOR
    # NO KEY UPDATE): two transactions whose rows refer to the subject would wait for each other's FOR UPDATE.
    counted = update(Subject).where(Subject.id == subject.id).values(last_event_no=Subject.last_event_no + 1)
    counted = counted.returning(Subject.last_event_no).execution_options(synchronize_session=False)
    no = session.execute(counted).scalar_one()
    set_committed_value(subject, "last_event_no", no)
    event = Event(
        id=uuid7(),
        subject_id=subject.id,
        no=no,
        type=event_type,
        on=on,
        at=at,
        data=data or {},
        author_id=author.id if author else None,
        enrolment_id=enrolment.id if enrolment else None,
    )
    session.add(event)
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
        found = Subject(kind="person", person_id=person.id, territory=territory, procedure=f"{territory.procedure}@1")
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
