"""The author puts first measures or a safety plan right at a desk: the desk's form with what the phone wrote."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict

from curator_app import htmx, texts
from curator_app.audit.service import note_reading
from curator_app.auth.access import reader, signed_in
from curator_app.cases.safety import KIND_OF_EVENT
from curator_app.cases.safety_models import SafetyPlan
from curator_app.cases.stepping import StepRefused
from curator_app.desk.measure_form import PhonePlanForm, measure_form
from curator_app.desk.safety_form import MOST_ROWS
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.sync.measures import children_of, set_measure
from curator_app.sync.models import Envelope
from curator_app.sync.repair_contact import free_id, own_record
from curator_app.sync.repairing import settle_by_record
from curator_app.visits.fields import sentence

blueprint = Blueprint("repair_measure", __name__)
Fields = MultiDict[str, str]
Errors = Mapping[str, Sequence[str]]


@blueprint.get("/repairs/<uuid:envelope_id>/measure")
@signed_in
def edit(envelope_id: uuid.UUID) -> str:
    """Show the form with everything that was written; what does not hold is marked."""
    envelope, family, fields = own_record(envelope_id, "measure")
    form = _form(family, fields)
    html = _page(envelope, family, form, form.troubles())
    note_reading("repair:read", reader(), family_id=family.id, object_id=envelope_id)
    return html


@blueprint.post("/repairs/<uuid:envelope_id>/measure")
@signed_in
def amend(envelope_id: uuid.UUID) -> Any:
    """Set what protects the child as the phone's author; the original stays beneath it as it came."""
    envelope, family, fields = own_record(envelope_id, "measure")
    posted: Fields = MultiDict(request.form.items(multi=True))
    posted["id"] = free_id(SafetyPlan, fields.get("id", ""))
    form = _form(family, posted)
    if "more" in posted and len(form.measures) < MOST_ROWS:
        form.measures.append_entry()
        return _page(envelope, family, form, {})
    errors: Errors = form.troubles()
    refusal = ""
    if not errors:
        errors, refusal = _recorded(envelope, form)
    if errors or refusal:
        db.session.rollback()
        envelope, family, _ = own_record(envelope_id, "measure")
        return _page(envelope, family, form, errors, refusal), 422
    db.session.commit()
    return redirect(f"/families/{family.id}", 303)


def _form(family: Family, fields: Fields) -> PhonePlanForm:
    fields["family"] = str(family.id)
    form = measure_form(fields)
    form.offer(children_of(db.session(), family.id))
    kinds = texts.tables()["safety"]["kinds"]
    form.kind.choices = [(value, kinds[value]) for value in KIND_OF_EVENT.values()]
    return form


def _recorded(envelope: Envelope, form: PhonePlanForm) -> tuple[Errors, str]:
    """Record it; return what does not hold by field, and what the rules refuse as a whole."""
    try:
        set_measure(db.session(), form, reader().person, envelope.enrolment)
    except NotVisible:
        return {"on": [sentence("not_yours_then")]}, ""
    except StepRefused as refusal:
        return {}, refusal.sentence
    settle_by_record(envelope, form.id.data)
    return {}, ""


def _page(envelope: Envelope, family: Family, form: PhonePlanForm, errors: Errors, refusal: str = "") -> str:
    return htmx.page(
        "sync/measure.html",
        person=reader().person,
        office=True,
        home=f"/repairs/{envelope.id}",
        family=family,
        children=children_of(db.session(), family.id),
        form=form,
        errors=errors,
        refusal=refusal,
    )
