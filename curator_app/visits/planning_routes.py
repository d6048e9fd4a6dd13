"""Plan a visit by tapping a day; move it with a reason; take that back."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import get_raw, get_visible, reader, signed_in
from curator_app.clock import today
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.service import is_assigned
from curator_app.visits import planning
from curator_app.visits.planning_form import PlanForm
from curator_app.visits.planning_models import PlannedVisit
from curator_app.visits.planning_pages import part_html, plan_html

blueprint = Blueprint("planning", __name__)
ACTS = {"undo": planning.undo, "drop": planning.drop, "restore": planning.restore}


@blueprint.get("/families/<uuid:family_id>/plan")
@signed_in
def show(family_id: uuid.UUID) -> str:
    """Show when somebody means to go there, and let the curator tap a day."""
    html = plan_html(reader(), get_raw(Family, family_id))
    note_reading("family:read", reader(), family_id=family_id)
    return html


@blueprint.post("/families/<uuid:family_id>/plan")
@signed_in
def plan(family_id: uuid.UUID) -> Any:
    """Plan a visit, or move the one that stands."""
    family = _planned_by_reader(get_raw(Family, family_id))
    moves = planning.standing_plan(db.session(), family.id) is not None
    form = PlanForm.of(request.form, today(family.territory.zone), moves=moves)
    asked = form.validate()
    if asked is None:
        again = part_html if htmx.wants_fragment() else plan_html
        return again(reader(), family, form), 422
    row = planning.plan_visit(db.session(), family, asked, reader())
    db.session.commit()
    return _answer(family, row)


@blueprint.post("/plans/<uuid:plan_id>/<act>")
@signed_in
def change(plan_id: uuid.UUID, act: str) -> Any:
    """Take a plan back, drop it, or let a dropped one stand again."""
    if act not in ACTS:
        raise NotVisible
    row = get_visible(PlannedVisit, plan_id)
    family = _planned_by_reader(row.family)
    ACTS[act](db.session(), row, reader())
    db.session.commit()
    return _answer(family, row if act == "drop" else None, dropped=act == "drop")


def _planned_by_reader(family: Family) -> Family:
    """Return the family, to who carries it today: nobody plans for a colleague. Raises NotVisible."""
    if not is_assigned(db.session(), family.id, reader().person, today(family.territory.zone)):
        raise NotVisible
    return family


def _answer(family: Family, undo: PlannedVisit | None, *, dropped: bool = False) -> Any:
    if not htmx.wants_fragment():
        return redirect(f"/families/{family.id}/plan", 303)
    return part_html(reader(), family, undo=undo, dropped=dropped)
