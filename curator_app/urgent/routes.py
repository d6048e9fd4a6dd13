"""«Срочно» and «Вернусь на связь» on a phone; «Дежурство» wherever the duty person is."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import get_raw, get_visible, own_today, reader, signed_in
from curator_app.auth.models import Person
from curator_app.clock import now
from curator_app.errors import NotVisible, Refused
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.urgent import check_ins, content, duty, pages, service
from curator_app.urgent.models import Alarm, CheckIn

blueprint = Blueprint("urgent", __name__)

MAX_REPLY_CHARS = 1000
FOUND = "found"
TAKEN_BACK = "back"


@blueprint.app_template_global()
def duty_waiting(person: Person) -> int | None:
    """Return how much waits for a duty person; None for everybody else, who has no such page."""
    on = own_today()
    return duty.waiting(db.session(), person, on) if duty.keeps_duty(person, on) else None


@blueprint.get("/families/<uuid:family_id>/urgent")
@signed_in
def urgent(family_id: uuid.UUID) -> str:
    """Show whom to call and what to say."""
    html = pages.urgent_html(reader(), get_raw(Family, family_id))
    note_reading("urgent:opened", reader(), family_id=family_id)
    return html


@blueprint.get("/check-in")
@signed_in
def check_in() -> str:
    """Show «Вернусь на связь»."""
    html = pages.check_in_html(reader())
    note_reading("families:listed", reader())
    return html


@blueprint.get("/alarms/<uuid:alarm_id>")
@signed_in
def answer_to(alarm_id: uuid.UUID) -> str:
    """Give what an alarm's author is told: who answered, when and what."""
    alarm = get_visible(Alarm, alarm_id)
    html = pages.answer_html(alarm)
    note_reading("alarm:answer_read", reader(), family_id=alarm.family_id, object_id=alarm.id)
    return html


@blueprint.get("/duty")
@signed_in
def board() -> Any:
    """Show what waits for the duty person; with `since`, the lists alone if they changed, and 204 if not."""
    _refuse_others()
    if "since" not in request.args:
        html = pages.duty_html(reader())
    elif request.args["since"] == duty.board(db.session(), reader().person, own_today()).version:
        return "", 204
    else:
        html = pages.duty_list_html(reader())
    note_reading("duty:listed", reader())
    return html


@blueprint.get("/duty/count")
@signed_in
def count() -> str:
    """Give the number beside «Дежурство»."""
    _refuse_others()
    waiting = duty.waiting(db.session(), reader().person, own_today())
    return f" · {waiting}" if waiting else ""


@blueprint.get("/duty/alarms")
@signed_in
def alarms() -> str:
    """Show every alarm that one answers or answered, narrowed, page after page."""
    _refuse_others()
    html = pages.alarms_html(reader(), request.args.get("show", "all"), request.args.get("after", type=uuid.UUID))
    note_reading("duty:listed", reader())
    return html


@blueprint.get("/duty/check-ins")
@signed_in
def past_check_ins() -> str:
    """Show every check-in that one looks after, narrowed, page after page."""
    _refuse_others()
    html = pages.check_ins_html(reader(), request.args.get("show", "all"), request.args.get("after", type=uuid.UUID))
    note_reading("duty:listed", reader())
    return html


@blueprint.get("/duty/alarms/<uuid:alarm_id>")
@signed_in
def alarm(alarm_id: uuid.UUID) -> Any:
    """Show an alarm to who answers it; with `since`, what changes on its page, and 204 if nothing did."""
    row = answered_by_me(alarm_id)
    if "since" not in request.args:
        html = pages.alarm_html(reader(), row)
    elif request.args["since"] == duty.alarm_version(row):
        return "", 204
    else:
        html = pages.alarm_state_html(reader(), row)
    note_reading("alarm:read", reader(), family_id=row.family_id, object_id=alarm_id)
    return html


@blueprint.post("/duty/alarms/<uuid:alarm_id>/seen")
@signed_in
def seen(alarm_id: uuid.UUID) -> Any:
    """Write down that the duty person has it before them."""
    service.mark_seen(db.session(), answered_by_me(alarm_id), reader().person)
    db.session.commit()
    return "", 204


@blueprint.post("/duty/alarms/<uuid:alarm_id>/answer")
@signed_in
def answer(alarm_id: uuid.UUID) -> Any:
    """Answer as a named person."""
    row = answered_by_me(alarm_id)
    how = request.form.get("how", "")
    if how not in content.labels()["answers"]:
        raise NotVisible
    said = {name: request.form.get(name, "").strip()[:MAX_REPLY_CHARS] for name in ("reply", "passed_to")}
    try:
        service.answer_alarm(db.session(), row, reader().person, how=how, **said)
    except Refused as refusal:
        db.session.rollback()
        return pages.alarm_html(reader(), answered_by_me(alarm_id), errors=refusal.fields, values=said), 422
    db.session.commit()
    return redirect(f"/duty/alarms/{alarm_id}", 303)


@blueprint.post("/duty/check-ins/<uuid:check_in_id>")
@signed_in
def look_after(check_in_id: uuid.UUID) -> Any:
    """Write down what a call to somebody who did not come back came to."""
    _refuse_others()
    found = CheckIn.at_duty_of(reader().person, own_today()).where(CheckIn.id == check_in_id)
    row = db.session.scalars(found).first()
    if row is None:
        raise NotVisible
    if request.form.get("how") == FOUND:
        check_ins.close(db.session(), row, reader().person, at=now())
    elif request.form.get("how") == TAKEN_BACK:
        check_ins.reopen(db.session(), row, reader().person)
    else:
        check_ins.note_tried(db.session(), row, reader().person)
    db.session.commit()
    return redirect("/duty", 303)


def _refuse_others() -> None:
    """Let only duty people through; a phone's whole page would show itself without a finger, its shell asks for one."""
    whole = reader().enrolment.is_field and not htmx.wants_fragment()
    if whole or not duty.keeps_duty(reader().person, own_today()):
        raise NotVisible


def answered_by_me(alarm_id: uuid.UUID) -> Alarm:
    """Return an alarm that the reader answers; raise NotVisible for any other."""
    _refuse_others()
    row = db.session.scalars(Alarm.at_duty_of(reader().person, own_today()).where(Alarm.id == alarm_id)).first()
    if row is None:
        raise NotVisible
    return row
