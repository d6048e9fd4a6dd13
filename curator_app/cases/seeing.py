"""Child and parents see each other while the child lives elsewhere: how often, and whether it took place."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from curator_app.cases.noting import Hand, note
from curator_app.cases.placement_models import ContactSchedule, ScheduledContact
from curator_app.subjects.models import Subject

WAYS = ("meeting", "call", "letter")


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed or ordered."""

    member_id: uuid.UUID
    with_id: uuid.UUID
    way: str
    every_days: int
    since_on: date
    place: str = ""
    is_accompanied: bool = False
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A schedule on a day: when it was last kept, and when its next turn is."""

    schedule: ContactSchedule
    last: ScheduledContact | None
    next_on: date | None
    """None once it has ended."""
    late_days: int


def agree(session: Session, subject: Subject, agreed: Agreed, by: Hand) -> ContactSchedule:
    """Write a schedule down."""
    assert subject.family_id is not None  # noqa: S101 - children are a family's
    row = ContactSchedule(
        subject_id=subject.id,
        family_id=subject.family_id,
        author_id=by.person_id,
        member_id=agreed.member_id,
        with_id=agreed.with_id,
        way=agreed.way,
        every_days=agreed.every_days,
        since_on=agreed.since_on,
        place=agreed.place,
        is_accompanied=agreed.is_accompanied,
        basis=agreed.basis,
    )
    session.add(row)
    session.flush()
    note(session, "contacts:agreed", by, row.family_id, row.id)
    return row


def tell(session: Session, row: ContactSchedule, on: date, words: str, by: Hand, *, took_place: bool) -> None:
    """Say of one turn whether it took place."""
    turn = ScheduledContact(schedule_id=row.id, on=on, took_place=took_place, words=words, author_id=by.person_id)
    session.add(turn)
    note(session, "contacts:kept" if took_place else "contacts:not_kept", by, row.family_id, row.id)


def end(session: Session, row: ContactSchedule, last_day: date, why: str, by: Hand) -> None:
    """End a schedule; the last day counts."""
    row.until_on, row.ended_why = max(last_day, row.since_on), why
    note(session, "contacts:ended", by, row.family_id, row.id)


def schedules_of(session: Session, family_id: uuid.UUID) -> Sequence[ContactSchedule]:
    """Return a family's schedules, the newest first; the caller knows that the raw layer is open."""
    query = select(ContactSchedule).where(ContactSchedule.family_id == family_id)
    people = (joinedload(ContactSchedule.member), joinedload(ContactSchedule.with_whom))
    query = query.options(*people, selectinload(ContactSchedule.meetings).joinedload(ScheduledContact.author))
    return session.scalars(query.order_by(ContactSchedule.since_on.desc(), ContactSchedule.id.desc())).all()


def standing(row: ContactSchedule, on: date) -> Standing:
    """Say how a schedule stands on a day: a turn is due so many days after the last one that took place."""
    last = next((turn for turn in row.meetings if turn.took_place), None)
    if not row.holds(on) and row.since_on <= on:
        return Standing(row, last, None, 0)
    since = last.on if last else row.since_on - timedelta(days=row.every_days)
    next_on = since + timedelta(days=row.every_days)
    return Standing(row, last, next_on, max(0, (on - next_on).days))
