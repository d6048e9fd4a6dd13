"""«Телефоны» at the office: for the head of an organisation and for the administrator."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, request

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth import revoking
from curator_app.auth.access import get_visible, own_today, own_zone, reader, signed_in
from curator_app.auth.models import HANDED_IN, LOST, Enrolment, EnrolmentLink, Organisation
from curator_app.clock import now
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.people import phones
from curator_app.people.access import looks_after
from curator_app.people.unanswered import unanswered

blueprint = Blueprint("phones", __name__)
blueprint.add_app_template_global(own_today, "own_today")


@blueprint.app_template_global()
def nobody_answers() -> Sequence[Organisation]:
    """Return where a call for help would reach nobody today: for an administrator's pages."""
    return unanswered(db.session(), own_today())


@blueprint.get("/phones")
@signed_in
@looks_after
def index() -> str:
    """Show the phones of one's people."""
    person, on = reader().person, own_today()
    shown = request.args.get("show", "all")
    if shown not in phones.SHOWN:
        raise NotVisible
    html = htmx.page(
        "people/phones.html",
        page=phones.phones_of(db.session(), person, on, shown, request.args.get("after", type=uuid.UUID)),
        requests=phones.requests_of(db.session(), person, on),
        shown=shown,
        zone=own_zone(),
        person=person,
        office=True,
    )
    note_reading("phones:listed", reader())
    return html


@blueprint.get("/phones/<uuid:enrolment_id>")
@signed_in
@looks_after
def show(enrolment_id: uuid.UUID) -> str:
    """Show one phone, and what switching it off would mean."""
    enrolment = get_visible(Enrolment, enrolment_id)
    return htmx.page(
        "people/phone.html",
        phone=phones.Phone(enrolment, now()),
        others=phones.others_of(db.session(), enrolment),
        may_take_back=revoking.may_take_back(enrolment),
        is_own=enrolment.id == reader().enrolment_id,
        zone=own_zone(),
        person=reader().person,
        office=True,
    )


@blueprint.get("/phones/<uuid:enrolment_id>/off")
@signed_in
@looks_after
def before_off(enrolment_id: uuid.UUID) -> str:
    """Show what switching a phone off would do, before anybody does it."""
    phone, way = phones.Phone(get_visible(Enrolment, enrolment_id), now()), request.args.get("way", "")
    if way not in phone.ways_off or enrolment_id == reader().enrolment_id:
        raise NotVisible
    return htmx.page(
        "people/off.html",
        phone=phone,
        way=way,
        others=phones.others_of(db.session(), phone.enrolment),
        accepts_until=phone.at + revoking.DELIVERS_FOR,
        zone=own_zone(),
        person=reader().person,
        office=True,
    )


@blueprint.post("/phones/<uuid:enrolment_id>/off")
@signed_in
@looks_after
def switch_off(enrolment_id: uuid.UUID) -> Any:
    """Switch a phone off, as lost or as handed in."""
    enrolment = get_visible(Enrolment, enrolment_id)
    way = request.form.get("way", "")
    if way not in {LOST, HANDED_IN} or enrolment.id == reader().enrolment_id:
        raise NotVisible
    revoking.switch_off(db.session(), enrolment, way, reader())
    db.session.commit()
    return redirect(f"/phones/{enrolment_id}", 303)


@blueprint.post("/phones/<uuid:enrolment_id>/back")
@signed_in
@looks_after
def take_back(enrolment_id: uuid.UUID) -> Any:
    """Undo a switching off that the phone has not heard of."""
    revoking.take_back(db.session(), get_visible(Enrolment, enrolment_id), reader())
    db.session.commit()
    return redirect(f"/phones/{enrolment_id}", 303)


@blueprint.post("/phones/requests/<uuid:link_id>")
@signed_in
@looks_after
def decide(link_id: uuid.UUID) -> Any:
    """Answer a phone that asks to be prepared."""
    link = get_visible(EnrolmentLink, link_id)
    answer = request.form.get("answer", "")
    if answer not in {"yes", "no"}:
        raise NotVisible
    phones.decide(db.session(), link, reader(), approved=answer == "yes")
    db.session.commit()
    return redirect("/phones", 303)


@blueprint.post("/phone/hand-in")
@signed_in
def hand_in() -> Any:
    """«Убрать данные с телефона» on the phone itself: its own person hands it in."""
    if not reader().enrolment.is_field:
        raise NotVisible
    revoking.switch_off(db.session(), reader().enrolment, HANDED_IN, reader())
    db.session.commit()
    return "", 204
