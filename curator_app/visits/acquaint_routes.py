"""The forms of an acquaintance and of a receipt, and the office's plain posts of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict

from curator_app.audit.service import note_reading
from curator_app.auth.access import get_raw, reader, signed_in
from curator_app.cases.stepping import StepRefused
from curator_app.clock import now
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Subject
from curator_app.subjects.service import is_assigned
from curator_app.visits.acquaint_form import StepForm, acquaintance_form, receipt_form
from curator_app.visits.acquaint_pages import acquaintance_html, receipt_html
from curator_app.visits.acquainting import record_acquaintance, record_receipt
from curator_app.visits.contacts import Sent
from curator_app.visits.fields import sentence
from curator_app.visits.posting import carried, posted_fields

blueprint = Blueprint("acquainting", __name__)


@blueprint.get("/families/<uuid:family_id>/acquaintance")
@signed_in
def new(family_id: uuid.UUID) -> str:
    """Show the form of an act."""
    html = acquaintance_html(reader(), get_raw(Family, family_id))
    note_reading("acquaintance:begun", reader(), family_id=family_id)
    return html


@blueprint.get("/subjects/<uuid:subject_id>/acquaintance")
@signed_in
def of_subject(subject_id: uuid.UUID) -> Any:
    """Lead from a case's step to the form of its family."""
    subject = db.session.get(Subject, subject_id)
    if subject is None or subject.family_id is None:
        raise NotVisible
    family = get_raw(Family, subject.family_id)
    return redirect(f"/families/{family.id}/acquaintance", 303)


@blueprint.post("/families/<uuid:family_id>/acquaintances")
@signed_in
def create(family_id: uuid.UUID) -> Any:
    """Record an act from the office: the same form and verb that an opened envelope reaches."""
    family = carried(get_raw(Family, family_id))
    form = acquaintance_form(posted_fields(request.form, family))
    errors = _recorded(family, form, lambda sent: record_acquaintance(db.session(), form.said(), sent))
    if errors:
        return acquaintance_html(reader(), get_raw(Family, family_id), values=MultiDict(form.raw), errors=errors), 422
    return redirect(f"/families/{family_id}", 303)


@blueprint.get("/families/<uuid:family_id>/acknowledgement")
@signed_in
def new_receipt(family_id: uuid.UUID) -> str:
    """Show «Постановление получено»."""
    html = receipt_html(reader(), get_raw(Family, family_id))
    note_reading("acknowledgement:begun", reader(), family_id=family_id)
    return html


@blueprint.post("/families/<uuid:family_id>/acknowledgements")
@signed_in
def create_receipt(family_id: uuid.UUID) -> Any:
    """Record a receipt from the office."""
    family = carried(get_raw(Family, family_id))
    form = receipt_form(posted_fields(request.form, family))
    number = (form.number.data or "").strip()
    errors = _recorded(family, form, lambda sent: record_receipt(db.session(), form.said(), number, sent))
    if errors:
        return receipt_html(reader(), get_raw(Family, family_id), values=MultiDict(form.raw), errors=errors), 422
    return redirect(f"/families/{family_id}", 303)


def _recorded(family: Family, form: StepForm, do: Callable[[Sent], object]) -> dict[str, list[str]]:
    """Record and commit; return what does not hold by field, and then nothing was changed."""
    if not form.validate():
        return form.sentences()
    if not is_assigned(db.session(), family.id, reader().person, form.on.data):
        return {"on": [sentence("not_yours_then")]}
    try:
        do(Sent(author=reader().person, enrolment=reader().enrolment, received_at=now(), phone_at=None))
    except StepRefused as refusal:
        db.session.rollback()
        return {next(iter(refusal.fields), "step"): [refusal.sentence]}
    db.session.commit()
    return {}
