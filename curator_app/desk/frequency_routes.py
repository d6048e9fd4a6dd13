"""How often this family is seen: more often than the document asks, for a while, decided by a person with a reason."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect
from wtforms import RadioField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, Optional, Regexp

from curator_app import htmx, texts
from curator_app.audit.service import record
from curator_app.auth.access import reader, signed_in
from curator_app.cases.stepping import Actor, StepRefused, ground_of, hindrance, take_step, whose
from curator_app.cases.steps import Step, steps
from curator_app.desk.case_access import Opened, open_subject
from curator_app.desk.effects import EFFECTS
from curator_app.desk.step_form import LINE_CHARS
from curator_app.extensions import db
from curator_app.office_forms import DeskDay, DeskForm
from curator_app.procedures.frequencies import FREQUENCY
from curator_app.procedures.profiles_loader import load_profile

blueprint = Blueprint("frequencies", __name__)

UNITS = ("week", "calendar_day", "month")
NEEDED = InputRequired(texts.text("steps.wrong_needed"))


class FrequencyForm(DeskForm):
    """Every so many days, weeks or months."""

    n = StringField(
        filters=[lambda text: (text or "").strip()],
        validators=[NEEDED, Regexp(r"^[1-9]\d{0,2}$", message=texts.text("frequency.wrong_n"))],
    )
    unit = RadioField(
        choices=lambda: [(one, one) for one in UNITS],
        validate_choice=False,
        validators=[AnyOf(UNITS, message=texts.text("steps.wrong_choice"))],
    )
    until = DeskDay(validators=[Optional()])
    reason = StringField(filters=[lambda text: (text or "").strip()], validators=[NEEDED, Length(max=LINE_CHARS)])


@blueprint.get("/subjects/<uuid:subject_id>/frequency")
@signed_in
def show(subject_id: uuid.UUID) -> str:
    """Offer to say how often the family is seen."""
    return _html(open_subject(subject_id, "case"), FrequencyForm(data={"n": "1", "unit": "week"}))


@blueprint.post("/subjects/<uuid:subject_id>/frequency")
@signed_in
def take(subject_id: uuid.UUID) -> Any:
    """Set how often the family is seen, from today."""
    opened, form, by = open_subject(subject_id, "case"), FrequencyForm(), reader()
    if not form.validate():
        return _html(opened, form), 422
    answers = {"every": {"n": int(form.n.data or 1), "unit": form.unit.data}, "reason": form.reason.data}
    answers |= {"until": form.until.data}
    actor, family_id = Actor(by.person, by.enrolment), opened.subject.family_id
    try:
        taken = take_step(db.session(), opened.subject, FREQUENCY, answers, on=opened.on, by=actor, effects=EFFECTS)
    except StepRefused as refusal:
        db.session.rollback()
        return _html(open_subject(subject_id, "case"), form, refusal), 422
    marks: dict[str, Any] = {"person_id": by.person_id, "enrolment_id": by.enrolment_id, "family_id": family_id}
    record(db.session(), "step:taken", **marks, object_id=taken.id, data={"type": FREQUENCY})
    db.session.commit()
    return redirect(f"/cases/{subject_id}", 303)


def _html(opened: Opened, form: FrequencyForm, refusal: StepRefused | None = None) -> str:
    step: Step = steps()[FREQUENCY]
    profile, ground = load_profile(opened.subject.procedure), ground_of(db.session(), opened.subject)
    asked = [rule for rule in profile.duties if rule.subject == "case" and rule.frequency]
    return htmx.page(
        "cases/frequency.html",
        person=reader().person,
        office=True,
        subject=opened.subject,
        asked=asked,
        units=UNITS,
        back_to=f"/cases/{opened.subject.id}",
        here=f"/subjects/{opened.subject.id}/frequency",
        form=form,
        errors=form.sentences(),
        refusal=refusal.sentence if refusal else "",
        why_not="" if opened.hats & set(step.by) else texts.text("steps.who", who=whose(step.by)),
        hindrance=hindrance(ground, FREQUENCY, step),
    )
