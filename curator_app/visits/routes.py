"""The visit form, and the office's plain post of it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict

from curator_app.audit.service import note_reading
from curator_app.auth.access import get_visible, reader, signed_in
from curator_app.clock import now, today
from curator_app.database import uuid7
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.service import is_assigned
from curator_app.visits.forms import visit_form
from curator_app.visits.pages import visit_form_html
from curator_app.visits.service import next_number, record_visit

blueprint = Blueprint("visits", __name__)


@blueprint.get("/families/<uuid:family_id>/visit")
@signed_in
def new(family_id: uuid.UUID) -> str:
    """Show the empty form."""
    html = visit_form_html(reader(), get_visible(Family, family_id))
    note_reading("visit:begun", reader(), family_id=family_id)
    return html


@blueprint.post("/families/<uuid:family_id>/visits")
@signed_in
def create(family_id: uuid.UUID) -> Any:
    """Record a visit from the office: the same form and verb that an opened envelope reaches."""
    family = get_visible(Family, family_id)
    if not is_assigned(db.session(), family.id, reader().person):
        raise NotVisible
    posted = MultiDict(request.form.items(multi=True))
    posted["family"] = str(family.id)
    posted["id"] = str(uuid7())
    form = visit_form(posted)
    if not form.validate():
        html = visit_form_html(reader(), family, values=posted, errors=form.errors)
        return html, 422
    year = today(family.territory.zone).year
    record_visit(
        db.session(),
        answers=form.answers(),
        author=reader().person,
        enrolment=reader().enrolment,
        received_at=now(),
        phone_at=None,
        number=(year, next_number(db.session(), year)),
    )
    db.session.commit()
    return redirect(f"/families/{family.id}", 303)
