"""«Когда пойти»: the page on which a visit to a family is planned, and the part of it that answers itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from curator_app import htmx
from curator_app.auth.models import SignIn, Territory
from curator_app.clock import today
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.procedures.calendar import COUNTRY, Calendar
from curator_app.procedures.profiles_loader import profile_of
from curator_app.procedures.toml_files import FileError
from curator_app.subjects.ceilings import ceilings_of
from curator_app.subjects.service import is_assigned
from curator_app.visits import planning
from curator_app.visits.meetings import agreed_meetings
from curator_app.visits.planning_form import PLAN_FORM, PlanForm
from curator_app.visits.planning_models import PlannedVisit
from curator_app.workdays.service import current_calendar

DAYS = 14
MONTH = 31


def plan_html(reader: SignIn, family: Family, form: PlanForm | None = None, *, kit: bool = False) -> str:
    """Render the whole page; the reader sees the raw layer of this family. What a phone plans is sealed."""
    render = htmx.fragment if kit else htmx.page
    named = "visits/plan_phone.html" if reader.enrolment.is_field else "visits/plan.html"
    return render(named, **_context(reader, family, form))


def part_html(
    reader: SignIn,
    family: Family,
    form: PlanForm | None = None,
    undo: PlannedVisit | None = None,
    *,
    dropped: bool = False,
) -> str:
    """Render the part that answers a tap: what stands now, and the way to take it back."""
    return htmx.fragment("visits/_plan.html", **_context(reader, family, form), undo=undo, dropped=dropped)


def working_days(territory: Territory | None) -> Calendar:
    """Return the calendar of a territory; where there is none, or its region's file is broken, the country's."""
    try:
        layers = profile_of(territory.procedure).calendar if territory else (COUNTRY,)
    except FileError:
        layers = (COUNTRY,)
    return current_calendar(db.session(), layers)


def _context(reader: SignIn, family: Family, form: PlanForm | None) -> dict[str, Any]:
    session, on = db.session(), today(family.territory.zone)
    office = not reader.enrolment.is_field
    ceiling = ceilings_of(session, [family.id]).get(family.id)
    past = planning.history(session, family.id)
    return {
        "family": family,
        "person": reader.person,
        "office": office,
        "writes": is_assigned(session, family.id, reader.person, on),
        "plan": planning.standing_plan(session, family.id),
        "agreed": agreed_meetings(session, [family.id], on).get(family.id),
        "ceiling": ceiling,
        "aim": _working_before(working_days(family.territory), ceiling.on) if ceiling else None,
        "days": _days(reader, family, on) if office else [],
        "off": [] if office else _off(family, on),
        "past": past,
        "why": planning.reasons_of(session, past),
        "values": form.values if form else {},
        "errors": form.errors if form else {},
        "today": on,
        "form_version": PLAN_FORM,
        "ahead": planning.AHEAD.days,
    }


def _days(reader: SignIn, family: Family, on: date) -> list[dict[str, Any]]:
    """Return the next days: whether one works, and how many visits one has on each already."""
    calendar = working_days(family.territory)
    span = [on + timedelta(days=ahead) for ahead in range(DAYS)]
    full = planning.own_days(db.session(), reader.person_id, span[0], span[-1])
    return [{"on": day, "works": calendar.is_working(day), "count": full.get(day, 0)} for day in span]


def _off(family: Family, on: date) -> list[date]:
    """Return the days on which one does not work, as many as a phone needs: it takes this page anew each month.

    It counts the days to tap by itself, and how full each is it shows on «Дни и дорога», which is one page for all.
    """
    calendar = working_days(family.territory)
    span = (on + timedelta(days=ahead) for ahead in range(DAYS + MONTH))
    return [day for day in span if not calendar.is_working(day)]


def _working_before(calendar: Calendar, limit: date) -> date:
    """Return the last working day before a limit: what one aims at."""
    day = limit - timedelta(days=1)
    for _ in range(planning.AHEAD.days):
        if calendar.is_working(day):
            break
        day -= timedelta(days=1)
    return day
