"""Put a day of the calendar right, take that back, and count with what stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from curator_app.audit.service import record
from curator_app.auth.models import SignIn
from curator_app.database import next_value
from curator_app.errors import Conflict, Refused
from curator_app.procedures.calendar import COUNTRY, OFF, ORDINARY, Calendar, Override, calendar_of
from curator_app.workdays.models import CalendarChange, CalendarVersion

NAME = "calendar"


@dataclass(frozen=True)
class PutRight:
    """What a day is, why, and which paper says so."""

    layer: str
    on: date
    working: bool
    reason: str
    source: str


@dataclass(frozen=True)
class Line:
    """A day that is no ordinary one of its week."""

    on: date
    working: bool
    why: str
    change: CalendarChange | None


def current_calendar(session: Session, layers: Sequence[str]) -> Calendar:
    """Return the calendar of these layers with everything that was put right."""
    changes = _in_force(session)
    overrides = [Override(one.layer, one.on, bool(one.working), one.reason) for one in changes]
    return calendar_of(layers, overrides, calendar_number(session))


def calendar_number(session: Session) -> int:
    """Return the number of the last change; 0 before the first."""
    number = session.scalar(select(CalendarVersion.number).where(CalendarVersion.name == NAME))
    return number or 0


def layers_under(layer: str) -> tuple[str, ...]:
    """Return the layers with which a layer's days are read: the country's and its own."""
    return (COUNTRY,) if layer == COUNTRY else (COUNTRY, layer)


def put_right(session: Session, day: PutRight, by: SignIn) -> CalendarChange:
    """Say what a day is; raise Refused for a day that is so already."""
    standing = current_calendar(session, layers_under(day.layer))
    if standing.is_working(day.on) == day.working:
        raise Refused(fields={"on": "already_working" if day.working else "already_off"})
    change = CalendarChange(
        layer=day.layer, on=day.on, working=day.working, reason=day.reason, source=day.source, author_id=by.person_id
    )
    return _written(session, change, "calendar:day_put_right", by)


def take_back(session: Session, change: CalendarChange, by: SignIn) -> CalendarChange:
    """Let the calendar's own day hold again; raise Conflict when that was done already."""
    if change.id not in {one.id for one in _in_force(session)}:
        raise Conflict("calendar_changed")
    undone = CalendarChange(layer=change.layer, on=change.on, working=None, author_id=by.person_id)
    return _written(session, undone, "calendar:day_taken_back", by)


def lines_of(session: Session, layer: str, year: int) -> list[Line]:
    """Return the days of a year that are no ordinary ones: holidays, transfers, days put right."""
    names = layers_under(layer)
    calendar = current_calendar(session, names)
    changed = {one.on: one for one in _in_force(session) if one.layer in names}
    first = date(year, 1, 1)
    days = (first + timedelta(days=count) for count in range((date(year, 12, 31) - first).days + 1))
    return [
        Line(day, calendar.is_working(day), calendar.why(day).removeprefix(f"{OFF}: "), changed.get(day))
        for day in days
        if day in changed or calendar.why(day) not in ORDINARY
    ]


def _in_force(session: Session) -> list[CalendarChange]:
    """Return the last word about each day, without those that were taken back."""
    changes = session.scalars(
        select(CalendarChange).options(joinedload(CalendarChange.author)).order_by(CalendarChange.number)
    )
    last = {(one.layer, one.on): one for one in changes}
    return [one for one in last.values() if one.working is not None]


def _written(session: Session, change: CalendarChange, act: str, by: SignIn) -> CalendarChange:
    change.number = next_value(session, CalendarVersion, "number", name=NAME)
    session.add(change)
    session.flush()
    data = {"layer": change.layer, "on": change.on.isoformat(), "working": change.working, "number": change.number}
    record(session, act, person_id=by.person_id, enrolment_id=by.enrolment_id, object_id=change.id, data=data)
    return change
