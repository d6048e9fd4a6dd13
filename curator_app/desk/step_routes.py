"""The form that all steps share: what happened, on which day, and what the document wants to know of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect

from curator_app import htmx, texts
from curator_app.audit.service import record
from curator_app.auth.access import reader, signed_in
from curator_app.cases.stepping import Actor, Ground, StepRefused, ground_of, hindrance, take_step, title_of, whose
from curator_app.cases.steps import Step, step_for
from curator_app.desk.case_access import Opened, open_subject
from curator_app.desk.effects import EFFECTS
from curator_app.desk.step_form import answers_of, questions, step_form
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.intake.service import looked_into
from curator_app.office_forms import DeskForm

blueprint = Blueprint("steps", __name__)


@dataclass(frozen=True)
class Asking:
    """A step that one reader has before them."""

    event: str
    step: Step
    opened: Opened
    ground: Ground

    @property
    def here(self) -> str:
        """Return the address of its form."""
        return f"/subjects/{self.opened.subject.id}/steps/{self.event}"

    def form(self, **given: Any) -> Any:
        """Return its form, with what was posted or with what is given."""
        made = step_form(db.session(), self.step, self.opened.subject, self.ground.profile, self.opened.on)
        return made(data=given) if given else made()


@blueprint.get("/subjects/<uuid:subject_id>/steps/<event>")
@signed_in
def show(subject_id: uuid.UUID, event: str) -> Any:
    """Offer a step's form, or say why it may not be taken now."""
    asking = _find(subject_id, event)
    page = asking.step.page_of(asking.opened.subject.kind)
    if page:
        return redirect(page.format(subject=subject_id), 303)
    return _html(asking, asking.form(on=asking.opened.on))


@blueprint.post("/subjects/<uuid:subject_id>/steps/<event>")
@signed_in
def take(subject_id: uuid.UUID, event: str) -> Any:
    """Record a step."""
    asking, by = _find(subject_id, event), reader()
    form, subject = asking.form(), asking.opened.subject
    if asking.step.page_of(subject.kind):
        # Its own page asks what this form does not, and knows who may answer.
        return _html(asking, form, StepRefused(texts.text("steps.own_page"))), 422
    if not form.validate():
        return _html(asking, form), 422
    answers, family_id = answers_of(form, asking.step, asking.ground.profile), subject.family_id
    actor = Actor(by.person, by.enrolment)
    try:
        taken = take_step(db.session(), subject, event, answers, on=form.on.data, by=actor, effects=EFFECTS)
    except StepRefused as refusal:
        db.session.rollback()
        return _html(_find(subject_id, event), form, refusal), 422
    looked_into(db.session(), subject)
    marks = {"person_id": by.person_id, "enrolment_id": by.enrolment_id, "family_id": family_id}
    record(db.session(), "step:taken", **marks, object_id=taken.id, data={"type": event})
    where = page_of(asking.opened)
    db.session.commit()
    return redirect(where, 303)


def page_of(opened: Opened) -> str:
    """Return the address of a subject's own page."""
    pages = {"signal": "signals", "body": "bodies"}
    return f"/{pages.get(opened.subject.kind, 'cases')}/{opened.subject.id}"


def _find(subject_id: uuid.UUID, event: str) -> Asking:
    """Return a step that this subject has in its procedure, and that the reader may at least read about."""
    opened = open_subject(subject_id)
    ground, step = ground_of(db.session(), opened.subject), step_for(event, opened.subject.kind)
    if step is None or not ground.knows(event, step) or step.by_itself:
        raise NotVisible
    if not opened.layers and not opened.hats & set(step.by):
        # Whoever only told the signal reads of no step but their own.
        raise NotVisible
    return Asking(event, step, opened, ground)


def _html(asking: Asking, form: DeskForm, refusal: StepRefused | None = None) -> str:
    opened, step, errors = asking.opened, asking.step, form.sentences()
    if refusal is not None:
        errors |= {name: [sentence] for name, sentence in refusal.fields.items()}
    return htmx.page(
        "cases/step.html",
        person=reader().person,
        office=True,
        subject=opened.subject,
        back_to=page_of(opened),
        here=asking.here,
        title=title_of(asking.ground, asking.event, step),
        step=step,
        form=form,
        asked=questions(step, asking.ground.profile),
        errors=errors,
        refusal=refusal.sentence if refusal is not None and not refusal.fields else "",
        why_not="" if refusal is not None else hindrance(asking.ground, asking.event, step),
        not_yours="" if opened.hats & set(step.by) else whose(step.by),
    )
