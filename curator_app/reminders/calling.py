"""Call people: alarms and whoever did not come back, by every channel, again and again until somebody named answers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from curator_app.auth.models import Organisation, Role
from curator_app.clock import now
from curator_app.reminders.models import ALARM, ALARM_CONFIRMED, CHECK_IN, CHECK_IN_LATE, Reminder
from curator_app.reminders.places import Places
from curator_app.reminders.telling import Said, remind
from curator_app.subjects.doors import INTAKE_ROLE
from curator_app.urgent.models import CONFIRMED, DUTY_ROLES, OPEN, Alarm, CheckIn

OFTEN = timedelta(hours=1)
"""So long a call is repeated every few minutes; then at the pace of half an hour."""
SELDOM_MINUTES = 30
CALLED_FOR = timedelta(hours=24)
"""After a day it is once a day, as long as nobody has answered."""
BEFORE_RETURN = timedelta(minutes=10)
BOARD = "/duty"
CALLS = (ALARM, CHECK_IN, CHECK_IN_LATE)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call that is to be made, or an answer that is to be told: a transaction of its own for each."""

    kind: str
    id: uuid.UUID


def waiting(session: Session, at: datetime) -> list[Waiting]:
    """Return everything that waits: alarms first, then who did not come back, then those who are told something."""
    alarms = _alarms(at).order_by(Alarm.received_at)
    open_ones = session.scalars(alarms.where(Alarm.state == OPEN).with_only_columns(Alarm.id)).all()
    late = session.scalars(_missed().with_only_columns(CheckIn.id)).all()
    answered = session.scalars(alarms.where(Alarm.state == CONFIRMED).with_only_columns(Alarm.id)).all()
    near = _checks(at).where(CheckIn.missed_at.is_(None), CheckIn.until_at > at).with_only_columns(CheckIn.id)
    found = [Waiting(ALARM, key) for key in open_ones] + [Waiting(CHECK_IN_LATE, key) for key in late]
    found += [Waiting(ALARM_CONFIRMED, key) for key in answered]
    return found + [Waiting(CHECK_IN, key) for key in session.scalars(near).all()]


def call(session: Session, one: Waiting, at: datetime) -> int:
    """Make one call, or tell of one answer; return how many were reached for. The caller commits."""
    places = Places(session)
    if one.kind in {ALARM, ALARM_CONFIRMED}:
        alarm = session.get_one(Alarm, one.id)
        if one.kind == ALARM:
            return _call(session, places, (alarm, ALARM, alarm.received_at), at)
        path = f"/families/{alarm.family_id}/urgent" if alarm.family_id else "/today"
        said = Said(ALARM_CONFIRMED, alarm.id, "confirmed", path, subject_id=alarm.subject_id)
        return int(remind(session, places, alarm.author_id, said, at))
    check = session.get_one(CheckIn, one.id)
    if one.kind == CHECK_IN_LATE:
        return _call(session, places, (check, CHECK_IN_LATE, check.missed_at or at), at)
    said = Said(CHECK_IN, check.id, check.until_at.isoformat(), "/check-in", subject_id=check.subject_id)
    return int(remind(session, places, check.person_id, said, at))


def settle(session: Session) -> int:
    """End what was said of calls that somebody answered, called off or found; return how many ended."""
    alarms = select(Alarm.id).where(Alarm.id == Reminder.about_id, Alarm.state == OPEN)
    checks = select(CheckIn.id).where(CheckIn.id == Reminder.about_id, CheckIn.closed_at.is_(None))
    is_check = Reminder.kind.in_((CHECK_IN, CHECK_IN_LATE))
    waits = ((Reminder.kind == ALARM) & alarms.exists()) | (is_check & checks.exists())
    over = update(Reminder).where(Reminder.kind.in_(CALLS), Reminder.settled_at.is_(None), ~waits)
    done = session.execute(over.values(settled_at=now()).execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]


def is_anything_open(session: Session, at: datetime) -> bool:
    """Tell whether there is anybody to be called, told or left in peace: a look by index, each minute."""
    asked = (
        _alarms(at).with_only_columns(Alarm.id),
        _checks(at).with_only_columns(CheckIn.id),
        _missed().with_only_columns(CheckIn.id),
        select(Reminder.id).where(Reminder.kind.in_(CALLS), Reminder.settled_at.is_(None)),
    )
    return any(session.execute(query.limit(1)).first() for query in asked)


def step_of(since: datetime, at: datetime, minutes: int) -> str:
    """Name the round in which a call is: each is said once however often the sweep looks."""
    passed = max(timedelta(0), at - since)
    if passed < OFTEN:
        return f"{int(passed / timedelta(minutes=minutes)) * minutes}"
    if passed >= CALLED_FOR:
        return f"{int(passed / CALLED_FOR)}d"
    return f"{int(passed / timedelta(minutes=SELDOM_MINUTES)) * SELDOM_MINUTES}"


def _call(session: Session, places: Places, what: tuple[Alarm | CheckIn, str, datetime], at: datetime) -> int:
    row, kind, since = what
    place = places.of(row.organisation.territory)
    on = at.astimezone(place.zone).date()
    if at - since >= CALLED_FOR and place.rhythm.is_quiet(at.astimezone(place.zone).time()):
        # Whoever was called for a day and a night is not woken for it again; the morning says it.
        return 0
    step = step_of(since, at, place.rhythm.alarm_minutes)
    said = Said(kind, row.id, step, BOARD, subject_id=row.subject_id)
    author = row.author_id if isinstance(row, Alarm) else row.person_id
    people = _on_duty(session, row.organisation, author, on)
    _forget_earlier(session, row.id, kind, step)
    return sum(remind(session, places, person, said, at) for person in people)


def _on_duty(session: Session, place: Organisation, author: uuid.UUID, on: date) -> Sequence[uuid.UUID]:
    """Return who is called: duty people and heads of the organisation; where it has no other, the district's intake."""
    query = select(Role.person_id).where(Role.person_id != author, Role.held_on(on))
    own = session.scalars(query.where(Role.organisation_id == place.id, Role.role.in_(DUTY_ROLES))).all()
    if own:
        return sorted(set(own))
    here = query.join(Role.organisation).where(Organisation.territory_id == place.territory_id)
    return sorted(set(session.scalars(here.where(Role.role == INTAKE_ROLE))))


def _forget_earlier(session: Session, key: uuid.UUID, kind: str, step: str) -> None:
    """Let the newest call alone wait: ten lines of one alarm would hide the next one."""
    mine = (Reminder.about_id == key) & (Reminder.kind == kind) & (Reminder.step != step)
    earlier = update(Reminder).where(mine, Reminder.settled_at.is_(None)).values(settled_at=now())
    session.execute(earlier.execution_options(synchronize_session=False))


def _alarms(at: datetime) -> Select[Alarm]:
    return select(Alarm).where((Alarm.received_at > at - CALLED_FOR) | (Alarm.state == OPEN))


def _missed() -> Select[CheckIn]:
    return select(CheckIn).where(CheckIn.closed_at.is_(None), CheckIn.missed_at.is_not(None))


def _checks(at: datetime) -> Select[CheckIn]:
    late = select(CheckIn).where(CheckIn.closed_at.is_(None), CheckIn.until_at > at - 2 * CALLED_FOR)
    return late.where(CheckIn.until_at <= at + BEFORE_RETURN)
