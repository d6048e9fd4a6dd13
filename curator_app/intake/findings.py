"""What the two instruments found, item by item with fact, source and day; and acts on living conditions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from curator_app.audit.service import record
from curator_app.auth.models import SignIn
from curator_app.cases.stepping import Actor, ground_of, take_step
from curator_app.cases.steps import step_for
from curator_app.clock import today
from curator_app.errors import Refused
from curator_app.intake.check_models import Finding, SurveyAct
from curator_app.intake.instruments import PRESENT, Item, instruments
from curator_app.intake.service import looked_into
from curator_app.intake.survey import Survey
from curator_app.subjects.models import Subject

Place = tuple[int, str]
"""Which child of the signal's list (or FAMILY), and which item."""


@dataclass(frozen=True, slots=True)
class Found:
    """One item as somebody marks it."""

    item: str
    mark: str
    fact: str = ""
    source: str = ""
    seen_on: date | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """An item that somebody found to be so, with what is known of it: shown, never counted."""

    finding: Finding
    item: Item


@dataclass(frozen=True, slots=True)
class Act:
    """An act on living conditions as it is filled in."""

    surveyed_on: date
    surveyed_by: str
    organisation: str
    answers: dict[str, Any]


def keep(session: Session, subject: Subject, child: int, found: Iterable[Found], by: SignIn) -> int:
    """Keep what is new or is said differently now; return how many items that were.

    What was said before stays behind it. Raises Refused for what is found to be so without fact, source and day.
    """
    standing, rows = findings_of(session, subject), []
    wrong: dict[str, str] = {}
    for one in found:
        if one.mark == PRESENT and not (one.fact and one.source and one.seen_on):
            wrong[one.item] = "needs_fact"
        elif one.seen_on and one.seen_on > today(subject.territory.zone):
            wrong[one.item] = "in_future"
        before = standing.get((child, one.item))
        if before is None or _said(before) != _said(one):
            rows.append(one)
    if wrong:
        raise Refused(fields=wrong)
    for one in rows:
        row = Finding(subject_id=subject.id, child=child, item=one.item, mark=one.mark, author_id=by.person_id)
        row.instruments, row.fact, row.source, row.seen_on = instruments().key, one.fact, one.source, one.seen_on
        session.add(row)
    if rows:
        session.flush()
        _note(session, "instruments:marked", subject, by)
    return len(rows)


def finish(session: Session, subject: Subject, by: SignIn) -> None:
    """Say that the primary diagnosis is done; there must be something in it."""
    if not findings_of(session, subject):
        raise Refused(fields={"finish": "nothing_marked"})
    answers = {"instruments": instruments().key}
    on, actor = today(subject.territory.zone), Actor(by.person, by.enrolment)
    take_step(session, subject, "primary_diagnosis_done", answers, on=on, by=actor, effects={})
    looked_into(session, subject)
    _note(session, "instruments:finished", subject, by)


def findings_of(session: Session, subject: Subject) -> dict[Place, Finding]:
    """Return the newest finding of each item, for each child and for the family."""
    query = select(Finding).where(Finding.subject_id == subject.id).options(joinedload(Finding.author))
    return {(row.child, row.item): row for row in session.scalars(query.order_by(Finding.created_at, Finding.id))}


def signs_of(session: Session, subject: Subject) -> list[Sign]:
    """Return what was found to be so, the critical first, in the order of the instruments.

    An item of a set that is not in force any more cannot be read, and is left out.
    """
    known = instruments().by_id
    order = {name: place for place, name in enumerate(known)}
    present = [row for row in findings_of(session, subject).values() if row.mark == PRESENT and row.item in known]
    present.sort(key=lambda row: (not known[row.item].critical, row.child, order[row.item]))
    return [Sign(row, known[row.item]) for row in present]


def draw_up(session: Session, subject: Subject, form: Survey, act: Act, by: SignIn) -> SurveyAct:
    """Keep an act; the first one answers what was owed. An act is never changed: what differs is another act."""
    on = today(subject.territory.zone)
    missing = {one.id: "needed" for one in form.questions if one.required and not act.answers.get(one.id)}
    if act.surveyed_on > on:
        missing["surveyed_on"] = "in_future"
    if missing:
        raise Refused(fields=missing)
    row = SurveyAct(
        subject=subject,
        form=form.key,
        surveyed_on=act.surveyed_on,
        drawn_up_on=on,
        surveyed_by=act.surveyed_by,
        organisation=act.organisation,
        answers={name: value for name, value in act.answers.items() if value},
        author_id=by.person_id,
    )
    session.add(row)
    session.flush()
    step, ground = step_for("survey_done", subject.kind), ground_of(session, subject)
    if step is not None and ground.knows("survey_done", step):
        answers = {"summary": str(act.answers.get("conclusion", ""))}
        actor = Actor(by.person, by.enrolment)
        take_step(session, subject, "survey_done", answers, on=act.surveyed_on, by=actor, effects={})
    looked_into(session, subject)
    _note(session, "survey:drawn_up", subject, by)
    return row


def acts_of(session: Session, subject: Subject) -> Sequence[SurveyAct]:
    """Return the acts on living conditions, the newest first."""
    query = select(SurveyAct).where(SurveyAct.subject_id == subject.id).options(joinedload(SurveyAct.author))
    return session.scalars(query.order_by(SurveyAct.surveyed_on.desc(), SurveyAct.id.desc())).all()


def _said(one: Found | Finding) -> tuple[str, str, str, date | None]:
    return one.mark, one.fact, one.source, one.seen_on


def _note(session: Session, act: str, subject: Subject, by: SignIn) -> None:
    record(
        session,
        act,
        person_id=by.person_id,
        enrolment_id=by.enrolment_id,
        family_id=subject.family_id,
        object_id=subject.id,
    )
