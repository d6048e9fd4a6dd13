"""«Сегодня» in order: what is late, whom to visit and when, short deadlines, answers that came, the week ahead."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.auth.models import Person
from curator_app.desk.answers import Answer, answers_of
from curator_app.desk.lists import SOON, FamilyRow, Turns
from curator_app.families.models import Family
from curator_app.intake.models import Signal
from curator_app.procedures.calendar import Calendar
from curator_app.reminders.owed import owed_by
from curator_app.reminders.rhythm import VISITS
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.reasons import Line, line_of
from curator_app.visits.planning import plans_of
from curator_app.visits.planning_models import PlannedVisit

DAY = timedelta(days=1)
HORIZON = timedelta(days=14)
SHORT = timedelta(days=10)
MOST = 200
"""So much is read of what one person owes in two weeks; the rest has a page of its own."""
LONGEST_HOLIDAYS = 21


@dataclass(frozen=True, slots=True)
class Owed:
    """An open duty of the reader's, with whose it is."""

    line: Line
    family_id: uuid.UUID | None
    whose: str
    """The family's surname, or the number of a signal; "" where neither is meant."""

    @property
    def is_visit(self) -> bool:
        """Tell whether a visit meets it."""
        return bool(self.line.rule and VISITS.intersection(self.line.rule.done_by))

    @property
    def is_late(self) -> bool:
        """Tell whether its day has passed."""
        return self.line.state == "late"


@dataclass(frozen=True, slots=True)
class Stop:
    """A family on the day's list: when one goes there, and until when one should."""

    row: FamilyRow
    plan: PlannedVisit | None
    due_on: date | None
    aim: date | None
    """The last working day before the limit."""

    @property
    def on(self) -> date | None:
        """Return the day: what was planned last, else what was agreed with the family."""
        return self.plan.on if self.plan else self.row.agreed.on if self.row.agreed else None

    @property
    def time(self) -> str:
        """Return the hour, where one was named for that day."""
        agreed = self.row.agreed
        hour = self.plan.time if self.plan else ""
        return hour or (agreed.time if agreed and agreed.on == self.on else "")


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One of the days ahead, and how many visits stand on it."""

    on: date
    count: int
    works: bool


@dataclass(frozen=True, slots=True)
class Day:
    """Everything of one person's day."""

    late: Sequence[Owed]
    today: Sequence[Stop]
    """Today's, and those whose day passed without a visit."""
    whom: Sequence[Stop]
    """Families without a day, whose turn comes first."""
    ahead: Sequence[Stop]
    short: Sequence[Owed]
    answers: Sequence[Answer]
    week: Sequence[WeekDay]

    @property
    def first(self) -> Stop | None:
        """Return whom «Начать посещение» means."""
        return next((one for one in (*self.today, *self.whom, *self.ahead) if one.row.raw), None)


def day_of(session: Session, person: Person, on: date, turns: Turns, calendar: Calendar) -> Day:
    """Gather a person's day."""
    owed = owed_lines(session, owed_by(session, person, on, until=on + HORIZON, most=MOST), on)
    stops = stops_of(session, own_rows(session, person, on, turns.rows), owed, calendar)
    dated = sorted((one for one in stops if one.on), key=lambda one: (one.on or on, one.time, one.row.address))
    whom = sorted((one for one in stops if not one.on), key=lambda one: one.aim or date.max)
    return Day(
        late=[one for one in owed if one.is_late],
        today=[one for one in dated if one.on and one.on <= on],
        whom=whom,
        ahead=[one for one in dated if one.on and one.on > on],
        short=[one for one in owed if _is_short(one, on)],
        answers=answers_of(session, person, on),
        week=_week(dated, on, calendar),
    )


def owed_lines(session: Session, rows: Sequence[DutyRow], on: date) -> list[Owed]:
    """Say how each duty stands and whose it is; the caller knows that the reader may be told."""
    families = {row.subject.family_id for row in rows if row.subject.family_id}
    names = dict(session.execute(select(Family.id, Family.surname).where(Family.id.in_(families))).all())
    subjects = {row.subject_id for row in rows if row.subject.kind == "signal"}
    signals = {one.id: one.journal_no for one in session.scalars(select(Signal).where(Signal.id.in_(subjects)))}
    found = []
    for row in rows:
        whose = names.get(row.subject.family_id or row.subject_id) or signals.get(row.subject_id, "")
        found.append(Owed(line_of(row, on), row.subject.family_id, whose))
    return found


def own_rows(session: Session, person: Person, on: date, rows: Sequence[FamilyRow]) -> list[FamilyRow]:
    """Return the families that are in the person's own hands: a head does not go in her curators' stead."""
    own = set(session.scalars(Family.own_ids(person, on)))
    return [row for row in rows if row.family.id in own]


def stops_of(session: Session, rows: Sequence[FamilyRow], owed: Iterable[Owed], calendar: Calendar) -> list[Stop]:
    """Put families, their plans and the days of their visits together, in the order of the rows."""
    plans = plans_of(session, [row.family.id for row in rows if row.raw])
    visits: dict[uuid.UUID, DutyRow] = {}
    for one in owed:
        if one.is_visit and one.family_id and one.line.row.due_on:
            visits.setdefault(one.family_id, one.line.row)
    return [_stop(row, plans.get(row.family.id), visits.get(row.family.id), calendar) for row in rows]


def _stop(row: FamilyRow, plan: PlannedVisit | None, duty: DutyRow | None, calendar: Calendar) -> Stop:
    due = duty.due_on if duty else None
    aim = (duty.aim_on if duty else None) or (working_before(calendar, due) if due else None)
    return Stop(row, plan, due, aim)


def working_before(calendar: Calendar, limit: date) -> date:
    """Return the last working day before a limit: what one aims at."""
    day = limit - DAY
    for _ in range(LONGEST_HOLIDAYS):
        if calendar.is_working(day):
            break
        day -= DAY
    return day


def _is_short(one: Owed, on: date) -> bool:
    due = one.line.row.due_on
    return not one.is_late and not one.is_visit and (due is None or due <= on + SHORT)


def _week(dated: Iterable[Stop], on: date, calendar: Calendar) -> list[WeekDay]:
    days = [on + ahead * DAY for ahead in range(SOON.days)]
    counts = dict.fromkeys(days, 0)
    for one in dated:
        if one.on in counts:
            counts[one.on] += 1
    # A day off without a visit says nothing.
    return [
        WeekDay(day, counts[day], calendar.is_working(day)) for day in days if counts[day] or calendar.is_working(day)
    ]
