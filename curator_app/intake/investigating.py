"""The group that looks into a signal, its short plan, and what the register knew before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.audit.service import record
from curator_app.auth.models import SignIn
from curator_app.cases.models import CaseFile
from curator_app.cases.stepping import Actor, ground_of, take_step
from curator_app.cases.steps import step_for
from curator_app.errors import Refused
from curator_app.intake.check_models import Investigation
from curator_app.intake.models import NOT_CONFIRMED, Signal
from curator_app.subjects.models import Subject


@dataclass(frozen=True, slots=True)
class Task:
    """A line of the short plan."""

    what: str
    who: str = ""
    until: str = ""
    """ISO 8601, or empty."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Something the register knew before this signal."""

    kind: str
    """signal | case | early_help | aftercare."""
    subject: Subject
    number: str
    since: date
    until: date | None


def form_group(session: Session, subject: Subject, formed_on: date, members: str, plan: list[Task], by: SignIn) -> None:
    """Form the group, or keep its members and plan as they are now."""
    row = investigation_of(session, subject)
    if row is None:
        step = step_for("group_formed", subject.kind)
        if step is not None and ground_of(session, subject).knows("group_formed", step):
            actor = Actor(by.person, by.enrolment)
            take_step(session, subject, "group_formed", {}, on=formed_on, by=actor, effects={})
        row = Investigation(subject=subject, formed_on=formed_on)
        session.add(row)
    elif formed_on != row.formed_on:
        raise Refused(fields={"formed_on": "formed_already"})
    row.members = members
    row.plan = [{"what": one.what, "who": one.who, "until": one.until} for one in plan]
    session.flush()
    marks = {"person_id": by.person_id, "enrolment_id": by.enrolment_id, "family_id": subject.family_id}
    record(session, "investigation:kept", **marks, object_id=row.id)


def investigation_of(session: Session, subject: Subject) -> Investigation | None:
    """Return the group that looks into a signal."""
    return session.scalars(select(Investigation).where(Investigation.subject_id == subject.id)).first()


def earlier_of(session: Session, signal: Signal) -> Sequence[Earlier]:
    """Return what the register knew of the signal's family before it, the newest first.

    A signal that was not confirmed does not follow a family.
    """
    if signal.family_id is None:
        return []
    told = select(Signal).where(Signal.family_id == signal.family_id, Signal.id != signal.id)
    told = told.where(Signal.outcome != NOT_CONFIRMED, Signal.erased_at.is_(None))
    found = [
        Earlier("signal", one.subject, one.journal_no, one.known_on, one.subject.closed_on)
        for one in session.scalars(told)
    ]
    work = select(Subject, CaseFile).join(CaseFile, CaseFile.subject_id == Subject.id)
    work = work.where(Subject.family_id == signal.family_id)
    found += [
        Earlier(subject.kind, subject, str(file.number), file.opened_on, subject.closed_on)
        for subject, file in session.execute(work)
    ]
    return sorted(found, key=lambda one: one.since, reverse=True)
