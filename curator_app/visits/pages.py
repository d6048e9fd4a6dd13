"""The visit form as text, for a route and for the field kit alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from curator_app import htmx
from curator_app.auth.models import SignIn
from curator_app.clock import today
from curator_app.database import uuid7
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.procedures.form_definition import Circumstances, FormDefinition, chips_for, questions_for
from curator_app.procedures.forms_loader import load_form, released
from curator_app.visits.before import HEATING_MONTHS, before_visit, last_photos
from curator_app.visits.forms import form_in_force
from curator_app.visits.models import Visit

SIDES = ("strengths", "worries")


@dataclass(frozen=True, slots=True)
class Mended:
    """A record that came and did not apply: the release it was written on, and the address that knows it."""

    version: str
    action: str


def visit_form_html(
    reader: SignIn,
    family: Family,
    *,
    kit: bool = False,
    values: MultiDict[str, str] | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    corrected: Visit | None = None,
    paper: bool = False,
    mended: Mended | None = None,
) -> str:
    """Render the form for one family: chips that fit its people and place, last time beside empty fields.

    In the kit and on a phone it holds no visit id: the phone mints one when the visit begins. The office's
    form holds one, so that posting it twice is one visit. A correction keeps the release it was written on, and
    so does a record that is put right.
    """
    version = corrected.form_version if corrected else released(mended.version) if mended else ""
    form = load_form(version or form_in_force(family.territory))
    on = today(family.territory.zone)
    office = not reader.enrolment.is_field
    render = htmx.fragment if kit else htmx.page
    return render(
        "visits/form.html",
        form=form,
        family=family,
        office=office,
        person=reader.person,
        values=values or MultiDict([("id", str(uuid7()))] if office else []),
        errors=errors or {},
        today=on,
        action=_action(family, corrected, mended),
        corrected=corrected,
        paper=paper,
        photos_on=family.territory.photos_on,
        last_photos=last_photos(db.session(), family) if family.territory.photos_on and not office else {},
        **_asked(form, family, on),
    )


def _action(family: Family, corrected: Visit | None, mended: Mended | None) -> str:
    if mended is not None:
        return mended.action
    return f"/visits/{corrected.id}/edit" if corrected else f"/families/{family.id}/visits"


def _asked(form: FormDefinition, family: Family, on: date) -> dict[str, Any]:
    """Return what the form asks of this family on that day, and what is known from before."""
    before = before_visit(db.session(), family)
    ages = [(member, member.age(on)) for member in family.members]
    about = Circumstances(place=family.place, heating=on.month in HEATING_MONTHS, has=before.has)
    questions = {part: questions_for(form.questions(part), ages, about) for part in ("safety", "living")}
    children = [age for member, age in ages if member.kind == "child"]
    return {
        "chips": {
            section.id: {side: chips_for(section.side(side), ages, family.place, before.has) for side in SIDES}
            for section in form.sections
        },
        "questions": questions,
        "places": [chip for chip in form.places if chip.fits_place(family.place)],
        "topics": [chip for chip in form.topics if chip.fits_children(children)],
        "previous": before.previous,
        "before": before,
        "plans": before.plans,
        "ceiling": before.ceiling,
        "full_pass_due": before.full_pass_due(questions["living"], on),
    }
