"""The author puts a signal right at a desk: the form of a notice, filled with what the phone told."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect
from werkzeug.datastructures import MultiDict

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import get_visible, reader, signed_in
from curator_app.database import uuid7
from curator_app.errors import NotVisible, Refused
from curator_app.extensions import db
from curator_app.intake.forms import SignalForm
from curator_app.intake.models import PHONE
from curator_app.intake.phone_pages import own_territories
from curator_app.intake.service import take_signal
from curator_app.subjects.models import Subject
from curator_app.sync.models import Envelope
from curator_app.sync.original import original_of
from curator_app.sync.repairing import settle_by_record, waits

blueprint = Blueprint("repair_signal", __name__)


@blueprint.get("/repairs/<uuid:envelope_id>/signal")
@signed_in
def edit(envelope_id: uuid.UUID) -> str:
    """Show the form with everything that was told; what does not hold is marked."""
    _, fields = _own(envelope_id)
    form = _offered(SignalForm(fields))
    form.validate()
    html = _page(envelope_id, form, form.sentences())
    note_reading("repair:read", reader(), object_id=envelope_id)
    return html


@blueprint.post("/repairs/<uuid:envelope_id>/signal")
@signed_in
def amend(envelope_id: uuid.UUID) -> Any:
    """Take the signal in under the phone's id and hour; the original stays beneath it as it came."""
    envelope, fields = _own(envelope_id)
    form = _offered(SignalForm())
    if not form.validate():
        return _page(envelope_id, form, form.sentences()), 422
    territory = next(one for one in own_territories(reader().person) if str(one.id) == form.territory.data)
    told = replace(form.told(territory, PHONE), id=_free(fields), phone_at=envelope.phone_at)
    try:
        signal = take_signal(db.session(), told, reader().person, envelope.enrolment)
    except Refused as error:
        db.session.rollback()
        return _page(envelope_id, form, {name: [line] for name, line in error.fields.items()}), 422
    settle_by_record(envelope, signal.id)
    db.session.commit()
    return redirect("/repairs", 303)


def _own(envelope_id: uuid.UUID) -> tuple[Envelope, MultiDict[str, str]]:
    """Load a signal of the reader's own that waits, and what it says; raise NotVisible."""
    envelope = get_visible(Envelope, envelope_id)
    original = original_of(envelope)
    mine = envelope.enrolment.person_id == reader().person_id and not reader().enrolment.is_field
    if not mine or not waits(envelope) or envelope.kind != "signal" or original is None:
        raise NotVisible
    return envelope, original.fields


def _free(fields: MultiDict[str, str]) -> uuid.UUID:
    """Return the id that the phone gave it, or a new one where that is no id or another record's."""
    try:
        key = uuid.UUID(fields.get("id", ""))
    except ValueError:
        return uuid7()
    return uuid7() if db.session.get(Subject, key) is not None else key


def _offered(form: SignalForm) -> SignalForm:
    form.offer(own_territories(reader().person))
    return form


def _page(envelope_id: uuid.UUID, form: SignalForm, errors: dict[str, list[str]]) -> str:
    home = f"/repairs/{envelope_id}"
    common = {"person": reader().person, "office": True, "home": home}
    return htmx.page("sync/signal.html", form=form, errors=errors, **common)
