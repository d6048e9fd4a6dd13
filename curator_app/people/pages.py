"""«Люди», «Организации» and substitutes as text."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from curator_app import htmx, qr
from curator_app.auth.access import own_zone
from curator_app.auth.models import ADMINISTRATOR, HEAD, Enrolment, Organisation, Person, SignIn
from curator_app.clock import now
from curator_app.errors import Refused
from curator_app.extensions import db
from curator_app.people import service, substitutes
from curator_app.people.forms import DetailsForm, OrganisationForm, PersonForm, StandInForm, TermForm, said
from curator_app.people.phones import Phone


def sentences(refusal: Refused) -> dict[str, list[str]]:
    """Return what a verb refuses, in words, by field."""
    return {name: [said(code)] for name, code in refusal.fields.items()}


def people_html(reader: SignIn, on: date, after: uuid.UUID | None = None) -> str:
    """Render the people by organisation, those behind the organisation `after`."""
    page = service.people_of(db.session(), reader.person, on, after)
    return _render(
        "people/index.html", reader, page=page, groups=page.groups, today=on, administers=_administers(reader, on)
    )


def new_person_html(reader: SignIn, form: PersonForm) -> str:
    """Render the form of a new account."""
    return _render("people/new.html", reader, form=form, errors=form.sentences())


def person_html(
    reader: SignIn,
    person: Person,
    on: date,
    *,
    details: DetailsForm | None = None,
    term: TermForm | None = None,
    errors: dict[str, list[str]] | None = None,
) -> str:
    """Render an account: who, roles, devices, who stands in."""
    if term is None:
        term = TermForm(formdata=None, data={"since": on})
        term.offer(service.organisations_of(db.session(), reader.person, on), service.may_give(reader.person, on))
    held = sorted(person.roles, key=lambda role: (role.until_on is not None, role.since_on), reverse=False)
    own = substitutes.families_of(db.session(), person, reader.person, on)
    return _render(
        "people/person.html",
        reader,
        one=person,
        details=details or DetailsForm(formdata=None, obj=person),
        term=term,
        errors=errors or (details.sentences() if details else {}),
        roles=held,
        may_change=service.may_change(reader.person, person, on),
        may_give=service.may_give(reader.person, on),
        devices=_devices(person),
        families=len(own),
        stand_ins=substitutes.stand_ins(db.session(), person, reader.person, on) if own else [],
        heads=reader.person.has_role(HEAD, on),
        today=on,
    )


def link_html(reader: SignIn, person: Person, kind: str, address: str, until: datetime) -> str:
    """Render a one-time link, as text and as a picture for a phone's camera."""
    return _render(
        "people/link.html",
        reader,
        one=person,
        kind=kind,
        address=address,
        until=until,
        zone=own_zone(),
        code=qr.path(address),
    )


def stand_in_html(
    reader: SignIn, person: Person, form: StandInForm, families: int, errors: dict[str, list[str]] | None = None
) -> str:
    """Render the form that puts somebody in a curator's place."""
    errors = errors or form.sentences()
    return _render("people/stand_in.html", reader, one=person, form=form, families=families, errors=errors)


def organisations_html(reader: SignIn, organisations: Sequence[Organisation], form: OrganisationForm) -> str:
    """Render the organisations, and the form of a new one."""
    return _render("people/organisations.html", reader, organisations=organisations, form=form, errors=form.sentences())


def organisation_html(reader: SignIn, organisation: Organisation, form: OrganisationForm) -> str:
    """Render one organisation to be corrected."""
    return _render("people/organisation.html", reader, one=organisation, form=form, errors=form.sentences())


def _administers(reader: SignIn, on: date) -> bool:
    return reader.person.has_role(ADMINISTRATOR, on)


def _devices(person: Person) -> list[Phone]:
    rows = select(Enrolment).where(Enrolment.person_id == person.id, Enrolment.state != "revoked")
    return [Phone(one, now()) for one in db.session.scalars(rows.order_by(Enrolment.created_at))]


def _render(template: str, reader: SignIn, **context: object) -> str:
    return htmx.page(template, person=reader.person, office=True, **context)
