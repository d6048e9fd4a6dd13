"""What a curator promised a family: said the day before and on the day, to who carries the case now."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Select, exists, select, update
from sqlalchemy.orm import Session, joinedload

from curator_app.reminders.models import PROMISE, Reminder
from curator_app.reminders.places import Places
from curator_app.reminders.rhythm import DAY
from curator_app.reminders.telling import Said, remind
from curator_app.subjects.models import CASE_ROLES, Assignment, Subject
from curator_app.visits.agreements import Promise

OURS = "ours"
LOOKED_BACK = timedelta(days=3)
"""So long nobody may have looked, and its day is said all the same."""


def due_promises(session: Session, at: datetime, after: uuid.UUID | None, most: int) -> Sequence[uuid.UUID]:
    """Return own promises of these days, by id; the cost grows with these, not with all there are.

    `at` is an instant: it is tomorrow already in the east, so the days are three.
    """
    today = at.date()
    query = _open().where(Promise.due_on >= today - LOOKED_BACK, Promise.due_on <= today + 2 * DAY)
    query = query.where(Promise.id > after) if after else query
    return session.scalars(query.with_only_columns(Promise.id).order_by(Promise.id).limit(most)).all()


def tell_of_promise(session: Session, places: Places, key: uuid.UUID, at: datetime) -> int:
    """Say that its day comes, or is here; return how many were told. The caller commits."""
    promise = session.scalars(_open().where(Promise.id == key).options(joinedload(Promise.family))).first()
    if promise is None or promise.due_on is None:
        return 0
    on = at.astimezone(places.of(promise.family.territory).zone).date()
    # What fell into an outage is said when the clock is back. Who promises something for tomorrow knows it today.
    if promise.due_on - on > DAY or (promise.due_on > on and promise.made_on >= on):
        return 0
    step = "day_before" if promise.due_on > on else "day"
    people = _carrying(session, promise.family_id, on)
    if promise.author_id in people:
        people = {promise.author_id: people[promise.author_id]}
    return sum(
        remind(session, places, person, _said(promise, subject, step), at) for person, subject in sorted(people.items())
    )


def settle_kept(session: Session, at: datetime) -> int:
    """End what was said of promises that are kept or dropped; return how many ended. The caller commits."""
    waits = exists().where(Promise.id == Reminder.about_id, Promise.closed_on.is_(None))
    over = update(Reminder).where(Reminder.kind == PROMISE, Reminder.settled_at.is_(None), ~waits)
    done = session.execute(over.values(settled_at=at).execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]


def _open() -> Select[Promise]:
    return select(Promise).where(Promise.closed_on.is_(None), Promise.side == OURS)


def _carrying(session: Session, family_id: uuid.UUID, on: date) -> dict[uuid.UUID, uuid.UUID]:
    """Return who carries the family's open cases that day, each with one of those cases."""
    query = select(Assignment).join(Subject).where(Subject.family_id == family_id, Subject.closed_on.is_(None))
    query = query.where(Assignment.role.in_(CASE_ROLES))
    return {one.person_id: one.subject_id for one in session.scalars(query) if one.covers(on)}


def _said(promise: Promise, subject: uuid.UUID, step: str) -> Said:
    return Said(
        kind=PROMISE,
        about_id=promise.id,
        step=f"{step}@{promise.due_on}",
        path=f"/families/{promise.family_id}",
        subject_id=subject,
        due_on=promise.due_on,
    )
