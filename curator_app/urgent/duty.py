"""Questions of the duty person's screen: what waits for an answer, who is late, who is out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from curator_app.auth.models import Person
from curator_app.clock import now
from curator_app.families.models import Family
from curator_app.urgent.models import DUTY_ROLES, OPEN, Alarm, CheckIn

SHOWN_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class Board:
    """What the duty person sees: unanswered alarms first, who did not come back, who is out, the last day."""

    alarms: Sequence[Alarm]
    missed: Sequence[CheckIn]
    out: Sequence[CheckIn]
    answered: Sequence[Alarm]

    @property
    def waiting(self) -> int:
        """How many things want somebody now."""
        return len(self.alarms) + len(self.missed)

    @property
    def version(self) -> str:
        """A short text that changes whenever the screen would look different."""
        alarms = [f"{one.id}{alarm_version(one)}" for one in (*self.alarms, *self.answered)]
        outs = [f"{one.id}{one.until_at}{one.missed_at}{one.tried_at}" for one in (*self.missed, *self.out)]
        return _short([*alarms, *outs])


def keeps_duty(person: Person, on: date) -> bool:
    """Tell whether the person answers alarms on that day, anywhere."""
    return any(role.role in DUTY_ROLES and role.is_held(on) for role in person.roles)


def board(session: Session, person: Person, on: date) -> Board:
    """Return the screen of a duty person on that day."""
    since = now() - SHOWN_FOR
    loaded = (selectinload(Alarm.family), selectinload(Alarm.author), selectinload(Alarm.steps))
    alarms = session.scalars(
        Alarm.at_duty_of(person, on)
        .where((Alarm.state == OPEN) | (Alarm.received_at > since))
        .options(*loaded)
        .order_by(Alarm.received_at)
    ).all()
    outs = session.scalars(
        CheckIn.at_duty_of(person, on)
        .where(CheckIn.closed_at.is_(None))
        .options(selectinload(CheckIn.person), selectinload(CheckIn.family))
        .order_by(CheckIn.until_at)
    ).all()
    return Board(
        alarms=[one for one in alarms if one.state == OPEN],
        missed=[one for one in outs if one.missed_at],
        out=[one for one in outs if not one.missed_at],
        answered=[one for one in reversed(alarms) if one.state != OPEN],
    )


def waiting(session: Session, person: Person, on: date) -> int:
    """Return how many alarms and missed check-ins wait for the person."""
    alarms = Alarm.at_duty_of(person, on).where(Alarm.state == OPEN).subquery()
    missed = (
        CheckIn.at_duty_of(person, on).where(CheckIn.closed_at.is_(None), CheckIn.missed_at.is_not(None)).subquery()
    )
    counts = [session.scalar(select(func.count()).select_from(rows)) or 0 for rows in (alarms, missed)]
    return sum(counts)


def alarm_version(alarm: Alarm) -> str:
    """Return a short text that changes with everything that an alarm's page shows."""
    moments: list[datetime | None] = [alarm.seen_at, alarm.confirmed_at, alarm.cancelled_at]
    return _short([alarm.state, alarm.need, alarm.reply, *map(str, moments), *(str(line.id) for line in alarm.steps)])


def may_read_address(session: Session, person: Person, family: Family, on: date) -> bool:
    """Tell whether the address may be shown: a hidden one only to those who may read the raw record."""
    if not family.address_hidden:
        return True
    mine = select(Family.id).where(Family.id == family.id, Family.id.in_(Family.ids_raw_visible_to(person, on)))
    return session.scalar(mine) is not None


def _short(parts: list[str]) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:12]
