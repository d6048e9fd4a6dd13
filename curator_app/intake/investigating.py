"""The short plan of who looks into a signal, and what the register knew before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.audit.service import record
from curator_app.auth.models import Person, SignIn
from curator_app.cases.groups import GROUP
from curator_app.cases.models import CaseFile
from curator_app.intake.check_models import Investigation
from curator_app.intake.models import NOT_CONFIRMED, Signal
from curator_app.subjects.doors import subject_is_visible_to
from curator_app.subjects.models import Assignment, Subject

MOST = 50
"""Nobody looks into more signals at once."""


@dataclass(frozen=True, slots=True)
class Task:
    """A line of the short plan."""

    what: str
    who: str = ""
    until: str = ""
    """ISO 8601, or empty."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done to understand, and who helps beside the group."""

    on: date
    others: str
    tasks: Sequence[Task]


@dataclass(frozen=True, slots=True)
class Earlier:
    """Something the register knew before this signal."""

    kind: str
    """signal | case | early_help | aftercare."""
    subject: Subject
    number: str
    since: date
    until: date | None


def keep_plan(session: Session, subject: Subject, plan: Plan, by: SignIn) -> None:
    """Keep the short plan as it is now; the group itself is formed by a step of its own."""
    row = investigation_of(session, subject)
    if row is None:
        row = Investigation(subject=subject, formed_on=plan.on)
        session.add(row)
    row.members = plan.others
    row.plan = [{"what": one.what, "who": one.who, "until": one.until} for one in plan.tasks]
    session.flush()
    record(
        session,
        "investigation:planned",
        person_id=by.person_id,
        enrolment_id=by.enrolment_id,
        family_id=subject.family_id,
        object_id=row.id,
    )


def investigation_of(session: Session, subject: Subject) -> Investigation | None:
    """Return the group that looks into a signal."""
    return session.scalars(select(Investigation).where(Investigation.subject_id == subject.id)).first()


def looked_into_by(session: Session, person: Person, on: date) -> Sequence[Signal]:
    """Return the open signals in whose group the person is: a group is a list of their own, whatever office they hold.

    The way leads through the person's own assignments, which are few.
    """
    own = select(Assignment.subject_id).where(
        Assignment.person_id == person.id,
        Assignment.role.in_(GROUP),
        Assignment.since_on <= on,
        Assignment.until_on.is_(None) | (Assignment.until_on >= on),
    )
    query = select(Signal).join(Subject, Subject.id == Signal.id)
    query = query.where(Signal.id.in_(own), Subject.closed_on.is_(None), Signal.outcome == "")
    return session.scalars(query.order_by(Signal.received_at, Signal.id).limit(MOST)).all()


def earlier_of(session: Session, signal: Signal, person: Person, on: date) -> Sequence[Earlier]:
    """Return what the register knew of the signal's family before it, the newest first, as far as the reader opens it.

    A signal that was not confirmed does not follow a family. Early help is its owner's and the intake's alone to know.
    """
    if signal.family_id is None:
        return []
    opens = subject_is_visible_to(person, on)
    told = (
        select(Signal)
        .join(Subject, Subject.id == Signal.id)
        .where(opens, Signal.family_id == signal.family_id, Signal.id != signal.id)
    )
    told = told.where(Signal.outcome != NOT_CONFIRMED, Signal.erased_at.is_(None))
    found = [
        Earlier("signal", one.subject, one.journal_no, one.known_on, one.subject.closed_on)
        for one in session.scalars(told)
    ]
    work = select(Subject, CaseFile).join(CaseFile, CaseFile.subject_id == Subject.id)
    work = work.where(opens, Subject.family_id == signal.family_id)
    found += [
        Earlier(subject.kind, subject, str(file.number), file.opened_on, subject.closed_on)
        for subject, file in session.execute(work)
    ]
    return sorted(found, key=lambda one: one.since, reverse=True)
