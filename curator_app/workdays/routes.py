"""«Календарь» at the office: working days by year, and days put right. A methodologist's business."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request

from curator_app import htmx
from curator_app.auth.access import at_a_desk, own_today, own_zone, reader, signed_in
from curator_app.auth.models import METHODOLOGIST
from curator_app.errors import NotVisible, Refused
from curator_app.extensions import db, enqueue
from curator_app.procedures.calendar import COUNTRY, layer_names, load_layer
from curator_app.subjects.jobs import walk_on
from curator_app.subjects.recounting import begin_recount, last_recount
from curator_app.workdays import service
from curator_app.workdays.forms import FIRST_YEAR, LAST_YEAR, DayForm, said
from curator_app.workdays.models import CalendarChange

blueprint = Blueprint("calendar", __name__)

only_methodologists = at_a_desk(METHODOLOGIST)


@blueprint.get("/calendar")
@signed_in
@only_methodologists
def index() -> str:
    """Show the days of a year that are no ordinary ones."""
    return _page(DayForm(formdata=None))


@blueprint.get("/calendar/recount")
@signed_in
@only_methodologists
def recount() -> str:
    """Say how far the open terms are worked out anew."""
    return htmx.fragment("calendar/_recount.html", recount=last_recount(db.session()), zone=own_zone())


@blueprint.post("/calendar")
@signed_in
@only_methodologists
def put_right() -> Any:
    """Say what a day is."""
    form = DayForm()
    if not form.validate():
        return _page(form, form.sentences()), 422
    day = form.day(_layer())
    try:
        service.put_right(db.session(), day, reader())
        begin_recount(db.session(), "calendar")
    except Refused as refusal:
        db.session.rollback()
        return _page(form, {name: [said(code)] for name, code in refusal.fields.items()}), 422
    db.session.commit()
    enqueue(walk_on, job_id="recount")
    return redirect(f"/calendar?year={day.on.year}&layer={day.layer}", 303)


@blueprint.post("/calendar/<uuid:change_id>/undo")
@signed_in
@only_methodologists
def take_back(change_id: uuid.UUID) -> Any:
    """Let the calendar's own day hold again."""
    change = db.session.get(CalendarChange, change_id)
    if change is None:
        raise NotVisible
    service.take_back(db.session(), change, reader())
    begin_recount(db.session(), "calendar")
    db.session.commit()
    enqueue(walk_on, job_id="recount")
    return redirect(f"/calendar?year={change.on.year}&layer={change.layer}", 303)


def _layer() -> str:
    layer = request.values.get("layer", COUNTRY)
    if layer not in layer_names():
        raise NotVisible
    return layer


def _page(form: DayForm, errors: dict[str, list[str]] | None = None) -> str:
    now_year = own_today().year
    year = request.values.get("year", now_year, type=int)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotVisible
    layer = _layer()
    session = db.session()
    return htmx.page(
        "calendar/index.html",
        lines=service.lines_of(session, layer, year),
        recount=last_recount(session),
        number=service.calendar_number(session),
        provisional=service.current_calendar(session, service.layers_under(layer)).is_provisional(year),
        layer=load_layer(layer),
        layers=[load_layer(name) for name in layer_names()],
        year=year,
        years=sorted({now_year - 1, now_year, now_year + 1, year}),
        form=form,
        errors=errors or {},
        zone=own_zone(),
        person=reader().person,
        office=True,
    )
