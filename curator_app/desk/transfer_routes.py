"""A case goes to another district: handed over here, accepted or sent back there."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect

from curator_app import htmx, texts
from curator_app.audit.service import note_reading
from curator_app.auth.access import at_a_desk, get_visible, own_today, reader, signed_in
from curator_app.auth.models import Territory
from curator_app.cases import transfer
from curator_app.cases.course_models import RECEIVING_ROLES, Transfer
from curator_app.cases.ending_forms import AcceptForm, DeclineForm, SendForm
from curator_app.cases.stepping import Actor, StepRefused, take_step
from curator_app.clock import today
from curator_app.desk.course_pages import Asking, ask, opening_of, take, why_not
from curator_app.desk.effects import EFFECTS
from curator_app.errors import Refused
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.service import record_event

blueprint = Blueprint("transfers", __name__)

SENT, ACCEPTED, DECLINED = "district_transferred", "district_accepted", "district_declined"


@blueprint.route("/subjects/<uuid:subject_id>/transfer", methods=["GET", "POST"])
@signed_in
def send(subject_id: uuid.UUID) -> Any:
    """Hand a case to another district."""
    opening = opening_of(subject_id)
    session, subject, on = db.session(), opening.opened.subject, opening.opened.on
    form = SendForm(today=on)
    form.offer(transfer.other_districts(session, subject))
    page = Asking(
        texts.text("course.transfer.title"),
        f"/subjects/{subject_id}/transfer",
        (opening.own, texts.text("course.back")),
        texts.text("course.transfer.intro"),
        why_not(opening, SENT) or _waits(transfer.waiting_of(session, subject)),
        save=texts.text("course.transfer.send"),
    )
    if page.hindered or not form.validate_on_submit():
        return (ask(form, page), 422) if form.is_submitted() else ask(form, page)
    where, target = opening.own, session.get_one(Territory, form.territory.key)
    try:
        take(opening, SENT, {"to": target.name}, on)
        transfer.send(session, subject, transfer.Sending(target, form.reason.data or "", on), reader())
    except Refused as refusal:
        session.rollback()
        return ask(form, page, refusal), 422
    session.commit()
    return redirect(where, 303)


@blueprint.get("/transfers")
@signed_in
@at_a_desk(*RECEIVING_ROLES)
def index() -> str:
    """Show what other districts hand over to this one: papers, nothing of the visits."""
    session, person = db.session(), reader().person
    rows = transfer.waiting_for(session, person, own_today())
    families = {row.id: session.get(Family, row.subject.family_id) for row in rows}
    html = htmx.page("cases/course/transfers.html", person=person, office=True, rows=rows, families=families)
    note_reading("transfers:listed", reader())
    return html


@blueprint.route("/transfers/<uuid:row_id>/accept", methods=["GET", "POST"])
@signed_in
@at_a_desk(*RECEIVING_ROLES)
def accept(row_id: uuid.UUID) -> Any:
    """Take a case in."""
    row, session = get_visible(Transfer, row_id), db.session()
    on = today(row.target.zone)
    form = AcceptForm(today=on, data={"own_rules": True})
    form.offer(transfer.receivers_in(session, row.target, on))
    page = _asking(row, "accept")
    if not form.validate_on_submit():
        return (ask(form, page), 422) if form.is_submitted() else ask(form, page)
    receiver = form.receivers[form.receiver.data]
    try:
        subject = transfer.accept(session, row, receiver, on, reader(), own_rules=bool(form.own_rules.data))
    except StepRefused as refusal:
        session.rollback()
        return ask(form, page, refusal), 422
    # Whoever receives cases in this district records it, whatever else they are to the family.
    actor = Actor(reader().person, reader().enrolment, frozenset({"intake"}))
    take_step(session, subject, ACCEPTED, {}, on=on, by=actor, effects=EFFECTS)
    session.commit()
    return redirect("/transfers", 303)


@blueprint.route("/transfers/<uuid:row_id>/decline", methods=["GET", "POST"])
@signed_in
@at_a_desk(*RECEIVING_ROLES)
def decline(row_id: uuid.UUID) -> Any:
    """Send a case back with the reason."""
    row, by = get_visible(Transfer, row_id), reader()
    on = today(row.source.zone)
    form, page = DeclineForm(today=on), _asking(row, "decline")
    if not form.validate_on_submit():
        return (ask(form, page), 422) if form.is_submitted() else ask(form, page)
    try:
        transfer.decline(db.session(), row, form.why.data or "", on, by)
    except StepRefused as refusal:
        db.session.rollback()
        return ask(form, page, refusal), 422
    # No step of the case's own people: another district answers, and only that it did.
    record_event(row.subject, DECLINED, on=on, author=by.person, enrolment=by.enrolment)
    db.session.commit()
    return redirect("/transfers", 303)


def _waits(row: Transfer | None) -> str:
    """Say where it was offered already; a second form would ask in vain."""
    if row is None:
        return ""
    return texts.text("course.transfer.already", day=f"{row.sent_on:%d.%m.%Y}", place=row.target.name)


def _asking(row: Transfer, act: str) -> Asking:
    family = db.session.get(Family, row.subject.family_id)
    words = texts.tables()["course"]["transfer"]
    facts = [
        (texts.text("course.transfer.from_where", place=row.source.name, day=f"{row.sent_on:%d.%m.%Y}"), row.reason)
    ]
    title, here = words[f"{act}_title"], f"/transfers/{row.id}/{act}"
    return Asking(title, here, ("/transfers", words["list_title"]), family.surname if family else "", facts=facts)
