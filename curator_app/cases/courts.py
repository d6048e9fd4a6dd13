"""Days in court: awaited, held with what was decided, moved to another day, dropped."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from curator_app.cases.noting import Hand, note
from curator_app.cases.placement_models import CourtDate
from curator_app.errors import Refused
from curator_app.subjects.models import Subject

ABOUT = ("removal", "limiting", "termination", "restoring", "guardianship", "adoption", "contacts", "other")
AWAITED, HELD, MOVED, DROPPED = "awaited", "held", "moved", "dropped"
ENDINGS = (HELD, MOVED, DROPPED)


@dataclass(frozen=True, slots=True)
class Announced:
    """What the court let know."""

    about: str
    on: date
    time: str = ""
    court: str = ""
    member_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Became:
    """What became of it: held | moved | dropped, with the decision's words or the new day."""

    state: str
    decided: str = ""
    moved_to: date | None = None


def announce(session: Session, subject: Subject, said: Announced, by: Hand) -> CourtDate:
    """Write a day in court down."""
    assert subject.family_id is not None  # noqa: S101 - courts decide about a family's children
    row = CourtDate(
        subject_id=subject.id,
        family_id=subject.family_id,
        author_id=by.person_id,
        about=said.about,
        on=said.on,
        time=said.time,
        court=said.court,
        member_id=said.member_id,
    )
    session.add(row)
    session.flush()
    note(session, "court:awaited", by, row.family_id, row.id)
    return row


def settle(session: Session, row: CourtDate, became: Became, by: Hand) -> None:
    """Say what became of a day in court; one that was moved stands again on its new day.

    Raises Refused: a decision wants its words, a moved day its new one.
    """
    state, moved_to = became.state, became.moved_to
    if state == HELD and not became.decided:
        raise Refused(fields={"decided": "decided_missing"})
    if state == MOVED and (moved_to is None or moved_to <= row.on):
        raise Refused(fields={"moved_to": "moved_missing"})
    row.state, row.decided = state, became.decided
    note(session, f"court:{state}", by, row.family_id, row.id)
    if state == MOVED and moved_to is not None:
        again = CourtDate(
            subject_id=row.subject_id,
            family_id=row.family_id,
            member_id=row.member_id,
            author_id=by.person_id,
            about=row.about,
            on=moved_to,
            time=row.time,
            court=row.court,
        )
        session.add(again)


def court_dates_of(session: Session, family_id: uuid.UUID) -> Sequence[CourtDate]:
    """Return a family's days in court, the latest first; the caller knows that the raw layer is open."""
    query = select(CourtDate).where(CourtDate.family_id == family_id).options(joinedload(CourtDate.member))
    return session.scalars(query.order_by(CourtDate.on.desc(), CourtDate.id.desc())).all()
