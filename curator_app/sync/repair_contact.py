"""The author puts a contact right at a desk: its own form, filled with what the phone wrote."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict

from curator_app.audit.service import note_reading
from curator_app.auth.access import get_raw, get_visible, reader, signed_in
from curator_app.database import uuid7
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.service import is_assigned
from curator_app.sync.models import Envelope
from curator_app.sync.original import original_of
from curator_app.sync.repairing import settle_by_record, waits
from curator_app.visits.contact_form import contact_form
from curator_app.visits.contact_pages import contact_form_html
from curator_app.visits.contacts import Sent, record_contact
from curator_app.visits.fields import sentence
from curator_app.visits.models import Contact

blueprint = Blueprint("repair_contact", __name__)


@blueprint.get("/repairs/<uuid:envelope_id>/contact")
@signed_in
def edit(envelope_id: uuid.UUID) -> str:
    """Show the form with everything that was written; what does not hold is marked."""
    envelope, family, fields = own_record(envelope_id, "contact")
    form = contact_form(fields)
    form.validate()
    html = _page(envelope, family, fields, form.sentences())
    note_reading("repair:read", reader(), family_id=family.id, object_id=envelope_id)
    return html


@blueprint.post("/repairs/<uuid:envelope_id>/contact")
@signed_in
def amend(envelope_id: uuid.UUID) -> Any:
    """Record the contact with the hour at which the phone's came; the original stays beneath it as it came."""
    envelope, family, fields = own_record(envelope_id, "contact")
    posted = MultiDict(request.form.items(multi=True))
    posted["family"], posted["id"] = str(family.id), free_id(Contact, fields.get("id", ""))
    form = contact_form(posted)
    if not form.validate():
        return _page(envelope, family, MultiDict(form.raw), form.sentences()), 422
    if not is_assigned(db.session(), family.id, reader().person, form.on.data):
        return _page(envelope, family, MultiDict(form.raw), {"on": [sentence("not_yours_then")]}), 422
    sent = Sent(reader().person, envelope.enrolment, envelope.received_at, envelope.phone_at)
    settle_by_record(envelope, record_contact(db.session(), form.answers(), sent).id)
    db.session.commit()
    return redirect(f"/families/{family.id}", 303)


def own_record(envelope_id: uuid.UUID, *kinds: str) -> tuple[Envelope, Family, MultiDict[str, str]]:
    """Load a record of the reader's own that waits, of a family that is still theirs; raise NotVisible."""
    envelope = get_visible(Envelope, envelope_id)
    original = original_of(envelope)
    mine = envelope.enrolment.person_id == reader().person_id and not reader().enrolment.is_field
    if not mine or not waits(envelope) or envelope.kind not in kinds or original is None or original.family_id is None:
        raise NotVisible
    family = get_raw(Family, original.family_id)
    if not is_assigned(db.session(), family.id, reader().person):
        raise NotVisible
    return envelope, family, MultiDict(original.fields.items(multi=True))


def free_id(model: type[Any], said: str) -> str:
    """Return the id that the phone gave it, or a new one where that is no id or another record's."""
    try:
        key = uuid.UUID(said)
    except ValueError:
        return str(uuid7())
    return str(uuid7() if db.session.get(model, key) is not None else key)


def _page(envelope: Envelope, family: Family, values: MultiDict[str, str], errors: dict[str, list[str]]) -> str:
    return contact_form_html(reader(), family, values=values, errors=errors, home=f"/repairs/{envelope.id}/contact")
