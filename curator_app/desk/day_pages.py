"""The days of the coming weeks with the way to each door, and everything one owes: «Дни и дорога», «Что за вами»."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from curator_app import htmx
from curator_app.auth.access import own_today
from curator_app.auth.models import Person, SignIn, Territory
from curator_app.clock import today
from curator_app.desk import lists
from curator_app.desk.day import MOST, Stop, owed_lines, own_rows, stops_of
from curator_app.desk.street import street_of
from curator_app.extensions import db
from curator_app.procedures.calendar import Calendar
from curator_app.reminders.owed import owed_by, owed_page
from curator_app.visits.planning_pages import working_days

DAYS = 14
FAMILIES = 200
PAGE = 50
ELSEWHERE = "Europe/Moscow"


@dataclass(frozen=True, slots=True)
class Way:
    """A day and the doors of it, in the order in which one goes."""

    on: date
    stops: list[Stop]
    works: bool


def plan_html(reader: SignIn, *, kit: bool = False) -> str:
    """Render the coming days with their visits; the field kit carries it."""
    territory, session = territory_of(reader.person), db.session()
    # The kit's stream outlives its request: the reader is asked, not the request.
    on, calendar = today(territory.zone if territory else ELSEWHERE), working_days(territory)
    turns = lists.turns_of(session, reader.person, on, FAMILIES)
    owed = owed_lines(session, owed_by(session, reader.person, on, until=on + timedelta(days=DAYS * 2), most=MOST), on)
    rows = [row for row in own_rows(session, reader.person, on, turns.rows) if row.raw]
    stops = stops_of(session, rows, owed, calendar)
    render = htmx.fragment if kit else htmx.page
    return render(
        "today/plan.html",
        person=reader.person,
        office=not reader.enrolment.is_field,
        passed=[one for one in stops if one.on and one.on < on],
        days=_days(stops, on, calendar),
        no_day=sorted((one for one in stops if not one.on), key=lambda one: one.aim or date.max),
        map_of=map_of,
        today=on,
    )


def owed_html(reader: SignIn, after: uuid.UUID | None = None) -> str:
    """Render a page of everything the reader owes, the late first."""
    on, session = own_today(), db.session()
    page = owed_page(session, reader.person, on, PAGE, after)
    lines = owed_lines(session, page.rows, on)
    return htmx.page(
        "today/owed.html", person=reader.person, office=True, lines=lines, page=page, after=after, today=on
    )


def territory_of(person: Person) -> Territory | None:
    """Return where somebody works: their first role's place."""
    return person.roles[0].organisation.territory if person.roles else None


def map_of(stop: Stop) -> str:
    """Return what a map is asked for, as a part of a link; "" for an address that is nobody else's to know.

    A map is another company's: it learns the house, never the flat, and of a hidden address nothing.
    """
    family = stop.row.family
    if family.address_hidden or not stop.row.raw or not family.address:
        return ""
    return quote(street_of(family.address), safe="")


def _days(stops: Iterable[Stop], on: date, calendar: Calendar) -> list[Way]:
    span = [on + timedelta(days=ahead) for ahead in range(DAYS)]
    found: dict[date, list[Stop]] = {day: [] for day in span}
    for one in stops:
        if one.on in found:
            found[one.on].append(one)
    ways = [Way(day, sorted(found[day], key=_place), calendar.is_working(day)) for day in span]
    return [way for way in ways if way.stops or way.works]


def _place(stop: Stop) -> tuple[bool, str, str]:
    """Put agreed hours first, the rest by street and house, so that one way leads past them."""
    return not stop.time, stop.time, stop.row.address
