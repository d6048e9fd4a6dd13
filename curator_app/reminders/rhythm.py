"""When something is said of a duty: a territory's settings and a duty's days in, moments out. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from curator_app.procedures.calendar import Calendar

DAY = timedelta(days=1)
YEAR_DAYS = 366
OWNER = "owner"
"""Who owes it; any other value is a role of the profile that is told of what is late."""
VISITS = frozenset({"visit_made"})
"""A duty that one of these meets is a visit."""
MORNING_LASTS = timedelta(hours=1)
AGAIN_DAYS = 7
AGAIN_TIMES = 4
MORNINGS = 3
"""So many mornings it is said again that hours have passed."""
"""What is late is said on the next working day, and then weekly for so many weeks: the list shows it every day."""
LOOK_AROUND = 21
"""No calendar of ours has more days off in a row; a broken one must not stop the sweep."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a territory reminds; the defaults hold where it chose nothing."""

    visit_days: tuple[int, ...] = (7, 3, 1)
    """So many days before a visit is due."""
    duty_days: tuple[int, ...] = (7, 3, 1)
    """The same for a long duty that is no visit."""
    short_days: int = 10
    """A duty of no more days is short: it is said at half of its time and a day before."""
    quiet_from: time = time(20, 0)
    quiet_to: time = time(8, 0)
    morning: time = time(9, 0)
    """When what concerns a whole day is said, and the digest is sent."""
    names_in_mail: bool = False
    """Whether a digest may name families: only if the territory says so."""
    alarm_minutes: int = 3
    """An alarm that nobody has confirmed is said again after so many minutes."""
    cases_norm: int = 0
    """Cases that one curator carries by the territory's norm; 0 where there is none."""
    offers_support: bool = True
    """Whether supervision is offered after an alarm."""
    late_to_head_days: int = 3
    """After so many days late the head is told; the profile's own rules add to that."""

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Rhythm:
        """Return the rhythm of a territory's settings; what it does not say, or says unreadably, is the default."""
        rhythm = cls()
        for name, read in _READ.items():
            try:
                rhythm = replace(rhythm, **{name: read(said[name])})
            except (KeyError, TypeError, ValueError):
                continue
        return rhythm

    def is_quiet(self, moment: time) -> bool:
        """Tell whether nobody is disturbed at that time of the day."""
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= moment < self.quiet_to
        return moment >= self.quiet_from or moment < self.quiet_to


def _days(value: Any) -> tuple[int, ...]:
    return tuple(sorted({int(one) for one in value if 0 < int(one) <= YEAR_DAYS}, reverse=True))


def _natural(value: Any) -> int:
    number = int(value)
    if number < 0:
        raise ValueError(number)
    return number


_READ: dict[str, Any] = {
    "visit_days": _days,
    "duty_days": _days,
    "short_days": _natural,
    "quiet_from": time.fromisoformat,
    "quiet_to": time.fromisoformat,
    "morning": time.fromisoformat,
    "names_in_mail": bool,
    "alarm_minutes": lambda value: max(1, _natural(value)),
    "cases_norm": _natural,
    "offers_support": bool,
    "late_to_head_days": _natural,
}


class Owed(Protocol):
    """What is read of a duty."""

    opened_on: date
    due_on: date | None
    due_at: datetime | None
    aim_on: date | None
    at_once: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """When something is said, under which name it is said only once, and to whom."""

    at: datetime
    step: str
    """before_7 … before_1, half, due, now, again, late, late_7 …, told_3."""
    to: str = OWNER

    @property
    def is_late(self) -> bool:
        """Tell whether it says that the day has passed."""
        return self.step.startswith(("late", "told"))


@dataclass(frozen=True, slots=True)
class Climb:
    """Who is told of a late duty after how many days."""

    after_days: int
    to: str


def moments(
    duty: Owed, rhythm: Rhythm, zone: ZoneInfo, calendar: Calendar, *, visit: bool, climbs: Sequence[Climb] = ()
) -> list[Moment]:
    """Return everything that will be said of an open duty, in order.

    `visit` chooses the territory's days for visits. A moment that falls on days off is said on the working day before;
    one that says that a day has passed, on the working day after. What is to be done at once, or is counted in hours,
    knows no days off.
    """
    place = _Place(rhythm, zone, calendar)
    if duty.at_once:
        return sorted([Moment(duty.created_at, "now"), *_undone(duty, place, climbs)])
    if duty.due_on is None:
        return sorted(_undated(duty, place, climbs))
    after = _after_hours(duty.due_at, place, climbs) if duty.due_at else _after(duty.due_on, place, climbs)
    return sorted([*_before(duty, place, visit=visit), *after])


@dataclass(frozen=True, slots=True)
class _Place:
    rhythm: Rhythm
    zone: ZoneInfo
    calendar: Calendar

    def morning(self, day: date) -> datetime:
        return datetime.combine(day, self.rhythm.morning, self.zone)

    def working(self, day: date, step: int) -> date:
        """Return the day itself, or the nearest working one before (-1) or after (1) it."""
        for _ in range(LOOK_AROUND):
            if self.calendar.is_working(day):
                break
            day += step * DAY
        return day


def _before(duty: Owed, place: _Place, *, visit: bool) -> Iterator[Moment]:
    due = duty.due_on or date.max
    if duty.due_at is not None:
        half = _awake(duty.created_at + (duty.due_at - duty.created_at) / 2, duty.due_at, place)
        # Not before there was anything to say.
        yield Moment(max(half, duty.created_at), "half")
        return
    rhythm, length = place.rhythm, (due - duty.opened_on).days
    # Counted back from the last day on which anybody works: days off must not swallow the warnings.
    due = place.working(due, -1)
    days: list[tuple[str, date]] = [("due", due)]
    if visit:
        days += [(f"before_{count}", due - count * DAY) for count in rhythm.visit_days]
    elif length <= rhythm.short_days:
        days += [("half", duty.opened_on + (length // 2) * DAY), ("before_1", due - DAY)]
    else:
        days += [(f"before_{count}", due - count * DAY) for count in rhythm.duty_days]
    # Nothing is left to be said before it where all of it falls on the first day: then that is said at once.
    if all(place.working(day, -1) <= duty.opened_on for _step, day in days):
        yield Moment(duty.created_at, "due")
        return
    taken: set[date] = set()
    for step, day in days:
        said = place.working(day, -1)
        # Two that fall on one day are one; what would be said on the first day is no news.
        if said not in taken and said > duty.opened_on:
            taken.add(said)
            yield Moment(place.morning(said), step)


def _after(due: date, place: _Place, climbs: Sequence[Climb]) -> Iterator[Moment]:
    first = place.working(due + DAY, 1)
    yield Moment(place.morning(first), "late")
    for week in range(1, AGAIN_TIMES + 1):
        days = week * AGAIN_DAYS
        yield Moment(place.morning(place.working(due + days * DAY, 1)), f"late_{days}")
    for climb in climbs:
        day = max(first, place.working(due + climb.after_days * DAY, 1))
        yield Moment(place.morning(day), f"told_{climb.after_days}", climb.to)


def _after_hours(due: datetime, place: _Place, climbs: Sequence[Climb]) -> Iterator[Moment]:
    """Yield what is said when hours have passed: as soon as people are awake, and each morning of three."""
    passed, last = awake_from(due, place.rhythm, place.zone), due.astimezone(place.zone).date()
    yield Moment(passed, "late")
    for days in range(1, MORNINGS + 1):
        # Not twice in one morning.
        if (morning := place.morning(last + days * DAY)) - passed > DAY / 2:
            yield Moment(morning, f"late_{days}")
    for climb in climbs:
        told = place.morning(last + climb.after_days * DAY)
        yield Moment(max(passed, told), f"told_{climb.after_days}", climb.to)


def _undone(duty: Owed, place: _Place, climbs: Sequence[Climb]) -> Iterator[Moment]:
    """Yield what is said of something that was to be done at once, when the day on which it arose is over."""
    yield Moment(place.morning(duty.opened_on + DAY), "again")
    for climb in climbs:
        days = max(1, climb.after_days)
        yield Moment(place.morning(duty.opened_on + days * DAY), f"told_{climb.after_days}", climb.to)


def _undated(duty: Owed, place: _Place, climbs: Sequence[Climb]) -> Iterator[Moment]:
    """Yield whom a document tells of something for which it names no day: the days count from when it arose."""
    for climb in climbs:
        told = place.morning(duty.opened_on + climb.after_days * DAY)
        yield Moment(
            max(awake_from(duty.created_at, place.rhythm, place.zone), told), f"told_{climb.after_days}", climb.to
        )


def _awake(moment: datetime, last: datetime, place: _Place) -> datetime:
    """Move a moment out of the quiet hours: to their end, or before them where that would be too late."""
    ends = awake_from(moment, place.rhythm, place.zone)
    if ends < last:
        return ends
    here = moment.astimezone(place.zone)
    begins = datetime.combine(here.date(), place.rhythm.quiet_from, place.zone)
    return begins if begins <= here else begins - DAY


def awake_from(moment: datetime, rhythm: Rhythm, zone: ZoneInfo) -> datetime:
    """Return the moment itself, or the end of the quiet hours in which it lies."""
    here = moment.astimezone(zone)
    if not rhythm.is_quiet(here.time()):
        return moment
    ends = datetime.combine(here.date(), rhythm.quiet_to, zone)
    return ends if ends > here else ends + DAY


def is_morning(moment: datetime, rhythm: Rhythm, zone: ZoneInfo) -> bool:
    """Tell whether a letter of that moment would still be the morning's."""
    here = moment.astimezone(zone)
    begins = datetime.combine(here.date(), max(rhythm.morning, rhythm.quiet_to), zone)
    return begins <= here <= begins + MORNING_LASTS


def allowed_from(moment: datetime, rhythm: Rhythm, zone: ZoneInfo, calendar: Calendar) -> datetime:
    """Return the first moment, not before `moment`, at which an ordinary reminder may disturb somebody."""
    place = _Place(rhythm, zone, calendar)
    here = moment.astimezone(zone)
    day, begins = here.date(), max(rhythm.morning, rhythm.quiet_to)
    if calendar.is_working(day) and not rhythm.is_quiet(here.time()) and here.time() >= begins:
        return moment
    if here.time() >= begins or not calendar.is_working(day):
        day = place.working(day + DAY, 1)
    return datetime.combine(day, begins, zone)


def next_day_from(moment: datetime, rhythm: Rhythm, zone: ZoneInfo, calendar: Calendar) -> datetime:
    """Return the morning of the next working day: that day's message has gone already."""
    place = _Place(rhythm, zone, calendar)
    day = place.working(moment.astimezone(zone).date() + DAY, 1)
    return datetime.combine(day, max(rhythm.morning, rhythm.quiet_to), zone)
