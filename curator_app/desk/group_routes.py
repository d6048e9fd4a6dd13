"""The working group of a case or of a signal's investigation: who is in it from which day."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import reader, signed_in
from curator_app.cases import groups
from curator_app.cases.curators import seats
from curator_app.cases.stepping import StepRefused
from curator_app.cases.steps import step_for
from curator_app.desk.case_access import Opened, open_subject
from curator_app.desk.people_forms import GroupForm
from curator_app.desk.taking import take
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.procedures.profiles_loader import load_profile

blueprint = Blueprint("groups", __name__)


@blueprint.get("/subjects/<uuid:subject_id>/group")
@signed_in
def show(subject_id: uuid.UUID) -> str:
    """Show the group, and the form of the next composition to who may write it."""
    opened = _opened(subject_id)
    now = groups.group_of(db.session(), opened.subject)
    form = GroupForm(
        formdata=None,
        data={
            "on": opened.on,
            "members": [str(one.person_id) for one in now],
            "chair": next((str(one.person_id) for one in now if one.role == groups.CHAIR), ""),
        },
    )
    html = _page(opened, form)
    note_reading("case:group", reader(), family_id=opened.subject.family_id, object_id=subject_id)
    return html


@blueprint.post("/subjects/<uuid:subject_id>/group")
@signed_in
def change(subject_id: uuid.UUID) -> Any:
    """Write down a new composition."""
    opened, form = _opened(subject_id), GroupForm()
    _offer(opened, form)
    if not form.validate():
        return _page(opened, form), 422
    where = f"/{'signals' if opened.subject.kind == 'signal' else 'cases'}/{subject_id}"
    try:
        take(opened.subject, "group_formed", form.answers(), form.on.data)
    except StepRefused as refusal:
        db.session.rollback()
        return _page(_opened(subject_id), form, refusal), 422
    db.session.commit()
    return redirect(where, 303)


def _opened(subject_id: uuid.UUID) -> Opened:
    opened = open_subject(subject_id, "case", "signal")
    if "papers" not in opened.layers:
        raise NotVisible
    return opened


def _offer(opened: Opened, form: GroupForm) -> None:
    form.offer(seats(db.session(), opened.subject.territory_id, opened.on, groups.MAY_SIT))


def _page(opened: Opened, form: GroupForm, refusal: StepRefused | None = None) -> str:
    _offer(opened, form)
    step = step_for("group_formed", opened.subject.kind)
    errors = form.sentences() | {name: [said] for name, said in (refusal.fields if refusal else {}).items()}
    return htmx.page(
        "cases/group.html",
        person=reader().person,
        office=True,
        subject=opened.subject,
        profile=load_profile(opened.subject.procedure),
        group=groups.group_of(db.session(), opened.subject),
        writes=step is not None and bool(opened.hats & set(step.by)),
        form=form,
        errors=errors,
        refusal=refusal.sentence if refusal and not refusal.fields else "",
        today=opened.on,
    )
