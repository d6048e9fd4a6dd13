"""Help after a case: an owner, a short plan, how often somebody looks in, and a decision at its end."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from curator_app.auth.models import Organisation, Person, Role
from curator_app.cases.closing import end
from curator_app.cases.course_models import AftercarePlan
from curator_app.cases.noting import Hand, note
from curator_app.errors import Conflict
from curator_app.subjects.models import Assignment, Event, Subject
from curator_app.subjects.service import record_event

AFTERCARE = "aftercare"
STARTED, ENDED = "aftercare_started", "aftercare_ended"
ENDINGS = ("stable", "case", "moved", "family_wish")
OWNER = "case_curator"
"""Whoever answers for help afterwards carries the family: visits, notes, the raw layer."""
LOOKED_IN = ("visit_made", "contact_made")


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers, from which body."""

    person: Person
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class Plan:
    """What was agreed."""

    since_on: date
    agreed: str
    every_days: int
    until_on: date


def plan_of(session: Session, subject: Subject) -> AftercarePlan | None:
    """Return the plan of a subject of this kind."""
    query = select(AftercarePlan).where(AftercarePlan.subject_id == subject.id)
    return session.scalars(query.options(joinedload(AftercarePlan.organisation))).first()


def plans_after(session: Session, case: Subject) -> Sequence[AftercarePlan]:
    """Return what followed a case, the latest first."""
    query = select(AftercarePlan).where(AftercarePlan.after_id == case.id).order_by(AftercarePlan.id.desc())
    return session.scalars(query.options(joinedload(AftercarePlan.subject))).all()


def begin(session: Session, case: Subject, owner: Owner, plan: Plan, by: Hand) -> Subject:
    """Begin help after a case in an owner's hands; raise Conflict where it is under way."""
    session.execute(select(Subject.id).where(Subject.id == case.id).with_for_update(key_share=True))
    if any(one.subject.closed_on is None for one in plans_after(session, case)):
        raise Conflict("aftercare_is_open")
    subject = Subject(
        kind=AFTERCARE, family_id=case.family_id, territory_id=case.territory_id, procedure=case.procedure
    )
    session.add(subject)
    session.flush()
    session.add_all(
        [
            AftercarePlan(
                subject_id=subject.id,
                after_id=case.id,
                organisation_id=owner.organisation.id,
                agreed=plan.agreed,
                every_days=plan.every_days,
                until_on=plan.until_on,
            ),
            Assignment(
                subject_id=subject.id,
                person_id=owner.person.id,
                organisation_id=owner.organisation.id,
                role=OWNER,
                since_on=plan.since_on,
            ),
        ]
    )
    data = {"owner": str(owner.person.id), "organisation": str(owner.organisation.id), "text": owner.organisation.name}
    # The subject begins with this very event: there is nothing yet to which a step could belong.
    record_event(subject, STARTED, on=plan.since_on, data=data, author=by.person, enrolment=by.enrolment)
    note(session, "aftercare:begun", by, subject.family_id, subject.id)
    return subject


def finish(session: Session, subject: Subject, ended_as: str, on: date, by: Hand) -> None:
    """End it: the owner decided so."""
    plan = plan_of(session, subject)
    if plan is not None:
        plan.ended_as = ended_as
    end(session, subject, on, by)


def next_look(session: Session, plan: AftercarePlan) -> date | None:
    """Return by which day somebody should look in again; None once it has ended."""
    if plan.subject.closed_on is not None:
        return None
    seen = select(func.max(Event.on)).where(Event.subject_id == plan.subject_id, Event.type.in_((*LOOKED_IN, STARTED)))
    last = session.scalar(seen)
    return last + timedelta(days=plan.every_days) if last else None


def owners_in(session: Session, territory_id: uuid.UUID, on: date) -> list[Owner]:
    """Return who may answer for help afterwards: whoever works with families in the district's bodies."""
    query = select(Role).join(Organisation).where(Organisation.territory_id == territory_id, Role.held_on(on))
    rows = session.scalars(
        query.where(Role.role.in_(("case_curator", "specialist", "early_help_owner"))).options(
            joinedload(Role.person), joinedload(Role.organisation)
        )
    )
    found = {(row.person_id, row.organisation_id): Owner(row.person, row.organisation) for row in rows}
    return sorted(found.values(), key=lambda one: (one.organisation.name, one.person.name))
