"""Where each child lives while the case goes on: removed, placed, moved on, brought home.

What events and audit say of it is a child, a day and a kind. Who took the child in and where that is stays in the
placement's own row, which only the raw layer reads.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from curator_app.cases.noting import Hand, note
from curator_app.cases.placement_models import Placement, PlacementVisit
from curator_app.families.models import FamilyMember
from curator_app.subjects.models import Subject

UNKNOWN = "unknown"
"""Taken from home, and not placed yet."""
BIRTH_FAMILY = "birth_family"
KINDS = ("relatives", "shelter", "hospital", "institution", "guardian", "substitute_family", "other")
RIGHTS = ("parents", "limited", "guardian", "body", "institution", "adopters")
HIDDEN_AT_FIRST = frozenset({"substitute_family", "guardian"})
"""Nobody is asked whether the birth family may know: it is hidden until somebody decides otherwise."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place as somebody writes it down."""

    kind: str
    since_on: date
    named: str = ""
    address: str = ""
    phone: str = ""
    is_hidden: bool = False
    rights: str = ""
    basis: str = ""


def place_of(session: Session, subject: Subject, member: FamilyMember) -> Placement | None:
    """Return where the child is now, away from home; None at home."""
    open_ones = select(Placement).where(Placement.subject_id == subject.id, Placement.member_id == member.id)
    return session.scalars(open_ones.where(Placement.until_on.is_(None)).order_by(Placement.since_on.desc())).first()


def move(session: Session, subject: Subject, member: FamilyMember, place: Place, by: Hand) -> Placement:
    """Let a child live somewhere from a day on; what was before ends on that day."""
    _leave(session, subject, member, place.since_on)
    assert subject.family_id is not None  # noqa: S101 - children are a family's
    row = Placement(
        subject_id=subject.id,
        family_id=subject.family_id,
        member_id=member.id,
        author_id=by.person_id,
        kind=place.kind,
        since_on=place.since_on,
        named=place.named,
        address=place.address,
        phone=place.phone,
        is_hidden=place.is_hidden or place.kind in HIDDEN_AT_FIRST,
        rights=place.rights,
        basis=place.basis,
    )
    session.add(row)
    session.flush()
    note(session, "placement:begun", by, row.family_id, row.id)
    return row


def bring_home(session: Session, subject: Subject, member: FamilyMember, on: date, by: Hand) -> None:
    """Let a child live at home again from a day on."""
    for row in _leave(session, subject, member, on):
        note(session, "placement:ended", by, row.family_id, row.id)


def correct(session: Session, row: Placement, place: Place, by: Hand) -> None:
    """Write down what is known better now: a name, an address, who decides, whether it is hidden."""
    row.named, row.address, row.phone = place.named, place.address, place.phone
    row.is_hidden, row.rights, row.basis = place.is_hidden, place.rights, place.basis
    note(session, "placement:corrected", by, row.family_id, row.id)


def visited(session: Session, row: Placement, on: date, words: str, by: Hand) -> PlacementVisit:
    """Say that somebody was with the child there."""
    visit = PlacementVisit(placement_id=row.id, on=on, words=words, author_id=by.person_id)
    session.add(visit)
    note(session, "placement:visited", by, row.family_id, row.id)
    return visit


def placements_of(session: Session, family_id: uuid.UUID) -> Sequence[Placement]:
    """Return every place of a family's children, the newest first; the caller knows that the raw layer is open."""
    query = select(Placement).where(Placement.family_id == family_id)
    query = query.options(
        joinedload(Placement.member), selectinload(Placement.visits).joinedload(PlacementVisit.author)
    )
    return session.scalars(query.order_by(Placement.since_on.desc(), Placement.id.desc())).all()


def _leave(session: Session, subject: Subject, member: FamilyMember, on: date) -> list[Placement]:
    open_ones = select(Placement).where(Placement.subject_id == subject.id, Placement.member_id == member.id)
    rows = list(session.scalars(open_ones.where(Placement.until_on.is_(None))))
    for row in rows:
        row.until_on = max(on, row.since_on)
    return rows
