"""What follows from the steps of a case's course beside their events."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.cases import endings, level, placement
from curator_app.cases.models import HOME, CaseChild
from curator_app.cases.noting import hand_of, member_of
from curator_app.cases.placement import BIRTH_FAMILY, UNKNOWN, Place
from curator_app.cases.stepping import Effect, Taken
from curator_app.families.models import FamilyMember
from curator_app.subjects.models import Subject


def removed(taken: Taken) -> None:
    """Let a child leave home for a place that is not known yet."""
    _place(taken, UNKNOWN)


def placed(taken: Taken) -> None:
    """Let a child live somewhere; at home again where the decision says so."""
    where = str(taken.answers.get("where", ""))
    if where == BIRTH_FAMILY:
        returned(taken)
    else:
        _place(taken, where)


def returned(taken: Taken) -> None:
    """Let a child be home again."""
    member = member_of(taken)
    placement.bring_home(taken.session, taken.subject, member, taken.on, hand_of(taken))
    _lives(taken.session, taken.subject, member, HOME)


def _place(taken: Taken, kind: str) -> None:
    member, said = member_of(taken), taken.answers.get("place")
    known = said if isinstance(said, Place) else Place(kind, taken.on)
    place = Place(kind, taken.on, known.named, known.address, known.phone, known.is_hidden, known.rights, known.basis)
    placement.move(taken.session, taken.subject, member, place, hand_of(taken))
    _lives(taken.session, taken.subject, member, kind)


def _lives(session: Session, subject: Subject, member: FamilyMember, kind: str) -> None:
    """Say on the case's own row of the child what kind of place it is, and nothing that could be hidden."""
    own = select(CaseChild).where(CaseChild.subject_id == subject.id, CaseChild.member_id == member.id)
    child = session.scalars(own).first()
    if child is not None:
        child.placement, child.placed_with = kind, ""


EFFECTS: dict[str, Effect] = {
    "child_removed": removed,
    "child_placed": placed,
    "child_returned": returned,
    **endings.EFFECTS,
    **level.EFFECTS,
}
