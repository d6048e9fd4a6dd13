"""One recorded visit at the office: its page, the family's leaflet, a supplement or a correction; the blank."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict

from curator_app.audit.service import note_reading
from curator_app.auth.access import get_raw, get_visible, reader, signed_in
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.service import is_assigned
from curator_app.visits.forms import visit_form
from curator_app.visits.models import Visit
from curator_app.visits.pages import visit_form_html
from curator_app.visits.posting import Typed, posted_fields, record_typed
from curator_app.visits.record_pages import amend_values, blank_html, carried_fields, leaflet_html, record_html
from curator_app.visits.service import newest_version

blueprint = Blueprint("records", __name__)


@blueprint.get("/visits/<uuid:visit_id>")
@signed_in
def show(visit_id: uuid.UUID) -> str:
    """Show one version of a record: the timeline has the newest alone."""
    visit = get_visible(Visit, visit_id)
    html = record_html(reader(), visit)
    note_reading("visit:read", reader(), family_id=visit.family_id, object_id=visit.id)
    return html


@blueprint.get("/visits/<uuid:visit_id>/leaflet")
@signed_in
def leaflet(visit_id: uuid.UUID) -> str:
    """Show the sheet that the family keeps, to be printed."""
    visit = get_visible(Visit, visit_id)
    html = leaflet_html(reader(), visit)
    note_reading("visit:leaflet", reader(), family_id=visit.family_id, object_id=visit.id)
    return html


@blueprint.get("/visits/<uuid:visit_id>/edit")
@signed_in
def edit(visit_id: uuid.UUID) -> Any:
    """Show the form filled with what was written; an older version leads to the newest."""
    visit = _own(visit_id)
    newest = newest_version(db.session(), visit)
    if newest.id != visit.id:
        return redirect(f"/visits/{newest.id}/edit", 303)
    html = visit_form_html(reader(), visit.family, values=amend_values(visit), corrected=visit)
    note_reading("visit:edited", reader(), family_id=visit.family_id, object_id=visit.id)
    return html


@blueprint.post("/visits/<uuid:visit_id>/edit")
@signed_in
def amend(visit_id: uuid.UUID) -> Any:
    """Record the newer version; what was written stays reachable beneath it."""
    visit = newest_version(db.session(), _own(visit_id))
    family = get_raw(Family, visit.family_id)
    posted = posted_fields(request.form, family)
    asked = visit_form_html(reader(), family, values=amend_values(visit), corrected=visit)
    for name, value in carried_fields(visit, posted, asked):
        posted.add(name, value)
    form = visit_form(posted)
    errors = record_typed(Typed(family, form, corrected=visit))
    if errors:
        values = MultiDict(form.raw)
        return visit_form_html(reader(), family, values=values, errors=errors, corrected=visit), 422
    return redirect(f"/families/{family.id}", 303)


@blueprint.get("/visit-blank")
@signed_in
def blank() -> str:
    """Show the form as paper: the same order, nobody's data."""
    return blank_html(reader())


def _own(visit_id: uuid.UUID) -> Visit:
    """Load a visit that the reader may write anew: its author, or who carries the family's case, at the office."""
    visit = get_visible(Visit, visit_id)
    mine = visit.author_id == reader().person_id or is_assigned(db.session(), visit.family_id, reader().person)
    if reader().enrolment.is_field or not mine:
        raise NotVisible
    return visit
