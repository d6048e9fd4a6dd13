"""How a term is counted: from the day after its beginning, by the days of a production calendar.

The rules are those of articles 191 to 194 of the Civil Code, which documents about families do not repeat: a last day
that is no working day moves forward to one. A limit that returns (once a month, once a quarter) never moves: for it
there is an aim, the last working day before it passes.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from curator_app.procedures.facts import Duty, Fact
from curator_app.procedures.profile_definition import Every, Within

DAY = timedelta(days=1)
MONTHS = 12
QUARTER = 3
MANY = 10_000
LONGEST_REST = 366
"""Days without a single working one after which a calendar is taken to be broken."""


class Calendar(Protocol):
    """Which days are worked: the country's calendar, the region's over it, what a territory changed over both."""

    def is_working(self, day: date) -> bool:
        """Say whether people work on this day."""

    def is_provisional(self, year: int) -> bool:
        """Say whether the government has not yet settled this year's days."""

    def why(self, day: date) -> str:
        """Say in Russian what the day is: why nobody works on it, or that people do."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What counting came to."""

    due: date | datetime | None
    aim: date | None = None
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A calendar month or quarter under its name."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Step:
    """A day on the way from an event to its term: which number it got, and why it got none."""

    day: date
    number: int | None
    working: bool
    why: str
    """What the day is: why nobody works on it, or that people do."""
    part: Literal["anchor", "counted", "passed", "moved", "aim", "due"]
    """`passed`: not counted, as a Sunday among working days; `moved`: over which a last day moved forward."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in the middle of a long term, which a page may fold."""

    steps: tuple[Step, ...]

    @property
    def working(self) -> int:
        """Count those on which people work."""
        return sum(step.working for step in self.steps)


def within(anchor: Fact, length: Within, calendar: Calendar, zone: ZoneInfo) -> Limit:
    """Count a term from the event that begins it."""
    if length.unit == "immediate":
        return Limit(anchor.at.astimezone(zone) if anchor.at else anchor.on)
    if length.unit == "sutki":
        return _hours(anchor, length.n, zone)
    if length.unit == "working_day":
        due = _nth_working(anchor.on, length.n, calendar)
        return Limit(due, marks=_provisional(calendar, min(anchor.on + DAY, due), due))
    end = add_months(anchor.on, length.n) if length.unit == "month" else anchor.on + length.n * DAY
    due = next_working(end, calendar)
    marks = ("day_kind_unsaid",) if length.unit == "unspecified_day" else ()
    return Limit(due, marks=marks + _provisional(calendar, end, due))


def after_last(last: date, every: Every, calendar: Calendar) -> Limit:
    """Count a rolling period from the last time."""
    return unmoved(add_months(last, every.n) if every.unit == "month" else last + every.n * DAY, calendar)


def unmoved(due: date, calendar: Calendar) -> Limit:
    """Return a limit that never moves, with the last working day not after it as the aim."""
    aim = due
    while not calendar.is_working(aim):
        aim -= DAY
        _not_for_ever(due, aim)
    return Limit(due, aim, _provisional(calendar, aim, due))


def next_working(day: date, calendar: Calendar) -> date:
    """Return this day, or the first working one after it."""
    moved = day
    while not calendar.is_working(moved):
        moved += DAY
        _not_for_ever(day, moved)
    return moved


def add_months(day: date, count: int) -> date:
    """Return the day of the same number `count` months on, or the last day of a shorter month."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + count, MONTHS)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def span_of(day: date, mode: str) -> Span:
    """Return the calendar month, or the calendar quarter, in which a day lies."""
    length = QUARTER if mode == "calendar_quarter" else 1
    first = date(day.year, (day.month - 1) // length * length + 1, 1)
    last = add_months(first, length) - DAY
    name = f"{day.year}-Q{(day.month + 2) // QUARTER}" if length == QUARTER else f"{day.year}-{day.month:02}"
    return Span(name, first, last)


def midnight_after(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment in which a day ends."""
    return datetime.combine(day + DAY, time(), zone)


def steps(duty: Duty, calendar: Calendar) -> list[Step]:
    """Return, day by day, how a duty came to its last day; the anchor's own day comes first and is not counted."""
    end = duty.due if duty.due is not None else duty.aim
    last = end.date() if isinstance(end, datetime) else end or duty.anchor.on
    numbers = _numbers(duty, last, calendar)
    full = max(numbers, default=duty.anchor.on)
    found = []
    for offset in range(max(0, (last - duty.anchor.on).days) + 1):
        day = duty.anchor.on + offset * DAY
        part: Literal["anchor", "counted", "passed", "moved", "aim", "due"] = "counted" if day in numbers else "passed"
        if not offset:
            part = "anchor"
        elif day == last:
            part = "due"
        elif day == duty.aim:
            part = "aim"
        elif numbers and day > full:
            part = "moved"
        found.append(Step(day, numbers.get(day), calendar.is_working(day), calendar.why(day), part))
    return found


def counts_days(duty: Duty) -> bool:
    """Say whether single days were counted; months and periods of the calendar pass as a whole."""
    return _length(duty)[1] not in {"month", ""}


def told(duty: Duty, calendar: Calendar) -> list[Step | Stretch]:
    """Return how a duty came to its last day, for a page: what needs no telling is in stretches."""
    days = steps(duty, calendar)
    if counts_days(duty):
        return folded(days)
    kept: list[Step | Stretch] = []
    for passed, run in groupby(days, key=lambda step: step.part == "passed"):
        same = tuple(run)
        kept += [Stretch(same)] if passed else same
    return kept


def folded(days: Sequence[Step], edge: int = 7) -> list[Step | Stretch]:
    """Put the middle of a long term into one stretch, leaving `edge` days at either end."""
    if len(days) <= 2 * edge + 3:
        return list(days)
    return [*days[:edge], Stretch(tuple(days[edge:-edge])), *days[-edge:]]


def _numbers(duty: Duty, last: date, calendar: Calendar) -> dict[date, int]:
    """Return the days that count, with the number that each gets."""
    begun = duty.anchor.on
    n, unit = _length(duty)
    days = [begun + number * DAY for number in range(1, (last - begun).days + 1)]
    if unit == "working_day":
        days = [day for day in days if calendar.is_working(day)]
    elif unit == "month":
        days = [add_months(begun, number + 1) for number in range(n)]
    elif unit == "sutki":
        days = days[-n:]
    return {day: number for number, day in enumerate(days[:n], 1)}


def _length(duty: Duty) -> tuple[int, str]:
    """Return what was counted; nothing is for a period of the calendar, or at once."""
    rule = duty.rule
    if duty.period.startswith("f:"):
        return MANY, "calendar_day"
    if rule.every:
        return (0, "") if duty.period else (rule.every.n, rule.every.unit)
    length = rule.within or rule.target
    return (0, "") if length is None or length.unit == "immediate" else (length.n, length.unit)


def _hours(anchor: Fact, count: int, zone: ZoneInfo) -> Limit:
    """Count sutki: hours, not days, so neither Sunday nor a holiday moves them."""
    marks = () if anchor.at else ("time_unknown",)
    begun = anchor.at.astimezone(zone) if anchor.at else midnight_after(anchor.on, zone)
    # Through UTC: what counts is hours that pass, not what a clock on the wall shows.
    ended = (begun.astimezone(ZoneInfo("UTC")) + count * DAY).astimezone(zone)
    return Limit(ended, marks=marks)


def _nth_working(day: date, count: int, calendar: Calendar) -> date:
    reached = day if count else next_working(day, calendar)
    for _ in range(count):
        reached = next_working(reached + DAY, calendar)
    return reached


def _provisional(calendar: Calendar, first: date, last: date) -> tuple[str, ...]:
    asked = any(calendar.is_provisional(year) for year in range(first.year, last.year + 1))
    return ("calendar_provisional",) if asked else ()


def _not_for_ever(begun: date, reached: date) -> None:
    if abs((reached - begun).days) > LONGEST_REST:
        raise ValueError(f"В производственном календаре нет ни одного рабочего дня около {begun:%d.%m.%Y}.")
