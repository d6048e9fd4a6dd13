"""Papers of a check at a desk: the act on living conditions, the two instruments, the plan of an investigation."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import Blueprint, redirect, request

from curator_app import texts
from curator_app.audit.service import note_reading
from curator_app.auth.access import reader, signed_in
from curator_app.cases.stepping import StepRefused
from curator_app.desk import assessment_pages as pages
from curator_app.desk.case_access import Opened
from curator_app.desk.check_access import GROUP, OFFICE, READ, open_check, open_row
from curator_app.errors import NotVisible, Refused
from curator_app.extensions import db
from curator_app.intake import findings
from curator_app.intake.check_forms import LINE, TEXT, InvestigationForm, SurveyHeadForm, sentences
from curator_app.intake.check_models import FAMILY, SurveyAct
from curator_app.intake.instruments import instruments
from curator_app.intake.investigating import Plan, Task, keep_plan
from curator_app.intake.survey import Survey, survey_form

blueprint = Blueprint("assessment", __name__)

WRITES = OFFICE | GROUP
MAX_TASKS = 12


@blueprint.get("/subjects/<uuid:subject_id>/survey")
@signed_in
def survey(subject_id: uuid.UUID) -> str:
    """Offer the form of an act on living conditions."""
    opened = open_check(subject_id, WRITES, "signal")
    return pages.survey_html(opened, SurveyHeadForm(formdata=None, data={"surveyed_on": opened.on}), {})


@blueprint.post("/subjects/<uuid:subject_id>/survey")
@signed_in
def draw_up(subject_id: uuid.UUID) -> Any:
    """Draw up an act."""
    opened, head, form = open_check(subject_id, WRITES, "signal"), SurveyHeadForm(), survey_form()
    answers = _survey_answers(form)
    if not head.validate():
        return pages.survey_html(opened, head, answers), 422
    act = findings.Act(head.surveyed_on.data, head.surveyed_by.data or "", head.organisation.data or "", answers)
    try:
        row = findings.draw_up(db.session(), opened.subject, form, act, reader())
    except Refused as refusal:
        errors = _said(refusal)
        return pages.survey_html(open_check(subject_id, WRITES, "signal"), head, answers, errors), 422
    key = row.id
    db.session.commit()
    return redirect(f"/surveys/{key}", 303)


@blueprint.get("/surveys/<uuid:act_id>")
@signed_in
def act(act_id: uuid.UUID) -> str:
    """Show an act, as it is printed."""
    row, opened = open_row(SurveyAct, act_id, READ)
    html = pages.act_html(opened, row)
    note_reading("survey:read", reader(), family_id=opened.subject.family_id, object_id=act_id)
    return html


@blueprint.get("/subjects/<uuid:subject_id>/instruments")
@signed_in
def marks(subject_id: uuid.UUID) -> str:
    """Show an instrument: of a child by its place in the signal's list, or of the family."""
    opened = open_check(subject_id, WRITES, "signal")
    html = pages.instruments_html(opened, _child(opened))
    note_reading("instruments:read", reader(), object_id=subject_id)
    return html


@blueprint.post("/subjects/<uuid:subject_id>/instruments")
@signed_in
def mark(subject_id: uuid.UUID) -> Any:
    """Keep what was marked."""
    opened = open_check(subject_id, WRITES, "signal")
    child, found, errors = _child(opened), [], {}
    for item in instruments().by_id:
        if value := request.form.get(f"{item}-mark", ""):
            try:
                found.append(_found(item, value))
            except ValueError:
                errors[item] = sentences(Refused(fields={item: "day"}))[item]
    try:
        if not errors:
            findings.keep(db.session(), opened.subject, child, found, reader())
    except Refused as refusal:
        errors = _said(refusal)
    if errors:
        return pages.instruments_html(open_check(subject_id, WRITES, "signal"), child, errors, request.form), 422
    db.session.commit()
    return redirect(f"/subjects/{subject_id}/instruments?child={child}", 303)


@blueprint.post("/subjects/<uuid:subject_id>/instruments/finish")
@signed_in
def finish(subject_id: uuid.UUID) -> Any:
    """Say that the primary diagnosis is done."""
    opened = open_check(subject_id, WRITES, "signal")
    try:
        findings.finish(db.session(), opened.subject, reader())
    except Refused as refusal:
        errors = _said(refusal)
        return pages.instruments_html(open_check(subject_id, WRITES, "signal"), FAMILY, errors), 422
    db.session.commit()
    return redirect(f"/signals/{subject_id}/check", 303)


@blueprint.get("/subjects/<uuid:subject_id>/investigation")
@signed_in
def investigation(subject_id: uuid.UUID) -> str:
    """Show the short plan of those who look into a signal."""
    opened = open_check(subject_id, WRITES, "signal")
    return pages.investigation_html(opened)


@blueprint.post("/subjects/<uuid:subject_id>/investigation")
@signed_in
def investigate(subject_id: uuid.UUID) -> Any:
    """Keep the short plan."""
    opened, form = open_check(subject_id, WRITES, "signal"), InvestigationForm()
    tasks = _plan()
    wrong = next((n for n, task in enumerate(tasks, 1) if task.until and not _is_day(task.until)), 0)
    if not form.validate() or wrong:
        errors = {"refusal": [texts.text("checking.investigation.wrong_day", n=wrong)]} if wrong else {}
        return pages.investigation_html(opened, form, tasks, errors), 422
    keep_plan(db.session(), opened.subject, Plan(opened.on, form.members.data or "", tasks), reader())
    db.session.commit()
    return redirect(f"/signals/{subject_id}/check", 303)


def _survey_answers(form: Survey) -> dict[str, Any]:
    """Return what was posted for each line; an answer that was not offered is left out."""
    found: dict[str, Any] = {}
    for one in form.questions:
        offered = {answer.id for answer in one.answers}
        if one.kind == "several":
            found[one.id] = [value for value in request.form.getlist(one.id) if value in offered]
        elif one.kind == "choice":
            value = request.form.get(one.id, "")
            found[one.id] = value if value in offered else ""
        else:
            found[one.id] = request.form.get(one.id, "").strip()[:TEXT]
    return found


def _child(opened: Opened) -> int:
    """Return which child is asked about; raise NotVisible for one that the signal does not name."""
    try:
        child = int(request.values.get("child", FAMILY))
    except ValueError:
        raise NotVisible from None
    if child != FAMILY and not 0 <= child < len(pages.children_of(opened)):
        raise NotVisible
    return child


def _found(item: str, mark: str) -> findings.Found:
    if mark not in {one.id for one in instruments().meta.answers}:
        raise NotVisible
    seen = request.form.get(f"{item}-on", "")
    return findings.Found(
        item,
        mark,
        request.form.get(f"{item}-fact", "").strip()[:TEXT],
        request.form.get(f"{item}-source", "").strip()[:LINE],
        date.fromisoformat(seen) if seen else None,
    )


def _plan() -> list[Task]:
    lines = zip(*(request.form.getlist(name)[:MAX_TASKS] for name in ("what", "who", "until")), strict=False)
    return [Task(what.strip()[:LINE], who.strip()[:LINE], until[:10]) for what, who, until in lines if what.strip()]


def _is_day(said: str) -> bool:
    try:
        date.fromisoformat(said)
    except ValueError:
        return False
    return True


def _said(refusal: Refused) -> dict[str, list[str]]:
    """Roll back, and return what was refused in words."""
    db.session.rollback()
    if isinstance(refusal, StepRefused):
        return {"refusal": [refusal.sentence]}
    return sentences(refusal)
