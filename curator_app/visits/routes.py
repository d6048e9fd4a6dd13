"""The visit form, and the office's plain post of it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict

from curator_app.audit.service import note_reading
from curator_app.auth.access import get_raw, get_visible, reader, signed_in
from curator_app.clock import now, today
from curator_app.errors import NotVisible, Refused
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.service import is_assigned
from curator_app.visits.fields import sentence
from curator_app.visits.forms import VisitForm, visit_form
from curator_app.visits.models import Photo
from curator_app.visits.pages import visit_form_html
from curator_app.visits.service import Arrival, next_number, record_visit
from curator_app.visits.withdrawal import withdraw

blueprint = Blueprint("visits", __name__)


@blueprint.get("/families/<uuid:family_id>/visit")
@signed_in
def new(family_id: uuid.UUID) -> str:
    """Show the empty form."""
    html = visit_form_html(reader(), get_raw(Family, family_id))
    note_reading("visit:begun", reader(), family_id=family_id)
    return html


@blueprint.post("/families/<uuid:family_id>/visits")
@signed_in
def create(family_id: uuid.UUID) -> Any:
    """Record a visit from the office: the same form and verb that an opened envelope reaches."""
    family = get_raw(Family, family_id)
    if not is_assigned(db.session(), family.id, reader().person):
        raise NotVisible
    posted = MultiDict(request.form.items(multi=True))
    posted["family"] = str(family.id)
    form = visit_form(posted)
    if not form.validate():
        return _again(family, form, form.sentences())
    if not is_assigned(db.session(), family.id, reader().person, form.on.data):
        return _again(family, form, {"on": [sentence("not_yours_then")]})
    try:
        _record(family, form)
    except Refused as refusal:
        # The page with all that was typed says more than a page about the refusal.
        db.session.rollback()
        return _again(family, form, {name: [words] for name, words in refusal.fields.items()})
    return redirect(f"/families/{family.id}", 303)


@blueprint.post("/photos/<uuid:photo_id>/withdraw")
@signed_in
def withdraw_photo(photo_id: uuid.UUID) -> Any:
    """Take a photo back because the family asked, and show the dossier without it."""
    photo = get_visible(Photo, photo_id)
    withdraw(db.session(), photo, reader())
    db.session.commit()
    return redirect(f"/families/{photo.visit.family_id}", 303)


def _again(family: Family, form: VisitForm, errors: dict[str, list[str]]) -> Any:
    return visit_form_html(reader(), family, values=MultiDict(form.raw), errors=errors), 422


def _record(family: Family, form: VisitForm) -> None:
    year = today(family.territory.zone).year
    number = (year, next_number(db.session(), year))
    arrival = Arrival(
        author=reader().person, enrolment=reader().enrolment, received_at=now(), phone_at=None, number=number
    )
    visit = record_visit(db.session(), form.answers(), arrival)
    if (visit.year, visit.number) == number:
        db.session.commit()
    else:
        # The same form came twice: the first one counts, and the second gives its number back.
        db.session.rollback()
