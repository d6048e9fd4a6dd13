"""What both sides promised: the curator's own as dated lines of the day, and what became of one beside a visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from curator_app.audit.service import record
from curator_app.auth.models import Person, SignIn
from curator_app.errors import Refused
from curator_app.subjects.models import CASE_ROLES, Assignment, Subject
from curator_app.visits.agreements import Promise

KEPT = "kept"
OPEN_STATES = ("open", "partly", "not_yet")
"""«open» takes back what was told by mistake."""
DAYS_AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a promise: kept, partly, not_yet or open again; why, and on which day."""

    state: str
    reason: str
    on: date


def own_lines(session: Session, person: Person, on: date) -> Sequence[Promise]:
    """Return our promises to families whose case the person carries: overdue ones, today's and the next days'."""
    carried = (
        select(Subject.family_id)
        .join(Assignment)
        .where(
            Assignment.person_id == person.id,
            Assignment.role.in_(CASE_ROLES),
            Assignment.since_on <= on,
            Assignment.until_on.is_(None) | (Assignment.until_on >= on),
            Subject.closed_on.is_(None) | (Subject.closed_on > on),
        )
    )
    return session.scalars(
        select(Promise)
        .where(Promise.family_id.in_(carried), Promise.side == "ours", Promise.closed_on.is_(None))
        .where(Promise.due_on <= on + DAYS_AHEAD)
        .order_by(Promise.due_on, Promise.made_on, Promise.position)
        .options(joinedload(Promise.family))
    ).all()


def tell(session: Session, promise: Promise, told: Told, teller: SignIn) -> None:
    """Note what became of a promise; raise Refused for a state that there is not, or for one that was dropped."""
    if told.state not in {KEPT, *OPEN_STATES} or promise.state == "dropped":
        raise Refused("answer_unknown", fields={"state": told.state})
    promise.state = told.state
    promise.reason = told.reason if told.state == "not_yet" else ""
    promise.closed_on = told.on if told.state == KEPT else None
    record(
        session,
        "promise:told",
        person_id=teller.person_id,
        enrolment_id=teller.enrolment_id,
        family_id=promise.family_id,
        object_id=promise.id,
        data={"state": told.state},
    )
