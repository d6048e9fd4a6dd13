"""Questions of the duty person's screen: what waits for an answer, who is late, who is out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from curator_app.auth.models import Person
from curator_app.clock import now
from curator_app.families.models import Family
from curator_app.subjects.doors import INTAKE_ROLE
from curator_app.urgent.models import DUTY_ROLES, OPEN, Alarm, CheckIn

T = TypeVar("T", Alarm, CheckIn)

SHOWN_FOR = timedelta(hours=24)
TAKEN_BACK_WITHIN = timedelta(hours=1)
SHOWN = 20
"""So many of each kind stand on the screen; the rest is a page away, and none of it is loaded meanwhile."""


@dataclass(frozen=True)
class Some(Generic[T]):
    """The first ones of a list, and how many there are in all."""

    rows: Sequence[T]
    total: int

    @property
    def left_out(self) -> int:
        """How many more there are."""
        return self.total - len(self.rows)


@dataclass(frozen=True)
class Board:
    """What the duty person sees: unanswered alarms first, who did not come back, who is out, the last day."""

    alarms: Some[Alarm]
    missed: Some[CheckIn]
    out: Some[CheckIn]
    found: Some[CheckIn]
    """Whom the duty person said to have reached, for an hour: a slip of the hand is taken back."""
    answered: Some[Alarm]

    @property
    def version(self) -> str:
        """A short text that changes whenever the screen would look different."""
        alarms = [f"{one.id}{alarm_version(one)}" for one in (*self.alarms.rows, *self.answered.rows)]
        outs = [f"{one.id}{one.until_at}{one.missed_at}{one.tried_at}" for one in (*self.missed.rows, *self.out.rows)]
        found = [str(one.id) for one in self.found.rows]
        totals = [str(some.total) for some in (self.alarms, self.missed, self.out, self.answered)]
        return _short([*alarms, *outs, *found, *totals])


def keeps_duty(person: Person, on: date) -> bool:
    """Tell whether the person answers alarms on that day, anywhere; intake does where an organisation has nobody."""
    return any(role.role in {*DUTY_ROLES, INTAKE_ROLE} and role.is_held(on) for role in person.roles)


def board(session: Session, person: Person, on: date) -> Board:
    """Return the screen of a duty person on that day. What nobody has opened yet comes first, however much is old."""
    settled = Alarm.at_duty_of(person, on).where(Alarm.state != OPEN, Alarm.received_at > now() - SHOWN_FOR)
    newest = (Alarm.received_at.desc(), Alarm.id.desc())
    return Board(
        alarms=_some(session, open_alarms(person, on).order_by(Alarm.seen_at.is_not(None), *newest), ALARM),
        missed=_some(session, missed_check_ins(person, on).order_by(CheckIn.until_at.desc(), CheckIn.id), CHECK_IN),
        out=_some(session, awaited_check_ins(person, on).order_by(CheckIn.until_at, CheckIn.id), CHECK_IN),
        found=_some(session, _found_check_ins(person, on).order_by(CheckIn.closed_at.desc(), CheckIn.id), CHECK_IN),
        answered=_some(session, settled.order_by(*newest), ALARM),
    )


def open_alarms(person: Person, on: date) -> Select[Alarm]:
    """Select the alarms that wait for the person's answer."""
    return Alarm.at_duty_of(person, on).where(Alarm.state == OPEN)


def missed_check_ins(person: Person, on: date) -> Select[CheckIn]:
    """Select those who did not come back."""
    return CheckIn.at_duty_of(person, on).where(CheckIn.closed_at.is_(None), CheckIn.missed_at.is_not(None))


def awaited_check_ins(person: Person, on: date) -> Select[CheckIn]:
    """Select those whose hour has not come."""
    return CheckIn.at_duty_of(person, on).where(CheckIn.closed_at.is_(None), CheckIn.missed_at.is_(None))


def _found_check_ins(person: Person, on: date) -> Select[CheckIn]:
    by_others = CheckIn.closed_by_id != CheckIn.person_id
    return CheckIn.at_duty_of(person, on).where(by_others, CheckIn.closed_at > now() - TAKEN_BACK_WITHIN)


def waiting(session: Session, person: Person, on: date) -> int:
    """Return how many alarms and missed check-ins wait for the person."""
    return _count(session, open_alarms(person, on)) + _count(session, missed_check_ins(person, on))


ALARM = tuple(selectinload(part) for part in (Alarm.family, Alarm.author, Alarm.steps, Alarm.notices))
CHECK_IN = (selectinload(CheckIn.person), selectinload(CheckIn.family), selectinload(CheckIn.closed_by))
"""What a line of either shows."""


def _some(session: Session, query: Select[T], loaded: tuple[Any, ...]) -> Some[T]:
    rows = session.scalars(query.options(*loaded).limit(SHOWN)).all()
    return Some(rows, len(rows) if len(rows) < SHOWN else _count(session, query))


def _count(session: Session, query: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def alarm_version(alarm: Alarm) -> str:
    """Return a short text that changes with everything that an alarm's page shows."""
    moments: list[datetime | None] = [alarm.seen_at, alarm.confirmed_at, alarm.cancelled_at, alarm.closed_at]
    lines = [str(line.id) for line in (*alarm.steps, *alarm.notices)]
    return _short([alarm.state, alarm.need, alarm.reply, *map(str, moments), *lines])


def may_read_address(session: Session, person: Person, family: Family, on: date) -> bool:
    """Tell whether the address may be shown: a hidden one only to those who may read the raw record."""
    if not family.address_hidden:
        return True
    mine = select(Family.id).where(Family.id == family.id, Family.is_raw_visible_to(person, on, Family.id))
    return session.scalar(mine) is not None


def _short(parts: list[str]) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:12]
