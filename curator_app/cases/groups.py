"""The working group of a case: who is in it, from which organisation, who chairs it, since when."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from curator_app import texts
from curator_app.cases.curators import Seat, seats
from curator_app.cases.stepping import Effect, StepRefused, Taken
from curator_app.subjects.models import Assignment, Subject

MEMBER = "group_member"
CHAIR = "group_chair"
GROUP = (CHAIR, MEMBER)
MAY_SIT = (CHAIR, MEMBER, "specialist", "case_curator", "head", "early_help_owner", "commission_secretary")
"""Roles of a territory from which a group is made up."""
DAY = timedelta(days=1)


def group_of(session: Session, subject: Subject) -> list[Assignment]:
    """Return who is in the group now, the chair first."""
    query = select(Assignment).where(Assignment.subject_id == subject.id, Assignment.role.in_(GROUP))
    query = query.where(Assignment.until_on.is_(None))
    query = query.options(joinedload(Assignment.person), joinedload(Assignment.organisation))
    found = session.scalars(query)
    return sorted(found, key=lambda one: (one.role != CHAIR, one.person.name))


def formed(taken: Taken) -> None:
    """Make the group what was posted: who is new comes in, who is not named any more goes."""
    chair: uuid.UUID | None = taken.answers.get("chair")
    named: list[uuid.UUID] = [*taken.answers.get("members", ()), *([chair] if chair else ())]
    outside = str(taken.answers.get("outside") or "").strip()
    if not named and not outside:
        raise StepRefused(texts.text("group.nobody"), field_name="members")
    free = {seat.person.id: seat for seat in seats(taken.session, taken.subject.territory_id, taken.on, MAY_SIT)}
    if not set(named) <= free.keys():
        raise StepRefused(texts.text("group.stranger"), field_name="members")
    wanted = {key: CHAIR if key == chair else MEMBER for key in named}
    for one in group_of(taken.session, taken.subject):
        if wanted.get(one.person_id) == one.role:
            del wanted[one.person_id]
        else:
            one.until_on = taken.on - DAY
    for key, role in wanted.items():
        taken.session.add(_seated(taken, free[key], role))
    taken.data["composition"] = _words(named, chair, free, outside)


def _seated(taken: Taken, seat: Seat, role: str) -> Assignment:
    return Assignment(
        subject_id=taken.subject.id,
        person_id=seat.person.id,
        organisation_id=seat.organisation.id,
        role=role,
        since_on=taken.on,
    )


def _words(named: list[uuid.UUID], chair: uuid.UUID | None, free: dict[uuid.UUID, Seat], outside: str) -> str:
    """Name the group as a paper does, the chair first."""
    members = [free[key].words for key in dict.fromkeys(named) if key != chair]
    first = [texts.text("group.chaired", name=free[chair].words)] if chair else []
    return "; ".join([*first, *members, *([outside] if outside else [])])


EFFECTS: dict[str, Effect] = {"group_formed": formed}
