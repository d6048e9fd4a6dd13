"""The decision about a signal: signs and the document's criteria side by side; a named person decides with a reason."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request

from curator_app.audit.service import note_reading
from curator_app.auth.access import reader, signed_in
from curator_app.cases.opening import Resolution
from curator_app.cases.stepping import StepRefused
from curator_app.desk import decision_pages as pages
from curator_app.desk.case_access import Opened
from curator_app.desk.check_access import DECIDE, READ, open_check, signal_of
from curator_app.errors import Conflict, CuratorError, Refused
from curator_app.extensions import db
from curator_app.intake import deciding
from curator_app.intake.about import NewChild, NewFamily
from curator_app.intake.check_forms import LINE, OutcomeForm, said, sentences
from curator_app.office_forms import DeskForm
from curator_app.procedures.profiles_loader import load_profile

blueprint = Blueprint("decision", __name__)


@blueprint.get("/subjects/<uuid:subject_id>/decision")
@signed_in
def show(subject_id: uuid.UUID) -> str:
    """Show what stands side by side, and the two acts of deciding: the level, the outcome."""
    opened = open_check(subject_id, READ, "signal")
    html = pages.decision_html(opened, pages.level_form(opened), pages.outcome_form(opened))
    note_reading("decision:read", reader(), family_id=signal_of(opened).family_id, object_id=subject_id)
    return html


@blueprint.post("/subjects/<uuid:subject_id>/level")
@signed_in
def set_level(subject_id: uuid.UUID) -> Any:
    """Record a level or category, of the family or of one child."""
    opened = open_check(subject_id, DECIDE, "signal")
    form, profile = pages.level_form(opened, posted=True), load_profile(opened.subject.procedure)
    offered = {one.id: {value.id for value in one.values} for one in profile.classifications}
    values = {name: request.form.get(name, "") for name in offered}
    values = {name: value for name, value in values.items() if value in offered[name]}
    if not form.validate():
        return pages.decision_html(opened, form, pages.outcome_form(opened), values=values), 422
    child = int(form.child.data) if form.child.data else None
    level = deciding.Level(values, form.reason.data or "", form.decided_by.data or "", form.on.data, child)
    try:
        deciding.set_level(db.session(), signal_of(opened), level, reader())
    except Refused as refusal:
        return _refused(subject_id, refusal, form)
    db.session.commit()
    return redirect(f"/subjects/{subject_id}/decision", 303)


@blueprint.post("/subjects/<uuid:subject_id>/outcome")
@signed_in
def conclude(subject_id: uuid.UUID) -> Any:
    """End the signal as was decided."""
    opened = open_check(subject_id, DECIDE, "signal")
    form = pages.outcome_form(opened, posted=True)
    if not form.validate():
        return pages.decision_html(opened, pages.level_form(opened), form), 422
    try:
        decision = deciding.conclude(db.session(), signal_of(opened), _outcome(opened, form), reader())
    except (Refused, Conflict) as refusal:
        return _refused(subject_id, refusal, form)
    leads_to = decision.leads_to_id if pages.tells_outcome(opened, signal_of(opened)) else None
    db.session.commit()
    return redirect(f"/cases/{leads_to}" if leads_to else f"/signals/{subject_id}", 303)


def _outcome(opened: Opened, form: OutcomeForm) -> deciding.Outcome:
    number, chosen = form.resolution_no.data, form.family.data
    return deciding.Outcome(
        id=form.outcome.data or "",
        reason=form.reason.data or "",
        decided_by=form.decided_by.data or "",
        on=form.on.data,
        criteria=tuple(request.form.getlist("criteria"))[:LINE],
        resolution=Resolution(number, form.resolution_on.data, form.wording.data or "") if number else None,
        family_id=uuid.UUID(chosen) if chosen else None,
        card=None if chosen else _card(opened, form),
        owner_id=uuid.UUID(form.owner.data) if form.owner.data else None,
    )


def _card(opened: Opened, form: OutcomeForm) -> NewFamily:
    children = []
    for index, _told in enumerate(signal_of(opened).children or [{}]):
        name = " ".join(request.form.get(f"child-{index}", "").split())[:LINE]
        children.append(NewChild(index, name, pages.posted_day(f"born-{index}")))
    adults = [" ".join(line.split())[:LINE] for line in (form.adults.data or "").splitlines()]
    return NewFamily(form.surname.data or "", form.address.data or "", children, adults)


def _refused(subject_id: uuid.UUID, refusal: CuratorError, form: DeskForm) -> Any:
    """Show the page again with what the verb refused; nothing of it stands."""
    db.session.rollback()
    if isinstance(refusal, StepRefused):
        field = next(iter(refusal.fields), "")
        place = field if field in {"on", "outcome"} else "outcome" if isinstance(form, OutcomeForm) else "values"
        errors = {place: [refusal.sentence]}
    else:
        errors = sentences(refusal) or {"outcome": [said(refusal.refusal)]}
    opened = open_check(subject_id, DECIDE, "signal")
    if isinstance(form, OutcomeForm):
        return pages.decision_html(opened, pages.level_form(opened), form, errors), 422
    return pages.decision_html(opened, form, pages.outcome_form(opened), errors), 422
