"""Картотечный учёт: a state of a case, with its list. No term stands in a document; people name a day to look again."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, joinedload

from curator_app.auth.models import Person
from curator_app.cases.course_models import FileControl
from curator_app.cases.noting import Hand, note
from curator_app.families.models import Family
from curator_app.subjects.models import Subject

ENDINGS = ("deregistered", "case", "moved")
PAGE = 50
FAR = date.max
"""Where no day was named the family stands behind those with one."""


@dataclass(frozen=True, slots=True)
class Card:
    """One family on the list."""

    row: FileControl
    family: Family


@dataclass(frozen=True, slots=True)
class Cards:
    """Some of them, and the card behind which the next ones begin."""

    cards: list[Card]
    after: uuid.UUID | None


def card_of(session: Session, subject: Subject) -> FileControl | None:
    """Return the card of a case that is on the index now."""
    query = select(FileControl).where(FileControl.subject_id == subject.id, FileControl.until_on.is_(None))
    return session.scalars(query).first()


def put_in(session: Session, subject: Subject, on: date, review_on: date | None, by: Hand) -> FileControl:
    """Put a case on the card index."""
    row = FileControl(subject_id=subject.id, territory_id=subject.territory_id, since_on=on, review_on=review_on or FAR)
    session.add(row)
    session.flush()
    note(session, "file_control:begun", by, subject.family_id, subject.id)
    return row


def take_out(session: Session, subject: Subject, on: date, ended_as: str, by: Hand) -> None:
    """Take a case off the index: its last day, and what it is now."""
    row = card_of(session, subject)
    if row is not None:
        row.until_on, row.ended_as = on, ended_as
        note(session, "file_control:ended", by, subject.family_id, subject.id)


def look_again(session: Session, row: FileControl, review_on: date | None, by: Hand) -> None:
    """Name another day on which somebody looks."""
    row.review_on = review_on or FAR
    note(session, "file_control:review", by, row.subject.family_id, row.subject.id)


def cards(session: Session, person: Person, on: date, after: uuid.UUID | None = None) -> Cards:
    """Return a page of the list: the nearest day to look again first."""
    query = FileControl.visible_to(person, on).where(FileControl.until_on.is_(None))
    last = session.get(FileControl, after) if after else None
    if last is not None:
        query = query.where(tuple_(FileControl.review_on, FileControl.id) > (last.review_on, last.id))
    query = query.order_by(FileControl.review_on, FileControl.id).limit(PAGE + 1)
    rows = session.scalars(query.options(joinedload(FileControl.subject))).all()
    ids = [row.subject.family_id for row in rows]
    families = {one.id: one for one in session.scalars(select(Family).where(Family.id.in_(ids)))}
    shown = [Card(row, families[row.subject.family_id]) for row in rows[:PAGE] if row.subject.family_id in families]
    return Cards(shown, rows[PAGE - 1].id if len(rows) > PAGE else None)
