"""The phone's form of first measures and a safety plan, for its route and for the kit; a desk has its own page."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import get_raw, reader, signed_in
from curator_app.auth.models import SignIn
from curator_app.cases.safety import EVENT_OF_KIND
from curator_app.cases.safety_models import FIRST_MEASURES
from curator_app.cases.stepping import ground_of, hindrance
from curator_app.cases.steps import step_for
from curator_app.clock import today
from curator_app.desk.measure_form import MEASURE_FORM, PHONE_ROWS
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Subject
from curator_app.visits.acquainting import open_case

blueprint = Blueprint("measures", __name__)


@blueprint.get("/families/<uuid:family_id>/measure")
@signed_in
def new(family_id: uuid.UUID) -> Any:
    """Show the phone's form; lead a desk to the safety page of the family's case."""
    family = get_raw(Family, family_id)
    if not reader().enrolment.is_field:
        case = open_case(db.session(), family)
        if case is None:
            raise NotVisible
        return redirect(f"/subjects/{case.id}/safety", 303)
    html = measure_html(reader(), family)
    note_reading("safety:begun", reader(), family_id=family_id)
    return html


def measure_html(reader: SignIn, family: Family, *, kit: bool = False) -> str:
    """Render the form. It holds no id: the phone mints it when the first word is typed."""
    render = htmx.fragment if kit else htmx.page
    return render(
        "safety/phone.html",
        family=family,
        children=[one for one in family.children if one.died_on is None],
        office=False,
        person=reader.person,
        form_version=MEASURE_FORM,
        why_not=_why_not(open_case(db.session(), family)),
        rows=PHONE_ROWS,
        today=today(family.territory.zone),
    )


def _why_not(case: Subject | None) -> str | None:
    """Return why nothing can be set now, None where it can; "" where the family has no case."""
    event = EVENT_OF_KIND[FIRST_MEASURES]
    step = step_for(event, case.kind) if case else None
    return (hindrance(ground_of(db.session(), case), event, step) or None) if case and step else ""
