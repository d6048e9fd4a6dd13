"""The exit criteria of a case's stage: a checklist in the document's words, ticked by those who work with the case."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect
from wtforms import SelectMultipleField

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import reader, signed_in
from curator_app.cases.exit_criteria import CHECKED
from curator_app.cases.stepping import StepRefused
from curator_app.desk.case_access import Opened, open_subject
from curator_app.desk.case_stage import turn
from curator_app.desk.taking import take
from curator_app.extensions import db
from curator_app.office_forms import DeskForm
from curator_app.subjects.line_models import LINED

blueprint = Blueprint("stages", __name__)


class CriteriaForm(DeskForm):
    """Which criteria are met."""

    met = SelectMultipleField(validate_choice=False)


@blueprint.get("/cases/<uuid:subject_id>/stage")
@signed_in
def show(subject_id: uuid.UUID) -> str:
    """Show all stages of a case, and the criteria of the one that the work is at."""
    opened = open_subject(subject_id, *LINED)
    html = _page(opened)
    note_reading("case:stage", reader(), family_id=opened.subject.family_id, object_id=subject_id)
    return html


@blueprint.post("/cases/<uuid:subject_id>/stage")
@signed_in
def check(subject_id: uuid.UUID) -> Any:
    """Keep which criteria of the present stage are met."""
    opened, form = open_subject(subject_id, *LINED), CriteriaForm()
    now = turn(db.session(), opened).now
    answers = {"stage": now.stage.id if now else "", "met": form.met.data or []}
    try:
        take(opened.subject, CHECKED, answers, opened.on)
    except StepRefused as refusal:
        db.session.rollback()
        return _page(open_subject(subject_id, *LINED), refusal.sentence), 422
    db.session.commit()
    return redirect(f"/cases/{subject_id}", 303)


def _page(opened: Opened, refusal: str = "") -> str:
    return htmx.page(
        "cases/stage.html",
        person=reader().person,
        office=True,
        subject=opened.subject,
        section=turn(db.session(), opened),
        refusal=refusal,
    )
