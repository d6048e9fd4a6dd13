"""The author puts an act of acquainting or «Постановление получено» right at a desk, on the form it was written on."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict

from curator_app.audit.service import note_reading
from curator_app.auth.access import reader, signed_in
from curator_app.cases.stepping import StepRefused
from curator_app.errors import Conflict, NotVisible
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.service import is_assigned
from curator_app.sync.models import Envelope
from curator_app.sync.repair_contact import free_id, own_record
from curator_app.sync.repairing import settle_by_record
from curator_app.visits.acquaint_form import StepForm, acquaintance_form, receipt_form
from curator_app.visits.acquaint_pages import acquaintance_html, receipt_html
from curator_app.visits.acquainted import CaseAcquaintance
from curator_app.visits.acquainting import record_acquaintance, record_receipt
from curator_app.visits.contacts import Sent
from curator_app.visits.fields import sentence

blueprint = Blueprint("repair_step", __name__)
Fields = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of record is read, shown and recorded."""

    read: Callable[[Fields], Any]
    show: Callable[..., str]
    record: Callable[[Any, Sent], uuid.UUID]


def _acquaint(form: Any, sent: Sent) -> uuid.UUID:
    return record_acquaintance(db.session(), form.said(), sent).id


def _receive(form: Any, sent: Sent) -> uuid.UUID:
    return record_receipt(db.session(), form.said(), (form.number.data or "").strip(), sent).id


KINDS = {
    "acquaintance": Kind(acquaintance_form, acquaintance_html, _acquaint),
    "acknowledgement": Kind(receipt_form, receipt_html, _receive),
}


@blueprint.get("/repairs/<uuid:envelope_id>/step")
@signed_in
def edit(envelope_id: uuid.UUID) -> str:
    """Show the form with everything that was written; what does not hold is marked."""
    envelope, family, fields = own_record(envelope_id, *KINDS)
    form = KINDS[envelope.kind].read(fields)
    form.validate()
    html = _page(envelope, family, fields, form.sentences())
    note_reading("repair:read", reader(), family_id=family.id, object_id=envelope_id)
    return html


@blueprint.post("/repairs/<uuid:envelope_id>/step")
@signed_in
def amend(envelope_id: uuid.UUID) -> Any:
    """Take the step with the hour at which the phone's record came; the original stays beneath it as it came."""
    envelope, family, fields = own_record(envelope_id, *KINDS)
    posted: Fields = MultiDict(request.form.items(multi=True))
    posted["family"], posted["id"] = str(family.id), free_id(CaseAcquaintance, fields.get("id", ""))
    form = KINDS[envelope.kind].read(posted)
    errors = _recorded(envelope, family, form)
    if errors:
        db.session.rollback()
        envelope, family, _ = own_record(envelope_id, *KINDS)
        return _page(envelope, family, MultiDict(form.raw), errors), 422
    db.session.commit()
    return redirect(f"/families/{family.id}", 303)


def _recorded(envelope: Envelope, family: Family, form: StepForm) -> Mapping[str, Sequence[str]]:
    """Record it; return what does not hold by field."""
    if not form.validate():
        return form.sentences()
    if not is_assigned(db.session(), family.id, reader().person, form.on.data):
        return {"on": [sentence("not_yours_then")]}
    sent = Sent(reader().person, envelope.enrolment, envelope.received_at, envelope.phone_at)
    try:
        settle_by_record(envelope, KINDS[envelope.kind].record(form, sent))
    except StepRefused as refusal:
        return {next(iter(refusal.fields), "step"): [refusal.sentence]}
    except Conflict as error:
        raise NotVisible from error
    return {}


def _page(envelope: Envelope, family: Family, values: Fields, errors: Mapping[str, Sequence[str]]) -> str:
    home = f"/repairs/{envelope.id}/step"
    return KINDS[envelope.kind].show(reader(), family, values=values, errors=errors, home=home)
