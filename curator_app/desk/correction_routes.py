"""«Исправить запись»: another day for an event, or that it never was, with a reason."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length, Optional

from curator_app import htmx, texts
from curator_app.audit.service import record
from curator_app.auth.access import reader, signed_in
from curator_app.cases.correcting import correct, event_of, may_correct
from curator_app.cases.stepping import StepRefused
from curator_app.desk.case_access import Opened, open_subject
from curator_app.desk.effects import EFFECTS
from curator_app.desk.step_form import LINE_CHARS
from curator_app.desk.step_routes import page_of
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.office_forms import DeskDay, DeskForm
from curator_app.procedures.profiles_loader import load_profile
from curator_app.procedures.vocabulary import meaning_in
from curator_app.subjects.models import Event

blueprint = Blueprint("corrections", __name__)


class CorrectionForm(DeskForm):
    """What is put right."""

    on = DeskDay(validators=[Optional()])
    void = BooleanField()
    reason = StringField(
        filters=[lambda text: (text or "").strip()],
        validators=[InputRequired(texts.text("steps.wrong_needed")), Length(max=LINE_CHARS)],
    )


@blueprint.get("/subjects/<uuid:subject_id>/events/<uuid:event_id>/correct")
@signed_in
def show(subject_id: uuid.UUID, event_id: uuid.UUID) -> str:
    """Offer to put an event right."""
    opened, event = _find(subject_id, event_id)
    return _html(opened, event, CorrectionForm(data={"on": event.on}))


@blueprint.post("/subjects/<uuid:subject_id>/events/<uuid:event_id>/correct")
@signed_in
def take(subject_id: uuid.UUID, event_id: uuid.UUID) -> Any:
    """Put an event right."""
    opened, event = _find(subject_id, event_id)
    form, by = CorrectionForm(), reader()
    if not form.validate():
        return _html(opened, event, form), 422
    day = form.on.data if form.on.data != event.on else None
    changed: dict[str, Any] = {"on": day, "void": form.void.data, "has_effect": event.type in EFFECTS}
    try:
        correct(db.session(), event, form.reason.data or "", by, **changed)
    except StepRefused as refusal:
        db.session.rollback()
        return _html(*_find(subject_id, event_id), form, refusal), 422
    marks: dict[str, Any] = {
        "person_id": by.person_id,
        "enrolment_id": by.enrolment_id,
        "family_id": opened.subject.family_id,
    }
    record(db.session(), "event:corrected", **marks, object_id=event_id)
    where = page_of(opened)
    db.session.commit()
    return redirect(where, 303)


def _find(subject_id: uuid.UUID, event_id: uuid.UUID) -> tuple[Opened, Event]:
    opened = open_subject(subject_id)
    event = event_of(db.session(), opened.subject, event_id)
    if event is None or not may_correct(db.session(), event, reader()):
        raise NotVisible
    return opened, event


def _html(opened: Opened, event: Event, form: CorrectionForm, refusal: StepRefused | None = None) -> str:
    errors = form.sentences()
    if refusal is not None:
        errors |= {name: [sentence] for name, sentence in refusal.fields.items()}
    return htmx.page(
        "cases/correct.html",
        person=reader().person,
        office=True,
        subject=opened.subject,
        event=event,
        meaning=meaning_in(load_profile(opened.subject.procedure), event.type),
        has_effect=event.type in EFFECTS,
        back_to=page_of(opened),
        here=f"/subjects/{opened.subject.id}/events/{event.id}/correct",
        form=form,
        errors=errors,
    )
