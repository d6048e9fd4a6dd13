"""Why a duty has its day: the document's words, the event it is counted from, and the count itself, day by day."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from curator_app.auth.models import Person
from curator_app.clock import now
from curator_app.procedures import counting, engine, marks
from curator_app.procedures.counting import Step, Stretch
from curator_app.procedures.facts import Duty, State
from curator_app.procedures.profile_definition import Document, Profile, Rule
from curator_app.procedures.profiles_loader import load_profile
from curator_app.procedures.toml_files import FileError
from curator_app.procedures.vocabulary import meaning_in
from curator_app.subjects.doors import subject_is_visible_to
from curator_app.subjects.duties import calendar_for, facts_of
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Subject


@dataclass(frozen=True, slots=True)
class Line:
    """An open duty in a list; `rule` is None where its profile cannot be read."""

    row: DutyRow
    rule: Rule | None
    owner: str
    state: State
    late_days: int
    days_left: int | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Everything there is to say about one duty's day; without a profile only what the table keeps."""

    line: Line
    document: Document | None = None
    anchor: str = ""
    """What the event that began it means in the document."""
    met_by: str = ""
    steps: Sequence[Step | Stretch] = ()
    counts_days: bool = True
    marks: Sequence[str] = ()
    recounted: bool = False
    """It was met under an older calendar, by whose days it stays."""


def owed_among(session: Session, person: Person, ids: Collection[uuid.UUID], on: date) -> dict[uuid.UUID, list[Line]]:
    """Return what is owed in those subjects of each family that the person may open; closed work owes nothing."""
    found: dict[uuid.UUID, list[Line]] = {key: [] for key in ids}
    whose = Subject.family_id.in_(ids) & Subject.closed_on.is_(None) & subject_is_visible_to(person, on)
    for line in _in_order(session, whose, on):
        if line.row.subject.family_id:
            found[line.row.subject.family_id].append(line)
    return found


def began_by(line: Line) -> str:
    """Return what the event that began a duty means in its document; nothing where the profile cannot be read."""
    profile = _profile(line.row)
    return meaning_in(profile, line.row.anchor.type) if profile else ""


def duties_of(session: Session, subject: Subject, on: date) -> list[Line]:
    """Return what is owed in one subject, the earliest due first and undated steps last."""
    return _in_order(session, Subject.id == subject.id, on)


def _in_order(session: Session, whose: ColumnElement[bool], on: date) -> list[Line]:
    query = select(DutyRow).join(Subject).where(whose, DutyRow.met_on.is_(None))
    rows = session.scalars(query.options(joinedload(DutyRow.subject), joinedload(DutyRow.anchor))).all()
    ordered = sorted(rows, key=lambda row: (row.due_on is None, row.due_on or date.max, row.opened_on, row.rule))
    return [line_of(row, on) for row in ordered]


def line_of(row: DutyRow, on: date) -> Line:
    """Say how a duty stands on a day, now."""
    profile = _profile(row)
    rule = next((one for one in profile.duties if one.id == row.rule), None) if profile else None
    owner = next((one.title for one in profile.roles if one.id == row.owner), "") if profile else ""
    left = (row.due_on - on).days if row.due_on and not row.at_once else None
    moment = now()
    return Line(row, rule, owner, row.state_on(on, moment), row.late_days_on(on, moment), left)


def reason_of(session: Session, row: DutyRow, on: date) -> Reason:
    """Work a duty out once more and say where its day comes from."""
    line, profile = line_of(row, on), _profile(row)
    duty = _duty(session, row, profile, on) if profile else None
    if profile is None or duty is None:
        return Reason(line)
    calendar = calendar_for(session, profile)
    source = duty.rule.source
    own = duty.due.date() if isinstance(duty.due, datetime) else duty.due
    return Reason(
        line=line,
        document=next((one for one in profile.documents if source and one.id == source.doc), None),
        anchor=meaning_in(profile, duty.anchor.type),
        met_by=meaning_in(profile, duty.met_by.type) if duty.met_by else "",
        steps=counting.told(duty, calendar) if duty.due or duty.aim else (),
        counts_days=counting.counts_days(duty),
        marks=[duty.rule.unsaid if mark == "unsaid" else marks.WORDS[mark] for mark in duty.marks],
        recounted=row.calendar != calendar.version and row.due_at is None and own != row.due_on,
    )


def _duty(session: Session, row: DutyRow, profile: Profile, on: date) -> Duty | None:
    subject = row.subject
    try:
        facts = facts_of(session, subject)
        found = engine.duties(profile, facts, calendar_for(session, profile), on, subject.territory.zone)
    except ValueError:
        return None  # an event that cannot be read: the subject says so itself
    key = (row.rule, str(row.anchor_id), row.period)
    return next((one for one in found if (one.rule.id, one.anchor.id, one.period) == key), None)


def _profile(row: DutyRow) -> Profile | None:
    try:
        return load_profile(row.procedure)
    except FileError:
        return None
