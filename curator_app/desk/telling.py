"""Small things told from the desk: what became of a promise, a caution noted or ended."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request

from curator_app import htmx
from curator_app.auth.access import get_raw, get_visible, reader, signed_in
from curator_app.clock import today
from curator_app.errors import Refused
from curator_app.extensions import db
from curator_app.families.forms import CautionForm
from curator_app.families.models import Caution, Family
from curator_app.families.service import add_caution, end_caution
from curator_app.procedures.forms_loader import load_form
from curator_app.visits.agreements import Promise
from curator_app.visits.forms import form_in_force
from curator_app.visits.promises import Told, tell

blueprint = Blueprint("telling", __name__)


@blueprint.post("/promises/<uuid:promise_id>")
@signed_in
def promise(promise_id: uuid.UUID) -> Any:
    """Note what became of a promise, and give its line again."""
    row = get_visible(Promise, promise_id)
    on = today(row.family.territory.zone)
    reasons = load_form(form_in_force(row.family.territory)).promise_reasons
    reason = request.form.get("reason", "")
    if reason and reason not in {chip.id for chip in reasons}:
        raise Refused("answer_unknown", fields={"reason": reason})
    tell(db.session(), row, Told(request.form.get("state", ""), reason, on), reader())
    db.session.commit()
    if not htmx.wants_fragment():
        return redirect(f"/families/{row.family_id}", 303)
    office = not reader().enrolment.is_field
    return htmx.fragment("families/_promise.html", promise=row, reasons=reasons, today=on, office=office, tick=True)


@blueprint.post("/families/<uuid:family_id>/cautions")
@signed_in
def caution(family_id: uuid.UUID) -> Any:
    """Note a caution at a family's door."""
    family = get_raw(Family, family_id)
    on = today(family.territory.zone)
    form = CautionForm(request.form, on)
    if not form.validate():
        return _cautions(family, form=form), 422
    add_caution(db.session(), family, form.said(), on, reader())
    db.session.commit()
    return _cautions(family)


@blueprint.post("/cautions/<uuid:caution_id>/end")
@signed_in
def caution_over(caution_id: uuid.UUID) -> Any:
    """End a caution that no longer holds."""
    row = get_visible(Caution, caution_id)
    family = row.family
    end_caution(db.session(), row, today(family.territory.zone), reader())
    db.session.commit()
    return _cautions(family)


def _cautions(family: Family, form: CautionForm | None = None) -> Any:
    if form is None and not htmx.wants_fragment():
        return redirect(f"/families/{family.id}", 303)
    return htmx.fragment(
        "families/_cautions.html",
        family=family,
        cautions=family.cautions_on(today(family.territory.zone)),
        values=form.data if form else {},
        errors=form.errors if form else {},
        office=not reader().enrolment.is_field,
    )
