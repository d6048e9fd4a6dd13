"""The table of duties follows a subject's events: worked out anew under the subject's lock, written by difference.

Nothing here may lose an event. Where the profile or an event cannot be read, the table stays as it was, the subject
says so, and the sweep tries again.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from curator_app.clock import now, today
from curator_app.database import uuid7
from curator_app.procedures import engine
from curator_app.procedures.calendar import Calendar, calendar_of
from curator_app.procedures.corrections import CORRECTION, resolved
from curator_app.procedures.facts import Duty, Fact
from curator_app.procedures.frequencies import FREQUENCY
from curator_app.procedures.history import History
from curator_app.procedures.pauses import PAUSED, RESUMED, Pause, Pauses
from curator_app.procedures.profile_definition import Profile
from curator_app.procedures.profiles_loader import load_profile
from curator_app.procedures.toml_files import FileError
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.lines import keep_line, moves_line
from curator_app.subjects.models import Event, Subject
from curator_app.workdays.service import calendar_number, current_calendar

log = logging.getLogger(__name__)

DAY = timedelta(days=1)
DECIDING = frozenset({CORRECTION, FREQUENCY, PAUSED, RESUMED, "risk_decided"})
"""Events that change duties whatever the profile's rules say."""
TABLE = cast("Table", DutyRow.__table__)
COLUMNS = tuple(column.name for column in TABLE.columns if column.name not in {"id", "created_at", "remind_at"})
Key = tuple[str, uuid.UUID, str]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Owed:
    """What follows from a subject's events today, and the day on which that will be something else."""

    profile: Profile
    calendar: Calendar
    duties: Sequence[Duty]
    pauses: Sequence[Pause]
    changes_on: date | None
    facts: Sequence[Fact] = ()


class NotComputed(Exception):
    """The duties could not be worked out; `fault` says where: profile | events."""

    def __init__(self, fault: str, why: str) -> None:
        self.fault = fault
        super().__init__(why)


def concerns(subject: Subject, event_type: str) -> bool:
    """Tell whether an event of this type can change what is owed; the many that cannot cost nothing."""
    try:
        profile = load_profile(subject.procedure)
        owes = event_type in DECIDING or event_type in _types(profile, subject.kind)
        return owes or moves_line(subject.kind, event_type, profile)
    except FileError:
        return True


def project(session: Session, subject: Subject) -> None:
    """Write what a subject's events lead to. The caller holds the subject's row lock and commits.

    Raises nothing for a profile or an event that cannot be read: the subject keeps the fault.
    """
    session.flush()
    try:
        owed = owed_by(session, subject)
    except NotComputed as error:
        # Only the kind of fault: an event's text may quote what somebody wrote.
        log.error("subject %s: duties not worked out: %s", subject.id, error)  # noqa: TRY400
        subject.projection_fault, subject.reproject_on = error.fault, today(subject.territory.zone)
        subject.reproject_claimed_at = now()
        return
    _write(session, subject, owed)
    keep_line(session, subject, owed.profile, owed.facts, owed.duties)
    subject.projection_fault, subject.reproject_on, subject.reproject_claimed_at = "", owed.changes_on, None


def owed_by(session: Session, subject: Subject) -> Owed:
    """Work out what is owed today; raise NotComputed."""
    zone = subject.territory.zone
    on = today(zone)
    try:
        profile = load_profile(subject.procedure)
    except FileError as error:
        raise NotComputed("profile", type(error).__name__) from error
    calendar = calendar_for(session, profile)
    try:
        facts = facts_of(session, subject)
        found = engine.duties(profile, facts, calendar, on, zone)
        pauses = Pauses(History(facts, on, ZoneInfo(zone))).all if any(one.type == PAUSED for one in facts) else []
        changes_on = _changes_on(facts, found, on, zone)
    except Exception as error:
        raise NotComputed("events", type(error).__name__) from error
    return Owed(profile, calendar, found, pauses, changes_on, facts)


def calendar_for(session: Session, profile: Profile) -> Calendar:
    """Return the calendar of a profile; where nobody ever put a day right, without asking for those days."""
    if not calendar_number(session):
        return calendar_of(profile.calendar)
    return current_calendar(session, profile.calendar)


def facts_of(session: Session, subject: Subject) -> list[Fact]:
    """Return a subject's events as the engine reads them, in the order in which they were written down."""
    zone = ZoneInfo(subject.territory.zone)
    found = session.execute(
        select(Event.id, Event.type, Event.on, Event.at, Event.data)
        .where(Event.subject_id == subject.id)
        .order_by(Event.no)
    )
    # A moment that belongs to another day is when somebody wrote it down, not when it happened.
    return [
        Fact(str(key), subject.kind, kind, on, at if at and at.astimezone(zone).date() == on else None, data or {})
        for key, kind, on, at, data in found
    ]


def _types(profile: Profile, kind: str) -> frozenset[str]:
    found = _known.get((profile.key, kind))
    if found is None or found[0] is not profile:
        rules = [rule for rule in profile.duties if rule.subject == kind]
        names = frozenset(name for rule in rules for name in (*rule.after, *rule.done_by, *rule.until))
        found = _known[profile.key, kind] = (profile, names)
    return found[1]


_known: dict[tuple[str, str], tuple[Profile, frozenset[str]]] = {}


def _changes_on(facts: Sequence[Fact], found: Iterable[Duty], on: date, zone: str) -> date | None:
    """Return the next day that changes something by itself: an announced event's, or the first of a new period."""
    days = [fact.on for fact in resolved(facts, ZoneInfo(zone)) if fact.on > on]
    for duty in found:
        every = duty.rule.every
        if every and every.mode != "rolling" and isinstance(duty.due, date) and duty.due >= on:
            days.append(duty.due + DAY)
    return min(days, default=None)


def _write(session: Session, subject: Subject, owed: Owed) -> None:
    """Bring the table to what is owed: change what differs, add, take away."""
    wanted = {_key(row): row for row in (_row(subject, owed, duty) for duty in owed.duties)}
    columns = [TABLE.c[name] for name in ("id", *COLUMNS)]
    standing = session.execute(select(*columns).where(DutyRow.subject_id == subject.id)).mappings()
    gone, changed = [], []
    for row in standing:
        new = wanted.pop(_key(row), None)
        if new is None:
            gone.append(row["id"])
        elif not _stays(row, new) and any(row[name] != new[name] for name in COLUMNS):
            changed.append({"key": row["id"], **{name: new[name] for name in COLUMNS}, **_looked_at(new)})
    if gone:
        session.execute(delete(TABLE).where(TABLE.c.id.in_(gone)))
    if changed:
        session.connection().execute(update(TABLE).where(TABLE.c.id == bindparam("key")), changed)
    if wanted:
        made = now()
        session.connection().execute(
            insert(TABLE), [{"id": uuid7(), "created_at": made, **row, **_looked_at(row)} for row in wanted.values()]
        )


def _looked_at(row: Row) -> Row:
    """Have the reminders look at what is new or has changed; of what is met nothing more is said."""
    return {"remind_at": None if row["met_on"] else now()}


def _stays(row: Any, new: Row) -> bool:
    """Tell whether a duty was met under an older calendar: what was kept is not late because a day was put right."""
    same = ("procedure", "opened_on", "met_on", "met_at", "met_by_id", "due_at")
    return row["met_on"] is not None and row["calendar"] != new["calendar"] and all(row[n] == new[n] for n in same)


def _key(row: Any) -> Key:
    return row["rule"], row["anchor_id"], row["period"]


def _row(subject: Subject, owed: Owed, duty: Duty) -> Row:
    rule, met, zone = duty.rule, duty.met_by, ZoneInfo(subject.territory.zone)
    exact = isinstance(duty.due, datetime)
    due_on = duty.due.astimezone(zone).date() if isinstance(duty.due, datetime) else duty.due
    pause, over = _pauses(owed, duty)
    return {
        "subject_id": subject.id,
        "rule": rule.id,
        "anchor_id": uuid.UUID(duty.anchor.id),
        "period": duty.period,
        "owner": rule.owner,
        "opened_on": duty.anchor.on,
        "due_on": due_on,
        "due_at": _utc(duty.due) if exact else None,
        "aim_on": duty.aim,
        "at_once": rule.within is not None and rule.within.unit == "immediate",
        "met_on": met.on if met else None,
        "met_at": _utc(met.at) if met else None,
        "met_by_id": uuid.UUID(met.id) if met else None,
        "paused_since": pause.begun.on if pause else None,
        "paused_at": _utc(pause.begun.at) if pause else None,
        "pauses": over,
        "procedure": owed.profile.key,
        "calendar": owed.calendar.version,
    }


def _utc(moment: Any) -> datetime | None:
    return moment.astimezone(ZoneInfo("UTC")) if moment else None


def _pauses(owed: Owed, duty: Duty) -> tuple[Pause | None, list[list[str]]]:
    """Return the pause in which an open duty stands, and those that are over and count for its late days."""
    if duty.met_by or not duty.rule.pausable or not owed.pauses:
        return None, []
    due = duty.due or duty.anchor.on
    over = [
        [pause.begun.on.isoformat(), pause.ended.on.isoformat()]
        for pause in owed.pauses
        if pause.ended and pause.ended.on > date(due.year, due.month, due.day)
    ]
    return (owed.pauses[-1] if owed.pauses[-1].ended is None else None), over
