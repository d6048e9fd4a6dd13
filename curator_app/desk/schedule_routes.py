"""The month at a desk: the curator's schedule, the head's word on it, and the journal of visits to print."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, request
from sqlalchemy import select

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import at_any_desk, get_visible, own_today, reader, signed_in
from curator_app.auth.models import Person, Role
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.families.layers import raw_among
from curator_app.subjects.models import Assignment
from curator_app.texts import text
from curator_app.visits import scheduling
from curator_app.visits.planning_models import SENT, MonthSchedule

blueprint = Blueprint("schedule", __name__)
WORD = 500


@blueprint.app_template_global()
def schedules_waiting(person: Person) -> int:
    """Count the months that wait for a head's word."""
    return len(scheduling.to_decide(db.session(), person, own_today()))


@blueprint.get("/schedule")
@signed_in
@at_any_desk
def own() -> str:
    """Show one's own month: what is planned, and what the head said."""
    html = _own()
    note_reading("schedule:read", reader())
    return html


@blueprint.post("/schedule")
@signed_in
@at_any_desk
def send() -> Any:
    """Send the month to the head."""
    first = scheduling.first_of(request.form.get("month", ""), own_today())
    scheduling.send(db.session(), reader().person, first, own_today(), reader())
    db.session.commit()
    return redirect(f"/schedule?month={first:%Y-%m}", 303)


@blueprint.get("/schedules")
@signed_in
@at_any_desk
def waiting() -> str:
    """Show the months that wait for a head's word."""
    rows = scheduling.to_decide(db.session(), reader().person, own_today())
    html = _page("today/schedules.html", rows=rows)
    note_reading("schedules:listed", reader())
    return html


@blueprint.get("/schedules/<uuid:schedule_id>")
@signed_in
@at_any_desk
def show(schedule_id: uuid.UUID) -> str:
    """Show what was sent, and let the head say her word."""
    html = _sent(get_visible(MonthSchedule, schedule_id))
    note_reading("schedule:read", reader(), object_id=schedule_id)
    return html


@blueprint.post("/schedules/<uuid:schedule_id>")
@signed_in
@at_any_desk
def decide(schedule_id: uuid.UUID) -> Any:
    """Agree, or return it with a word."""
    row = get_visible(MonthSchedule, schedule_id)
    if not _may_decide(row):
        raise NotVisible
    approve, word = request.form.get("decision") == "approve", request.form.get("word", "").strip()
    if len(word) > WORD or (not approve and not word):
        return _sent(row, {"word": [text("schedule.wrong_long" if word else "schedule.wrong_word")]}, word), 422
    scheduling.decide(db.session(), row, reader(), approve=approve, word=word)
    db.session.commit()
    return redirect("/schedules", 303)


@blueprint.get("/journal")
@signed_in
@at_any_desk
def journal() -> str:
    """Show a month's visits and attempts by number of the case, to print; a head reads her curators'."""
    whose = _author(request.args.get("curator", type=uuid.UUID))
    first = scheduling.first_of(request.args.get("month", ""), own_today())
    visits = scheduling.journal(db.session(), whose.id, first)
    ways = scheduling.trips(db.session(), whose.id, first)
    by_day = [((one.on, one.started), one) for one in visits] + [((one.on, one.time), one) for one in ways]
    rows = [one for _when, one in sorted(by_day, key=lambda row: row[0])]
    html = _page("today/journal.html", rows=rows, trips=len(ways), whose=whose, **_months(first))
    note_reading("journal:read", reader(), object_id=whose.id)
    return html


def _author(key: uuid.UUID | None) -> Person:
    """Return oneself, or somebody who works where one is head."""
    if key is None or key == reader().person_id:
        return reader().person
    led = Role.ids_led_by(reader().person, own_today())
    theirs = select(Person).where(Person.id == key)
    carries = select(Assignment.person_id).where(Assignment.organisation_id.in_(led))
    held = select(Role.person_id).where(Role.organisation_id.in_(led))
    found = db.session.scalars(theirs.where(Person.id.in_(carries) | Person.id.in_(held))).first()
    if found is None:
        raise NotVisible
    return found


def _own() -> str:
    first = scheduling.first_of(request.args.get("month", ""), own_today())
    month = scheduling.month_of(db.session(), reader().person_id, first, own_today())
    return _page("today/schedule.html", schedule=month, **_months(first))


def _sent(row: MonthSchedule, errors: dict[str, list[str]] | None = None, word: str = "") -> str:
    lines = list(scheduling.shown_lines(db.session(), row))
    seen = raw_among(db.session(), reader().person, own_today(), [one.id for _on, _time, one in lines if one])
    shown = {"row": row, "lines": sorted(lines, key=lambda one: one[:2]), "seen": seen, "may": _may_decide(row)}
    return _page("today/schedule_sent.html", **shown, errors=errors or {}, word=word)


def _may_decide(row: MonthSchedule) -> bool:
    led = db.session.scalars(Role.ids_led_by(reader().person, own_today())).all()
    return row.state == SENT and row.organisation_id in led and row.person_id != reader().person_id


def _months(first: Any) -> dict[str, Any]:
    after = scheduling.last_of(first) + timedelta(days=1)
    return {"first": first, "before": (first - timedelta(days=1)).replace(day=1), "after": after}


def _page(template: str, **context: object) -> str:
    return htmx.page(template, person=reader().person, office=True, today=own_today(), **context)
