"""A case's papers at a desk: copies to each addressee, recognition of need, the programme of social services."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import reader, signed_in
from curator_app.auth.models import Organisation
from curator_app.cases import copies, services
from curator_app.cases.models import PaperCopy
from curator_app.cases.stepping import StepRefused, ground_of
from curator_app.cases.steps import step_for
from curator_app.desk.case_access import Opened, open_subject
from curator_app.desk.paper_forms import (
    ArrivedForm,
    CopiesForm,
    NeedForm,
    ServicesForm,
    service_lines,
    service_rows,
)
from curator_app.desk.taking import take
from curator_app.errors import NotVisible, Refused
from curator_app.extensions import db

blueprint = Blueprint("papers", __name__)
MARK = frozenset({"commission", "intake", "head", "curator", "substitute"})
"""Who may say that a copy has arrived."""
NOTHING: MultiDict[str, str] = MultiDict()


@blueprint.get("/subjects/<uuid:subject_id>/copies")
@signed_in
def copies_shown(subject_id: uuid.UUID) -> str:
    """Show where the copies of a case's papers went, and whether they came there."""
    opened = _opened(subject_id)
    html = _copies_page(opened, CopiesForm(formdata=None, data={"on": opened.on}))
    note_reading("case:copies", reader(), family_id=opened.subject.family_id, object_id=subject_id)
    return html


@blueprint.post("/subjects/<uuid:subject_id>/copies")
@signed_in
def copies_sent(subject_id: uuid.UUID) -> Any:
    """Note copies that went out."""
    opened, form = _opened(subject_id), CopiesForm()
    _offer(opened, form)
    if not form.validate():
        return _copies_page(opened, form), 422
    event = next(name for name, paper in copies.PAPER_OF.items() if paper == form.paper.data)
    try:
        take(opened.subject, event, form.answers(), form.on.data)
    except StepRefused as refusal:
        db.session.rollback()
        return _copies_page(_opened(subject_id), form, refusal), 422
    db.session.commit()
    return redirect(f"/subjects/{subject_id}/copies", 303)


@blueprint.post("/copies/<uuid:copy_id>/arrival")
@signed_in
def arrived(copy_id: uuid.UUID) -> Any:
    """Note that a copy came to its addressee."""
    copy = db.session.get(PaperCopy, copy_id)
    if copy is None:
        raise NotVisible
    opened, form = _opened(copy.subject_id), ArrivedForm()
    if not opened.hats & MARK:
        raise NotVisible
    fresh = CopiesForm(formdata=None, data={"on": opened.on})
    if not form.validate():
        return _copies_page(opened, fresh, marking=(copy_id, form.sentences())), 422
    try:
        copies.arrived(db.session(), copy, form.received_on.data, form.received_by.data or "", reader())
    except Refused as refusal:
        wrong = {name: [said] for name, said in refusal.fields.items()}
        return _copies_page(opened, fresh, marking=(copy_id, wrong)), 422
    where = f"/subjects/{copy.subject_id}/copies"
    db.session.commit()
    return redirect(where, 303)


@blueprint.get("/subjects/<uuid:subject_id>/services")
@signed_in
def services_shown(subject_id: uuid.UUID) -> str:
    """Show the need that was recognised and the programmes of services."""
    opened = _opened(subject_id)
    html = _services_page(opened, *_blank(opened))
    note_reading("case:services", reader(), family_id=opened.subject.family_id, object_id=subject_id)
    return html


@blueprint.post("/subjects/<uuid:subject_id>/services/need")
@signed_in
def need(subject_id: uuid.UUID) -> Any:
    """Write down that the family was recognised as needing services."""
    opened, form = _opened(subject_id), NeedForm()
    if not form.validate():
        return _services_page(opened, form, _blank(opened)[1]), 422
    return _taken(opened, "need_recognised", {"number": form.number.data}, form, _blank(opened)[1])


@blueprint.post("/subjects/<uuid:subject_id>/services")
@signed_in
def programme(subject_id: uuid.UUID) -> Any:
    """Keep a programme of social services."""
    opened, form = _opened(subject_id), ServicesForm()
    if not form.validate():
        return _services_page(opened, _blank(opened)[0], form), 422
    answers = {name: form[name].data for name in ("number", "since", "until")}
    answers["services"] = service_lines(request.form)
    return _taken(opened, "services_programme_made", answers, _blank(opened)[0], form)


def _taken(opened: Opened, event: str, answers: dict[str, Any], need_form: NeedForm, made: ServicesForm) -> Any:
    subject_id, form = opened.subject.id, need_form if event == "need_recognised" else made
    try:
        take(opened.subject, event, answers, form.on.data)
    except StepRefused as refusal:
        db.session.rollback()
        return _services_page(_opened(subject_id), need_form, made, refusal), 422
    db.session.commit()
    return redirect(f"/subjects/{subject_id}/services", 303)


def _opened(subject_id: uuid.UUID) -> Opened:
    opened = open_subject(subject_id, "case")
    if "papers" not in opened.layers:
        raise NotVisible
    return opened


def _may(opened: Opened, event: str) -> bool:
    step, ground = step_for(event, "case"), ground_of(db.session(), opened.subject)
    return step is not None and ground.knows(event, step) and bool(opened.hats & set(step.by))


def _offer(opened: Opened, form: CopiesForm) -> list[str]:
    papers = [paper for event, paper in copies.PAPER_OF.items() if _may(opened, event)]
    here = select(Organisation).where(Organisation.territory_id == opened.subject.territory_id)
    form.offer(papers, db.session.scalars(here.order_by(Organisation.name)))
    return papers


def _copies_page(
    opened: Opened,
    form: CopiesForm,
    refusal: StepRefused | None = None,
    marking: tuple[uuid.UUID, dict[str, list[str]]] | None = None,
) -> str:
    papers = _offer(opened, form)
    errors = form.sentences() | {name: [said] for name, said in (refusal.fields if refusal else {}).items()}
    return htmx.page(
        "cases/copies.html",
        person=reader().person,
        office=True,
        subject=opened.subject,
        copies=copies.copies_of(db.session(), opened.subject),
        sends=bool(papers),
        marks=bool(opened.hats & MARK),
        marking=marking[0] if marking else None,
        wrong_mark=marking[1] if marking else {},
        form=form,
        errors=errors,
        refusal=refusal.sentence if refusal and not refusal.fields else "",
        today=opened.on,
    )


def _blank(opened: Opened) -> tuple[NeedForm, ServicesForm]:
    day = {"on": opened.on, "since": opened.on}
    return NeedForm(formdata=None, data=day), ServicesForm(formdata=None, data=day)


def _services_page(opened: Opened, need_form: NeedForm, made: ServicesForm, refusal: StepRefused | None = None) -> str:
    facts = [fact for fact in ground_of(db.session(), opened.subject).facts if fact.type == "need_recognised"]
    return htmx.page(
        "cases/services.html",
        person=reader().person,
        office=True,
        subject=opened.subject,
        recognised=facts[-1] if facts else None,
        programmes=services.programmes_of(db.session(), opened.subject),
        may_recognise=_may(opened, "need_recognised"),
        may_make=_may(opened, "services_programme_made") and bool(facts),
        need=need_form,
        form=made,
        rows=service_rows(request.form if request.method == "POST" else NOTHING),
        errors=made.sentences()
        | need_form.sentences()
        | {name: [said] for name, said in (refusal.fields if refusal else {}).items()},
        refusal=refusal.sentence if refusal and not refusal.fields else "",
        today=opened.on,
    )
