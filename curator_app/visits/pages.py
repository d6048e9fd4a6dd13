"""The visit form as text, for a route and for the field kit alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict

from curator_app import htmx
from curator_app.auth.models import SignIn
from curator_app.clock import today
from curator_app.database import uuid7
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.procedures.form_definition import chips_for
from curator_app.procedures.forms_loader import load_form
from curator_app.visits.forms import form_in_force
from curator_app.visits.service import previous_visit


def visit_form_html(
    reader: SignIn,
    family: Family,
    *,
    kit: bool = False,
    values: MultiDict[str, str] | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """Render the form for one family: chips that fit its people and place, last time beside empty fields.

    In the kit and on a phone it holds no visit id: the phone mints one when the visit begins. The office's
    form holds one, so that posting it twice is one visit.
    """
    form = load_form(form_in_force(family.territory))
    on = today(family.territory.zone)
    ages = [(member, member.age(on)) for member in family.members]
    previous = previous_visit(db.session(), family)
    chips = {
        section.id: {side: chips_for(section.side(side), ages, family.place) for side in ("strengths", "worries")}
        for section in form.sections
    }
    office = not reader.enrolment.is_field
    render = htmx.fragment if kit else htmx.page
    return render(
        "visits/form.html",
        form=form,
        family=family,
        chips=chips,
        places=[chip for chip in form.places if chip.fits_place(family.place)],
        previous=previous,
        office=office,
        person=reader.person,
        values=values or MultiDict([("id", str(uuid7()))] if office else []),
        errors=errors or {},
        today=on,
    )
