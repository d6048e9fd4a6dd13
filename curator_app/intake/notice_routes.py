"""A specialist's own notices: told at once, and then a line that says how far it has gone; no dossier."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request
from sqlalchemy import select, tuple_

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import own_today, reader, signed_in
from curator_app.auth.models import Person, Role, Territory
from curator_app.cases.hats import hats_of
from curator_app.cases.stepping import ground_of, offered
from curator_app.errors import Refused
from curator_app.extensions import db
from curator_app.intake import service
from curator_app.intake.access import TELLERS, own_notice, tells
from curator_app.intake.forms import SignalForm, said
from curator_app.intake.models import NOTICE, Signal, territories_of

blueprint = Blueprint("notices", __name__)

PAGE = 30
SOURCE_OF = {
    "school": "school",
    "health": "health",
    "social_service": "social_service",
    "guardianship": "guardianship",
    "shelter": "social_service",
}
"""What kind of body notices it, unless somebody says otherwise."""


@blueprint.app_template_global("tells")
def may_tell(person: Person) -> bool:
    """Tell a template whether the person may tell of a child."""
    return any(person.has_role(role, own_today()) for role in TELLERS)


@blueprint.get("/notices")
@signed_in
@tells
def index() -> str:
    """Show what one told, the newest first."""
    person = reader().person
    after = request.args.get("after", type=uuid.UUID)
    query = Signal.told_by(person).order_by(Signal.received_at.desc(), Signal.id.desc())
    mark = db.session.scalars(Signal.told_by(person).where(Signal.id == after)).first() if after else None
    if mark is not None:
        query = query.where(tuple_(Signal.received_at, Signal.id) < tuple_(mark.received_at, mark.id))
    found = db.session.scalars(query.limit(PAGE + 1)).all()
    last = found[PAGE - 1].id if len(found) > PAGE else None
    html = _page("signals/notices.html", rows=found[:PAGE], last=last, after=after)
    note_reading("notices:listed", reader())
    return html


@blueprint.get("/notices/new")
@signed_in
@tells
def new() -> str:
    """Offer the form of a notice."""
    form = _offered(SignalForm(formdata=None, data={"known_on": own_today(), "source": _own_source()}))
    return _form_page(form)


@blueprint.post("/notices")
@signed_in
@tells
def create() -> Any:
    """Send a notice."""
    form = _offered(SignalForm())
    if not form.validate():
        return _form_page(form), 422
    by, territory = reader(), next(one for one in _territories() if str(one.id) == form.territory.data)
    try:
        signal = service.take_signal(db.session(), form.told(territory, NOTICE), by.person, by.enrolment)
    except Refused as refusal:
        db.session.rollback()
        return _form_page(form, {name: [said(code)] for name, code in refusal.fields.items()}), 422
    key = signal.id
    db.session.commit()
    return redirect(f"/notices/{key}", 303)


@blueprint.get("/notices/<uuid:signal_id>")
@signed_in
@tells
def show(signal_id: uuid.UUID) -> str:
    """Show one's own words, how far the notice has gone, and what the document leaves to whoever told it."""
    signal, person = own_notice(signal_id), reader().person
    hats = hats_of(db.session(), person, signal.subject, own_today())
    steps = offered(ground_of(db.session(), signal.subject), hats & {"specialist"}) if signal.is_open else []
    html = _page("signals/notice.html", signal=signal, steps=steps, zone=signal.territory.zone)
    note_reading("notice:read", reader(), object_id=signal_id)
    return html


def _form_page(form: SignalForm, errors: dict[str, list[str]] | None = None) -> str:
    return _page("signals/notice_new.html", form=form, errors=errors or form.sentences())


def _offered(form: SignalForm) -> SignalForm:
    form.offer(_territories())
    return form


def _territories() -> list[Territory]:
    mine = territories_of(reader().person, own_today(), TELLERS)
    return list(db.session.scalars(select(Territory).where(Territory.id.in_(mine)).order_by(Territory.name)))


def _own_source() -> str:
    held = [role for role in reader().person.roles if role.is_held(own_today())]
    return SOURCE_OF.get(_kind(held), "")


def _kind(held: list[Role]) -> str:
    return held[0].organisation.kind if held else ""


def _page(template: str, **context: object) -> str:
    return htmx.page(template, person=reader().person, office=True, **context)
