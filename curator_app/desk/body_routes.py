"""A working group's own page, the list of groups, and the page of a resource centre."""

from __future__ import annotations

import uuid
from itertools import groupby
from typing import Any

from flask import Blueprint, redirect
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from curator_app import htmx, texts
from curator_app.audit.service import note_reading
from curator_app.auth.access import at_a_desk, own_today, reader, signed_in
from curator_app.auth.models import Organisation, Person, Territory
from curator_app.cases.curators import Seat, seats
from curator_app.cases.groups import MAY_SIT
from curator_app.desk import bodies
from curator_app.desk.case_access import open_subject
from curator_app.desk.case_sections import duties, history, steps
from curator_app.desk.case_stage import late
from curator_app.extensions import db
from curator_app.office_forms import DeskForm
from curator_app.procedures.profiles_loader import load_profile
from curator_app.subjects.doors import COMMISSION_ROLES

blueprint = Blueprint("bodies", __name__)


class BodyForm(DeskForm):
    """Who chairs a new group, and who sits in it."""

    chair = SelectField(validators=[InputRequired(texts.text("bodies.no_chair"))])
    members = SelectMultipleField()


@blueprint.get("/bodies")
@signed_in
@at_a_desk(*COMMISSION_ROLES, bodies.CHAIR, bodies.MEMBER)
def index() -> str:
    """Show the working groups of the reader."""
    html = _index(_offered())
    note_reading("bodies:listed", reader())
    return html


@blueprint.post("/bodies")
@signed_in
@at_a_desk(*COMMISSION_ROLES)
def begin() -> Any:
    """Make a working group in the territory of the reader's commission."""
    form = _offered()
    if not form.validate():
        return _index(form), 422
    free = {seat.key: seat for seat in _seats()}
    territory = _territory()
    members = [free[key] for key in form.members.data or []]
    sitting = bodies.Sitting(free[form.chair.data], members, own_today())
    made = bodies.begin_body(db.session(), territory, sitting, reader())
    db.session.commit()
    return redirect(f"/bodies/{made.id}", 303)


@blueprint.get("/bodies/<uuid:subject_id>")
@signed_in
def show(subject_id: uuid.UUID) -> str:
    """Show a group: what it owes itself, once, whatever the number of its cases."""
    opened, session = open_subject(subject_id, bodies.BODY), db.session()
    html = htmx.page(
        "cases/body.html",
        person=reader().person,
        office=True,
        subject=opened.subject,
        profile=load_profile(opened.subject.procedure),
        members=bodies.members_of(session, opened.subject, opened.on),
        sections={name: find(session, opened) for name, find in _SECTIONS.items()},
        zone=opened.subject.territory.zone,
        today=opened.on,
    )
    note_reading("body:read", reader(), object_id=subject_id)
    return html


@blueprint.get("/resource-centre")
@signed_in
@at_a_desk("resource_centre")
def resource_centre() -> str:
    """Show the curators of all organisations of the resource centre's territory; no family comes with them."""
    found = bodies.colleagues(db.session(), reader().person, own_today())
    groups = [(place, list(rows)) for place, rows in groupby(found, key=lambda one: one.organisation)]
    html = htmx.page("cases/resource_centre.html", person=reader().person, office=True, groups=groups)
    note_reading("curators:listed", reader())
    return html


@blueprint.app_template_global()
def sits_in_groups(person: Person) -> bool:
    """Tell whether the head of a page offers «Рабочие группы»."""
    return any(person.has_role(role, own_today()) for role in (*COMMISSION_ROLES, bodies.CHAIR, bodies.MEMBER))


_SECTIONS = {"duties": duties, "late": late, "steps": steps, "history": history}


def _index(form: BodyForm) -> str:
    person, on = reader().person, own_today()
    begins = any(person.has_role(role, on) for role in COMMISSION_ROLES)
    found = bodies.bodies_of(db.session(), person, on)
    context = {"begins": begins, "form": form, "errors": form.sentences()}
    return htmx.page("cases/bodies.html", person=person, office=True, bodies=found, **context)


def _offered() -> BodyForm:
    form = BodyForm()
    form.members.choices = [(seat.key, seat.words) for seat in _seats()]
    # Nobody stands there beforehand: a chair that nobody chose would be written by a button pressed too early.
    form.chair.choices = form.members.choices and [("", texts.text("steps.choose")), *form.members.choices]
    return form


def _seats() -> list[Seat]:
    person, on = reader().person, own_today()
    if not any(person.has_role(role, on) for role in COMMISSION_ROLES):
        return []
    return seats(db.session(), _territory().id, on, MAY_SIT)


def _territory() -> Territory:
    """Return the territory of the reader's commission."""
    held = next(role for role in reader().person.roles if role.role in COMMISSION_ROLES and role.is_held(own_today()))
    return db.session.get_one(Organisation, held.organisation_id).territory
