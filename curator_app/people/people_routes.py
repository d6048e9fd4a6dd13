"""«Люди» at the office: accounts with dated roles, and one-time links."""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

from flask import Blueprint, current_app, redirect, request

from curator_app.audit.service import note_reading
from curator_app.auth.access import get_visible, own_today, reader, signed_in
from curator_app.auth.models import FIELD, OFFICE, Organisation, Person
from curator_app.auth.service import LINK_LIVES, invite
from curator_app.clock import now
from curator_app.config import Config
from curator_app.errors import NotVisible, Refused
from curator_app.extensions import db
from curator_app.people import pages, service
from curator_app.people.access import looks_after
from curator_app.people.forms import DetailsForm, EndForm, PersonForm, TermForm

blueprint = Blueprint("people", __name__)

F = TypeVar("F", bound=TermForm)


@blueprint.get("/people")
@signed_in
@looks_after
def index() -> str:
    """Show one's people by organisation."""
    html = pages.people_html(reader(), own_today(), request.args.get("after", type=uuid.UUID))
    note_reading("people:listed", reader())
    return html


@blueprint.get("/people/new")
@signed_in
@looks_after
def new() -> str:
    """Offer the form of a new account."""
    return pages.new_person_html(reader(), _offered(PersonForm(data={"since": own_today()})))


@blueprint.post("/people")
@signed_in
@looks_after
def create() -> Any:
    """Make an account."""
    form = _offered(PersonForm())
    if not form.validate():
        return pages.new_person_html(reader(), form), 422
    person = service.add_person(db.session(), form.details(), _term(form), reader())
    db.session.commit()
    return redirect(f"/people/{person.id}", 303)


@blueprint.get("/people/<uuid:person_id>")
@signed_in
@looks_after
def show(person_id: uuid.UUID) -> str:
    """Show an account."""
    return pages.person_html(reader(), get_visible(Person, person_id), own_today())


@blueprint.post("/people/<uuid:person_id>")
@signed_in
@looks_after
def change(person_id: uuid.UUID) -> Any:
    """Correct who somebody is."""
    person, form = _changed(person_id), DetailsForm()
    if not form.validate():
        return pages.person_html(reader(), person, own_today(), details=form), 422
    service.change_person(db.session(), person, form.details(), reader())
    db.session.commit()
    return redirect(f"/people/{person_id}", 303)


@blueprint.post("/people/<uuid:person_id>/roles")
@signed_in
@looks_after
def give_role(person_id: uuid.UUID) -> Any:
    """Give a dated role."""
    person, form = _changed(person_id), _offered(TermForm())
    errors = {} if form.validate() else form.sentences()
    if not errors:
        try:
            service.give_role(db.session(), person, _term(form), reader())
        except Refused as refusal:
            errors = pages.sentences(refusal)
    if errors:
        return pages.person_html(reader(), person, own_today(), term=form, errors=errors), 422
    db.session.commit()
    return redirect(f"/people/{person_id}", 303)


@blueprint.post("/people/<uuid:person_id>/roles/<uuid:role_id>/end")
@signed_in
@looks_after
def end_role(person_id: uuid.UUID, role_id: uuid.UUID) -> Any:
    """Let a role end, with a day that may be ahead; an end that was set may be set anew."""
    person, form = _changed(person_id), EndForm()
    role = next((one for one in person.roles if one.id == role_id), None)
    if role is None or role.role not in service.may_give(reader().person, own_today()):
        raise NotVisible
    errors = {} if form.validate() else form.sentences()
    if not errors:
        try:
            service.end_role(db.session(), role, form.until.data, reader())
        except Refused as refusal:
            errors = pages.sentences(refusal)
    if errors:
        return pages.person_html(reader(), person, own_today(), errors={"end": errors["until"]}), 422
    db.session.commit()
    return redirect(f"/people/{person_id}", 303)


@blueprint.post("/people/<uuid:person_id>/links")
@signed_in
@looks_after
def link(person_id: uuid.UUID) -> Any:
    """Make a one-time link and show it, this once: only its hash is kept."""
    person, kind = _changed(person_id), request.form.get("kind", "")
    if kind not in {FIELD, OFFICE}:
        raise NotVisible
    token = invite(db.session(), person, kind, reader())
    db.session.commit()
    config: Config = current_app.config["CURATOR"]
    address = f"{config.origin}/enrol#{token}"
    return pages.link_html(reader(), person, kind, address, now() + LINK_LIVES)


def _changed(person_id: uuid.UUID) -> Person:
    """Load an account that the reader may change."""
    person = get_visible(Person, person_id)
    if not service.may_change(reader().person, person, own_today()):
        raise NotVisible
    return person


def _offered(form: F) -> F:
    person, on = reader().person, own_today()
    form.offer(service.organisations_of(db.session(), person, on), service.may_give(person, on))
    return form


def _term(form: TermForm) -> service.Term:
    organisation = get_visible(Organisation, uuid.UUID(form.organisation.data))
    return service.Term(organisation, form.role.data, form.since.data, form.until.data)
