"""Organisations, an administrator's business, and substitutes, a head's."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import Blueprint, redirect, request

from curator_app.audit.service import note_reading
from curator_app.auth.access import get_visible, own_today, reader, signed_in
from curator_app.auth.models import Organisation, Person
from curator_app.errors import NotVisible, Refused
from curator_app.extensions import db
from curator_app.people import pages, service, substitutes
from curator_app.people.access import administers, heads
from curator_app.people.forms import OrganisationForm, StandInForm

blueprint = Blueprint("organisations", __name__)


@blueprint.get("/organisations")
@signed_in
@administers
def index() -> str:
    """Show the organisations."""
    html = _organisations(_offered(OrganisationForm(formdata=None)))
    note_reading("organisations:listed", reader())
    return html


@blueprint.post("/organisations")
@signed_in
@administers
def create() -> Any:
    """Make an organisation."""
    form = _offered(OrganisationForm())
    if not form.validate():
        return _organisations(form), 422
    return _saved(Organisation(), form)


@blueprint.get("/organisations/<uuid:organisation_id>")
@signed_in
@administers
def show(organisation_id: uuid.UUID) -> str:
    """Show one organisation."""
    one = get_visible(Organisation, organisation_id)
    data = {"name": one.name, "kind": one.kind, "territory": str(one.territory_id)}
    return pages.organisation_html(reader(), one, _offered(OrganisationForm(formdata=None, data=data)))


@blueprint.post("/organisations/<uuid:organisation_id>")
@signed_in
@administers
def change(organisation_id: uuid.UUID) -> Any:
    """Correct an organisation."""
    one, form = get_visible(Organisation, organisation_id), _offered(OrganisationForm())
    if not form.validate():
        return pages.organisation_html(reader(), one, form), 422
    return _saved(one, form)


@blueprint.get("/people/<uuid:person_id>/stand-in")
@signed_in
@heads
def stand_in(person_id: uuid.UUID) -> str:
    """Offer to put somebody in a curator's place."""
    curator = get_visible(Person, person_id)
    return _stand_in_page(curator, _choices(curator, StandInForm(formdata=None, data={"since": own_today()})))


@blueprint.post("/people/<uuid:person_id>/stand-in")
@signed_in
@heads
def put_in(person_id: uuid.UUID) -> Any:
    """Put somebody in a curator's place for some days."""
    curator, on = get_visible(Person, person_id), own_today()
    form = _choices(curator, StandInForm())
    if not form.validate() or not form.not_before(on):
        return _stand_in_page(curator, form), 422
    person = db.session.get_one(Person, uuid.UUID(form.person.data))
    days = substitutes.Days(form.since.data, form.until.data, on)
    try:
        substitutes.stand_in(db.session(), curator, person, days, reader())
    except Refused as refusal:
        return _stand_in_page(curator, form, pages.sentences(refusal)), 422
    db.session.commit()
    return redirect(f"/people/{person_id}", 303)


@blueprint.post("/people/<uuid:person_id>/stand-in/end")
@signed_in
@heads
def end(person_id: uuid.UUID) -> Any:
    """Let a stand-in end now; one that has not begun never does."""
    curator = get_visible(Person, person_id)
    try:
        line = (
            uuid.UUID(request.form.get("person", "")),
            date.fromisoformat(request.form.get("since", "")),
            date.fromisoformat(request.form.get("until", "")),
        )
    except ValueError as error:
        raise NotVisible from error
    if not substitutes.end(db.session(), curator, line, reader(), own_today()):
        raise NotVisible
    db.session.commit()
    return redirect(f"/people/{person_id}", 303)


def _stand_in_page(curator: Person, form: StandInForm, errors: dict[str, list[str]] | None = None) -> str:
    own = substitutes.families_of(db.session(), curator, reader().person, own_today())
    return pages.stand_in_html(reader(), curator, form, len(own), errors)


def _choices(curator: Person, form: StandInForm) -> StandInForm:
    form.offer(substitutes.candidates(db.session(), curator, reader().person, own_today()))
    return form


def _organisations(form: OrganisationForm) -> str:
    found = service.organisations_of(db.session(), reader().person, own_today())
    return pages.organisations_html(reader(), found, form)


def _offered(form: OrganisationForm) -> OrganisationForm:
    form.offer(service.territories(db.session()))
    return form


def _saved(one: Organisation, form: OrganisationForm) -> Any:
    territory = next(row for row in service.territories(db.session()) if str(row.id) == form.territory.data)
    one.name, one.kind, one.territory = form.name.data or "", form.kind.data, territory
    service.save_organisation(db.session(), one, reader())
    db.session.commit()
    return redirect("/organisations", 303)
