"""The brief that one curator leaves to the next: written by the one who goes, read and acknowledged by the new one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from curator_app import texts
from curator_app.audit.service import record
from curator_app.auth.models import Person, Role, SignIn
from curator_app.cases.models import Handover
from curator_app.cases.stepping import Effect, StepRefused, Taken
from curator_app.clock import now
from curator_app.errors import NotAllowed
from curator_app.families.models import Family
from curator_app.subjects.models import Assignment, Subject


@dataclass(frozen=True, slots=True)
class Brief:
    """What the next curator should know, in the words of the one before."""

    under_way: str
    careful: str
    contacts: str


Waiting = tuple[Handover, Family]
"""A brief that was not read yet, and the family it is about."""


def handovers_visible_to(person: Person, on: date) -> Select[Handover]:
    """Select the briefs of open cases: its writer until it is read, who received it, their head.

    Whoever carries the case no more, or leads nobody who does, has no business with it.
    """
    carried = (
        select(Assignment.id)
        .where(
            Assignment.subject_id == Handover.subject_id,
            Assignment.role == "case_curator",
            Assignment.since_on <= on,
            Assignment.until_on.is_(None) | (Assignment.until_on >= on),
        )
        .correlate(Handover)
    )
    received = carried.where(Assignment.person_id == person.id, Handover.to_id == person.id)
    heads = carried.where(
        Assignment.person_id.in_([Handover.from_id, Handover.to_id]),
        Assignment.organisation_id.in_(Role.ids_led_by(person, on)),
    )
    wrote = (Handover.from_id == person.id) & Handover.acknowledged_at.is_(None)
    query = select(Handover).join(Handover.subject).where(Subject.closed_on.is_(None))
    return query.where(or_(wrote, received.exists(), heads.exists())).options(
        joinedload(Handover.from_person), joinedload(Handover.to_person)
    )


def last_of(session: Session, subject: Subject) -> Handover | None:
    """Return the last handover of a case."""
    query = select(Handover).where(Handover.subject_id == subject.id)
    query = query.options(joinedload(Handover.from_person), joinedload(Handover.to_person))
    return session.scalars(query.order_by(Handover.on.desc(), Handover.id.desc()).limit(1)).first()


def waiting_for(session: Session, person: Person) -> list[Waiting]:
    """Return the briefs that wait for a person to read them, the oldest first; with a case that went on they go too."""
    carries = select(Assignment.id).where(
        Assignment.subject_id == Handover.subject_id,
        Assignment.person_id == Handover.to_id,
        Assignment.role == "case_curator",
        Assignment.until_on.is_(None),
    )
    query = select(Handover, Family).join(Handover.subject).join(Family, Family.id == Subject.family_id)
    query = query.where(Handover.to_id == person.id, Handover.acknowledged_at.is_(None), carries.exists())
    query = query.options(joinedload(Handover.from_person)).order_by(Handover.on, Handover.id)
    return [(handover, family) for handover, family in session.execute(query)]


def waiting_in(session: Session, person: Person, family_id: uuid.UUID) -> Handover | None:
    """Return the brief about a family that waits for a person to read it, the newest first."""
    found = [handover for handover, family in waiting_for(session, person) if family.id == family_id]
    return found[-1] if found else None


def write(session: Session, handover: Handover, brief: Brief, by: SignIn) -> None:
    """Write the brief; raise NotAllowed to the one who receives it, and to anybody once it was acknowledged."""
    if by.person_id == handover.to_id or handover.acknowledged_at is not None:
        raise NotAllowed("handover_is_read")
    handover.under_way, handover.careful, handover.contacts = brief.under_way, brief.careful, brief.contacts
    record(
        session,
        "handover:written",
        person_id=by.person_id,
        enrolment_id=by.enrolment_id,
        family_id=handover.subject.family_id,
        object_id=handover.id,
    )


def acknowledged(taken: Taken) -> None:
    """Mark the briefs of this case that the new curator has read."""
    key = taken.by.id if taken.by else uuid.UUID(int=0)
    query = select(Handover).where(Handover.subject_id == taken.subject.id, Handover.to_id == key)
    found = list(taken.session.scalars(query.where(Handover.acknowledged_at.is_(None))))
    if not found:
        raise StepRefused(texts.text("handover.nothing_to_read"))
    for one in found:
        one.acknowledged_at = now()


EFFECTS: dict[str, Effect] = {"handover_acknowledged": acknowledged}
