"""The visit form, and the office's plain post of it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict

from curator_app.audit.service import note_reading
from curator_app.auth.access import get_raw, get_visible, reader, signed_in
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.visits.forms import visit_form
from curator_app.visits.models import Photo
from curator_app.visits.pages import visit_form_html
from curator_app.visits.posting import Typed, carried, posted_fields, record_typed
from curator_app.visits.withdrawal import withdraw

blueprint = Blueprint("visits", __name__)


@blueprint.get("/families/<uuid:family_id>/visit")
@signed_in
def new(family_id: uuid.UUID) -> str:
    """Show the empty form; `?paper=1` asks at the office what a paper needs besides."""
    paper = "paper" in request.args and not reader().enrolment.is_field
    html = visit_form_html(reader(), get_raw(Family, family_id), paper=paper)
    note_reading("visit:begun", reader(), family_id=family_id)
    return html


@blueprint.post("/families/<uuid:family_id>/visits")
@signed_in
def create(family_id: uuid.UUID) -> Any:
    """Record a visit from the office: the same form and verb that an opened envelope reaches."""
    family = carried(get_raw(Family, family_id))
    form = visit_form(posted_fields(request.form, family))
    paper = "paper" in request.form
    errors = record_typed(Typed(family, form, from_paper=paper, scans=request.files.getlist("scan")))
    if errors:
        return visit_form_html(reader(), family, values=MultiDict(form.raw), errors=errors, paper=paper), 422
    return redirect(f"/families/{family.id}", 303)


@blueprint.post("/photos/<uuid:photo_id>/withdraw")
@signed_in
def withdraw_photo(photo_id: uuid.UUID) -> Any:
    """Take a photo back because the family asked, and show the dossier without it."""
    photo = get_visible(Photo, photo_id)
    withdraw(db.session(), photo, reader())
    db.session.commit()
    return redirect(f"/families/{photo.visit.family_id}", 303)
