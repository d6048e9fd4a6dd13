"""First measures and safety plans at a desk: what stands, what is set, how an adult agreed, what ended and why."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, redirect, request
from sqlalchemy import select

from curator_app import htmx
from curator_app.audit.service import note_reading, record
from curator_app.auth.access import reader, signed_in
from curator_app.cases.safety import (
    END_OF_KIND,
    EVENT_OF_KIND,
    KIND_OF_EVENT,
    REPLACES,
    agree_later,
    plans_of,
)
from curator_app.cases.safety_models import LATER, SafetyPlan
from curator_app.cases.safety_view import shown
from curator_app.cases.stepping import Actor, StepRefused, take_step
from curator_app.cases.steps import step_for
from curator_app.desk.case_access import Opened, open_subject
from curator_app.desk.effects import EFFECTS
from curator_app.desk.safety_form import MOST_ROWS, ROWS, AgreeForm, EndForm, PlanForm, rows_of
from curator_app.desk.step_routes import page_of
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.families.models import FamilyMember

blueprint = Blueprint("safety", __name__)

KINDS = ("signal", "case", "aftercare")


@dataclass
class Setting:
    """A plan that is being set: for whom, of which kind, and what it was begun from."""

    opened: Opened
    kind: str
    begun_from: SafetyPlan | None = None
    children: list[FamilyMember] = field(default_factory=list)

    @property
    def event(self) -> str:
        """The step that records it."""
        return EVENT_OF_KIND[self.kind]

    def form(self) -> PlanForm:
        """Return the form: as it was posted, or filled from what it was begun from."""
        form = PlanForm(data=None if request.method == "POST" else self._given())
        form.offer(self.children)
        return form

    def _given(self) -> dict[str, Any]:
        on, plan = self.opened.on, self.begun_from
        given: dict[str, Any] = {"on": on, "child": request.args.get("child", ""), "measures": []}
        if plan is not None:
            names = ("place", "place_words", "with_whom", "child_name")
            given |= {name: getattr(plan, name) for name in names} | {"measures": rows_of(plan, on)}
            given["child"] = given["child"] or str(plan.child_id or "")
            if "raw" in self.opened.layers or plan.author_id == reader().person_id:
                given |= {"place_address": plan.place_address, "child_knows": plan.child_knows}
        given["measures"] += [{}] * max(0, ROWS - len(given["measures"]))
        return given


@blueprint.get("/subjects/<uuid:subject_id>/safety")
@signed_in
def show(subject_id: uuid.UUID) -> str:
    """Show what protects each child, and what did before."""
    html = _page(_open(subject_id))
    note_reading("safety:read", reader(), object_id=subject_id)
    return html


@blueprint.get("/subjects/<uuid:subject_id>/safety/new")
@signed_in
def new(subject_id: uuid.UUID) -> str:
    """Offer the form of first measures or of a plan, empty or begun from one that stands."""
    setting = _setting(subject_id)
    note_reading("safety:read", reader(), object_id=subject_id)
    return _form(setting, setting.form(), {})


@blueprint.post("/subjects/<uuid:subject_id>/safety/new")
@signed_in
def create(subject_id: uuid.UUID) -> Any:
    """Set it; «Ещё мера» gives the form again with one row more."""
    setting = _setting(subject_id)
    form = setting.form()
    if "more" in request.form and len(form.measures) < MOST_ROWS:
        form.measures.append_entry()
        return _form(setting, form, {})
    errors = form.troubles()
    if errors:
        return _form(setting, form, errors), 422
    said = form.said()
    try:
        _take(setting.opened, setting.event, {"child": said.child_id, "plan": said}, on=form.on.data)
    except StepRefused as refusal:
        db.session.rollback()
        return _form(_setting(subject_id), form, {}, refusal), 422
    return redirect(f"/subjects/{subject_id}/safety", 303)


@blueprint.get("/subjects/<uuid:subject_id>/safety/<uuid:plan_id>/end")
@signed_in
def ending(subject_id: uuid.UUID, plan_id: uuid.UUID) -> str:
    """Ask whose decision it is that it ends, and why."""
    opened, plan = _own(subject_id, plan_id, ends=True)
    person = reader().person
    form = EndForm(data={"on": opened.on, "decided_by": ", ".join(filter(None, (person.name, person.post)))})
    note_reading("safety:read", reader(), object_id=subject_id)
    return _end(opened, plan, form)


@blueprint.post("/subjects/<uuid:subject_id>/safety/<uuid:plan_id>/end")
@signed_in
def end(subject_id: uuid.UUID, plan_id: uuid.UUID) -> Any:
    """End it."""
    opened, plan = _own(subject_id, plan_id, ends=True)
    form = EndForm()
    form.offer()
    if not form.validate():
        return _end(opened, plan, form), 422
    try:
        _take(opened, END_OF_KIND[plan.kind], {"plan": form.said(plan)}, on=form.on.data)
    except StepRefused as refusal:
        db.session.rollback()
        return _end(*_own(subject_id, plan_id, ends=True), form, refusal), 422
    return redirect(f"/subjects/{subject_id}/safety", 303)


@blueprint.post("/subjects/<uuid:subject_id>/safety/<uuid:plan_id>/measures/<uuid:measure_id>")
@signed_in
def agree(subject_id: uuid.UUID, plan_id: uuid.UUID, measure_id: uuid.UUID) -> Any:
    """Note how the adult who does a measure agreed after all."""
    opened, plan = _own(subject_id, plan_id)
    row = next((one for one in plan.measures if one.id == measure_id and one.agreed == LATER), None)
    form = AgreeForm()
    if row is None:
        raise NotVisible
    if not form.validate() or form.agreed.data == LATER or form.on.data > opened.on:
        return _page(opened, refusal_of=measure_id), 422
    agree_later(row, form.agreed.data, form.on.data)
    _note("safety:agreed", opened, row.id)
    db.session.commit()
    return redirect(f"/subjects/{subject_id}/safety", 303)


def _open(subject_id: uuid.UUID) -> Opened:
    return open_subject(subject_id, *KINDS)


def _may(opened: Opened, event: str) -> bool:
    step = step_for(event, opened.subject.kind)
    return step is not None and bool(opened.hats & set(step.by))


def _setting(subject_id: uuid.UUID) -> Setting:
    """Return what is being set; raise NotVisible for whoever may not set it."""
    opened = _open(subject_id)
    kind = request.args.get("kind", "")
    if kind not in EVENT_OF_KIND or not _may(opened, EVENT_OF_KIND[kind]):
        raise NotVisible
    wanted = request.args.get("from", type=uuid.UUID)
    begun_from = next((one for one in _plans(opened) if one.id == wanted), None)
    family_id = opened.subject.family_id
    children = select(FamilyMember).where(FamilyMember.family_id == family_id, FamilyMember.kind == "child")
    found = db.session.scalars(children.order_by(FamilyMember.position)).all() if family_id else []
    return Setting(opened, kind, begun_from, list(found))


def _own(subject_id: uuid.UUID, plan_id: uuid.UUID, *, ends: bool = False) -> tuple[Opened, SafetyPlan]:
    """Return a plan that stands, for somebody who may set or end such a one."""
    opened = _open(subject_id)
    plan = next((one for one in _plans(opened) if one.id == plan_id and one.holds), None)
    if plan is None or not _may(opened, END_OF_KIND[plan.kind] if ends else EVENT_OF_KIND[plan.kind]):
        raise NotVisible
    return opened, plan


def _plans(opened: Opened) -> list[SafetyPlan]:
    """Return the plans that the reader may see: of who reads no layer only what they set themselves."""
    mine = reader().person_id
    return [one for one in plans_of(db.session(), opened.subject) if opened.layers or one.author_id == mine]


def _take(opened: Opened, event: str, answers: dict[str, Any], *, on: Any) -> None:
    by = reader()
    actor = Actor(by.person, by.enrolment)
    taken = take_step(db.session(), opened.subject, event, answers, on=on, by=actor, effects=EFFECTS)
    _note("safety:set" if event in KIND_OF_EVENT else "safety:ended", opened, taken.id)
    db.session.commit()


def _note(act: str, opened: Opened, object_id: uuid.UUID) -> None:
    by, family_id = reader(), opened.subject.family_id
    marks: dict[str, Any] = {"person_id": by.person_id, "enrolment_id": by.enrolment_id, "family_id": family_id}
    record(db.session(), act, **marks, object_id=object_id)


def _page(opened: Opened, **more: object) -> str:
    plans = shown(_plans(opened), reader().person, opened.on, raw="raw" in opened.layers)
    may = {kind: _may(opened, event) for kind, event in EVENT_OF_KIND.items()}
    ends = {kind: _may(opened, event) for kind, event in END_OF_KIND.items()}
    return _html("safety/page.html", opened, plans=plans, may=may, ends=ends, **more)


def _form(setting: Setting, form: PlanForm, errors: dict[str, Any], refusal: StepRefused | None = None) -> str:
    here = f"/subjects/{setting.opened.subject.id}/safety/new?kind={setting.kind}"
    said = refusal.sentence if refusal else ""
    standing = [one for one in _plans(setting.opened) if one.holds and one.kind in REPLACES[setting.kind]]
    return _html(
        "safety/form.html",
        setting.opened,
        setting=setting,
        kind=setting.kind,
        form=form,
        errors=errors,
        refusal=said,
        here=here,
        standing=shown(standing, reader().person, setting.opened.on, raw=False),
    )


def _end(opened: Opened, plan: SafetyPlan, form: EndForm, refusal: StepRefused | None = None) -> str:
    form.offer()
    (one,) = shown([plan], reader().person, opened.on, raw="raw" in opened.layers)
    said = refusal.sentence if refusal else ""
    return _html("safety/end.html", opened, plan=one, form=form, errors=form.sentences(), refusal=said)


def _html(template: str, opened: Opened, **context: object) -> str:
    home = f"/subjects/{opened.subject.id}/safety"
    common = {"person": reader().person, "office": True, "subject": opened.subject, "today": opened.on, "home": home}
    return htmx.page(template, **common, back_to=page_of(opened), **context)
