"""«Как напоминать»: one's letters and calendar; a territory's days and hours, an administrator's business."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, redirect, request
from sqlalchemy import select, update

from curator_app import htmx, mail
from curator_app.audit.service import not_too_fast, note_reading, record
from curator_app.auth.access import at_a_desk, get_visible, own_today, own_zone, reader, signed_in
from curator_app.auth.models import ADMINISTRATOR, Territory
from curator_app.clock import now, today
from curator_app.config import Config
from curator_app.database import uuid7
from curator_app.errors import NotVisible, Refused
from curator_app.extensions import db
from curator_app.reminders import addresses, feed, letters
from curator_app.reminders.places import Places
from curator_app.reminders.rhythm import Rhythm
from curator_app.reminders.settings_forms import CodeForm, EmailForm, RhythmForm, said
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Subject

blueprint = Blueprint("reminder_settings", __name__)

CODES, WITHIN = 5, timedelta(hours=1)
"""So many codes in an hour are asked for by one person: nobody's mailbox is filled from here."""
HERE = "/reminders/settings"


@blueprint.get(HERE)
@signed_in
def show() -> str:
    """Show how one is reminded."""
    if reader().enrolment.is_field and not htmx.wants_fragment():
        raise NotVisible
    return _own_page()


@blueprint.post(f"{HERE}/email")
@signed_in
def ask_code() -> Any:
    """Send a code to an address."""
    form = EmailForm()
    if not form.validate():
        return _own_page(form.sentences(), email=form.email.data), 422
    config: Config = current_app.config["CURATOR"]
    if not mail.is_on(config):
        return _own_page({"email": [said("mail_off")]}, email=form.email.data), 422
    not_too_fast(db.session(), "letters:asked", reader().person_id, most=CODES, within=WITHIN)
    code = addresses.ask(db.session(), reader().person, form.email.data or "", config.secret_key)
    whose = reader().person_id
    record(db.session(), "letters:asked", person_id=whose, enrolment_id=reader().enrolment_id, object_id=whose)
    letter = letters.code_letter(config, form.email.data or "", code, uuid7())
    # Nobody waits for our rows while the mail server takes its time.
    db.session.commit()
    try:
        mail.send(config, letter)
    except mail.MailRefused:
        return _own_page({"email": [said("refused")]}, email=form.email.data), 422
    except mail.MailLater:
        return _own_page({"email": [said("mail_later")]}, email=form.email.data), 503
    return redirect(HERE, 303)


@blueprint.post(f"{HERE}/email/code")
@signed_in
def confirm_code() -> Any:
    """Take an address over whose code came back."""
    form = CodeForm()
    if not form.validate():
        return _own_page(form.sentences()), 422
    config: Config = current_app.config["CURATOR"]
    try:
        addresses.confirm(db.session(), reader(), form.code.data or "", config.secret_key)
    except Refused as refusal:
        # A wrong code counts.
        db.session.commit()
        return _own_page({name: [said(why)] for name, why in refusal.fields.items()}), 422
    db.session.commit()
    return redirect(HERE, 303)


@blueprint.post(f"{HERE}/email/off")
@signed_in
def no_letters() -> Any:
    """Send no letters any more."""
    addresses.forget(db.session(), reader())
    db.session.commit()
    return redirect(HERE, 303)


@blueprint.post(f"{HERE}/calendar")
@signed_in
def share_calendar() -> Any:
    """Make the calendar's address, and show it this once."""
    token = feed.make_link(db.session(), reader())
    db.session.commit()
    config: Config = current_app.config["CURATOR"]
    return _own_page(address=f"{config.public_url}/calendar-feed/{token}.ics")


@blueprint.post(f"{HERE}/calendar/off")
@signed_in
def close_calendar() -> Any:
    """Let the calendar's address lead nowhere."""
    feed.drop_link(db.session(), reader())
    db.session.commit()
    return redirect(HERE, 303)


@blueprint.get(f"{HERE}/calendar.ics")
@signed_in
def download() -> Response:
    """Give the calendar once, as a file."""
    body = feed.calendar_of(db.session(), reader().person, ZoneInfo(own_zone()), own_today())
    note_reading("calendar:read", reader())
    return _ics(body)


@blueprint.get("/calendar-feed/<token>.ics")
def subscribed(token: str) -> Response:
    """Give the calendar to a program that knows the address."""
    link = feed.by_token(db.session(), token)
    if link is None:
        raise NotVisible
    zone = Places(db.session()).of_person(link.person_id).zone
    return _ics(feed.calendar_of(db.session(), link.person, zone, today(zone.key)))


@blueprint.get("/territories/<uuid:territory_id>/reminders")
@signed_in
@at_a_desk(ADMINISTRATOR)
def rhythm(territory_id: uuid.UUID) -> str:
    """Show how a territory reminds."""
    one = get_visible(Territory, territory_id)
    form = RhythmForm.showing(Rhythm.of(one.reminding))
    form.offer()
    return _territory_page(one, form)


@blueprint.post("/territories/<uuid:territory_id>/reminders")
@signed_in
@at_a_desk(ADMINISTRATOR)
def set_rhythm(territory_id: uuid.UUID) -> Any:
    """Keep how a territory reminds, and look at everything owed there by the new days."""
    one, form = get_visible(Territory, territory_id), RhythmForm()
    form.offer()
    if not form.validate():
        return _territory_page(one, form, form.sentences()), 422
    wanted = form.settings()
    changed = {name: [(one.reminding or {}).get(name), value] for name, value in wanted.items()}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    # What this page does not ask stays as it is.
    one.reminding = {**(one.reminding or {}), **wanted}
    here = select(Subject.id).where(Subject.territory_id == one.id)
    owed = (DutyRow.subject_id.in_(here)) & DutyRow.met_on.is_(None)
    db.session.execute(update(DutyRow).where(owed).values(remind_at=now()).execution_options(synchronize_session=False))
    marks = {"person_id": reader().person_id, "enrolment_id": reader().enrolment_id}
    record(db.session(), "territory:reminding", **marks, object_id=one.id, data=changed)
    db.session.commit()
    return redirect(f"/territories/{one.id}", 303)


def _own_page(errors: dict[str, list[str]] | None = None, *, email: str | None = None, address: str = "") -> str:
    config: Config = current_app.config["CURATOR"]
    person = reader().person
    return htmx.page(
        "reminders/settings.html",
        person=person,
        office=not reader().enrolment.is_field,
        errors=errors or {},
        email=person.email if email is None else email,
        waiting=addresses.waiting(db.session(), person),
        letters_on=mail.is_on(config),
        link=feed.link_of(db.session(), person),
        address=address,
        rhythm=Places(db.session()).of_person(person.id).rhythm,
    )


def _territory_page(one: Territory, form: RhythmForm, errors: dict[str, list[str]] | None = None) -> str:
    context = {"one": one, "form": form, "errors": errors or {}, "person": reader().person, "office": True}
    return htmx.page("reminders/territory.html", **context)


def _ics(body: bytes) -> Response:
    response = Response(body, mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="kurator.ics"'
    response.headers["Cache-Control"] = "no-store"
    response.add_etag()
    response.make_conditional(request)
    return response
