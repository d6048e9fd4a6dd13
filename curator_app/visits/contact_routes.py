"""The form of a contact, and the office's plain post of it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict

from curator_app.audit.service import note_reading
from curator_app.auth.access import get_raw, reader, signed_in
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.service import is_assigned
from curator_app.visits.contact_form import ContactForm, contact_form
from curator_app.visits.contact_pages import contact_form_html
from curator_app.visits.contacts import Sent, record_contact
from curator_app.visits.fields import sentence
from curator_app.visits.posting import carried, posted_fields

blueprint = Blueprint("contacts", __name__)


@blueprint.get("/families/<uuid:family_id>/contact")
@signed_in
def new(family_id: uuid.UUID) -> str:
    """Show the empty form."""
    html = contact_form_html(reader(), get_raw(Family, family_id))
    note_reading("contact:begun", reader(), family_id=family_id)
    return html


@blueprint.post("/families/<uuid:family_id>/contacts")
@signed_in
def create(family_id: uuid.UUID) -> Any:
    """Record a contact from the office: the same form and verb that an opened envelope reaches."""
    family = carried(get_raw(Family, family_id))
    form = contact_form(posted_fields(request.form, family))
    if not form.validate():
        return _again(family, form, form.sentences())
    if not is_assigned(db.session(), family.id, reader().person, form.on.data):
        return _again(family, form, {"on": [sentence("not_yours_then")]})
    sent = Sent(author=reader().person, enrolment=reader().enrolment, received_at=now(), phone_at=None)
    record_contact(db.session(), form.answers(), sent)
    db.session.commit()
    return redirect(f"/families/{family.id}", 303)


def _again(family: Family, form: ContactForm, errors: dict[str, list[str]]) -> Any:
    return contact_form_html(reader(), family, values=MultiDict(form.raw), errors=errors), 422
