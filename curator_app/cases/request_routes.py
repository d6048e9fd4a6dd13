"""A family's card at a desk, and what families asked for by theirs: the list of who answers."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, current_app, redirect, request

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import at_a_desk, get_raw, get_visible, own_today, own_zone, reader, signed_in
from curator_app.auth.models import HEAD, Person
from curator_app.cases import channel
from curator_app.cases.channel_forms import AnswerForm
from curator_app.cases.channel_models import COMMISSION, FamilyRequest
from curator_app.cases.channel_pages import card_html
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.doors import INTAKE_ROLE

blueprint = Blueprint("requests", __name__)

ANSWERS = (HEAD, *COMMISSION, INTAKE_ROLE)
"""Intake answers only families that have early help alone."""
answers_families = at_a_desk(*ANSWERS)


@blueprint.app_template_global()
def requests_waiting(person: Person) -> int | None:
    """Return how many families wait for an answer; None for who answers none."""
    on = own_today()
    if not any(person.has_role(role, on) for role in ANSWERS):
        return None
    return channel.waiting(db.session(), person, on)


@blueprint.get("/families/<uuid:family_id>/card")
@signed_in
def card(family_id: uuid.UUID) -> str:
    """Show a family's card, to be printed or held before a camera."""
    get_raw(Family, family_id)
    note_reading("family_card:shown", reader(), family_id=family_id)
    channel.ensure_card(current_app.config["CURATOR"].secret_key, family_id)
    return card_html(reader(), get_raw(Family, family_id))


@blueprint.post("/families/<uuid:family_id>/card")
@signed_in
def renew(family_id: uuid.UUID) -> Any:
    """Make a new card in place of a lost one."""
    family = get_raw(Family, family_id)
    channel.renew_card(db.session(), current_app.config["CURATOR"].secret_key, family, reader())
    db.session.commit()
    return redirect(f"/families/{family_id}/card", 303)


@blueprint.get("/requests")
@signed_in
@answers_families
def index() -> str:
    """List what families asked for: those that wait, or those answered."""
    shown = request.args.get("show", "open")
    page = channel.request_page(db.session(), reader().person, own_today(), shown, _after())
    html = htmx.page(
        "channel/requests.html", person=reader().person, office=True, page=page, shown=shown, zone=own_zone()
    )
    note_reading("family_requests:listed", reader())
    return html


@blueprint.get("/requests/<uuid:request_id>")
@signed_in
@answers_families
def show(request_id: uuid.UUID) -> str:
    """Show one request with the place for an answer."""
    found = get_visible(FamilyRequest, request_id)
    html = _page(found, AnswerForm(formdata=None, answer=found.answer))
    note_reading("family_request:read", reader(), family_id=found.family_id, object_id=request_id)
    return html


@blueprint.post("/requests/<uuid:request_id>")
@signed_in
@answers_families
def answer(request_id: uuid.UUID) -> Any:
    """Answer a family."""
    found = get_visible(FamilyRequest, request_id)
    form = AnswerForm()
    if not form.validate():
        return _page(found, form), 422
    channel.answer_request(db.session(), found, form.answer.data or "", reader())
    db.session.commit()
    return redirect("/requests", 303)


def _after() -> uuid.UUID | None:
    return request.args.get("after", type=uuid.UUID)


def _page(found: FamilyRequest, form: AnswerForm) -> str:
    zone = found.territory.zone
    return htmx.page(
        "channel/request.html", person=reader().person, office=True, one=found, form=form, errors=form.errors, zone=zone
    )
