"""«Срок прошёл, что помешало?», what is late in one's organisations, and asking for supervision."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import at_a_desk, get_visible, own_today, reader, signed_in
from curator_app.auth.models import HEAD, Person
from curator_app.errors import NotVisible, Refused
from curator_app.extensions import db
from curator_app.office_forms import DeskDay, DeskForm
from curator_app.reminders import delays, support
from curator_app.reminders.delay_models import REASONS, SupportRequest
from curator_app.reminders.looking import path_of
from curator_app.subjects.doors import COMMISSION_ROLES
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.reasons import line_of
from curator_app.texts import text

blueprint = Blueprint("delays", __name__)

MOST_CHARS = 300


class DelayForm(DeskForm):
    """What stood in the way."""

    reason = StringField()
    note = StringField(filters=[lambda value: (value or "").strip()], validators=[Length(max=MOST_CHARS)])


class SupportForm(DeskForm):
    """The day that is offered, and a word."""

    held_on = DeskDay(validators=[InputRequired(text("steps.wrong_day"))])
    word = StringField(filters=[lambda value: (value or "").strip()], validators=[Length(max=MOST_CHARS)])


@blueprint.app_template_global()
def late_of_head(person: Person) -> int:
    """Count what is late in a head's organisations."""
    return delays.late_of_head(db.session(), person, own_today()) if person.has_role(HEAD, own_today()) else 0


@blueprint.get("/duties/<uuid:duty_id>/delay")
@signed_in
def show(duty_id: uuid.UUID) -> str:
    """Ask what stood in the way."""
    if reader().enrolment.is_field and not htmx.wants_fragment():
        # A phone's whole page would show itself without a finger.
        raise NotVisible
    html = _delay_page(_late(duty_id), DelayForm(formdata=None))
    note_reading("duty:read", reader(), object_id=duty_id)
    return html


@blueprint.post("/duties/<uuid:duty_id>/delay")
@signed_in
def explain(duty_id: uuid.UUID) -> Any:
    """Keep what stood in the way."""
    duty, form = _late(duty_id), DelayForm()
    if not form.validate():
        return _delay_page(duty, form, form.sentences()), 422
    try:
        delays.explain(db.session(), duty, form.reason.data or "", form.note.data or "", reader())
    except Refused as refusal:
        return _delay_page(duty, form, {name: [_said(why)] for name, why in refusal.fields.items()}), 422
    path = path_of(duty.subject)
    db.session.commit()
    return redirect(path, 303)


@blueprint.get("/overdue")
@signed_in
@at_a_desk(HEAD, *COMMISSION_ROLES)
def overdue() -> str:
    """Show what is late: to a head with reasons, to a commission as counts."""
    person, on = reader().person, own_today()
    heads = person.has_role(HEAD, on)
    after = request.args.get("after", type=uuid.UUID)
    shown = delays.overdue(db.session(), person, on, after) if heads else None
    counts = [] if heads else delays.counts(db.session(), person, on)
    html = _page("reminders/overdue.html", shown=shown, counts=counts, on=on, later=after is not None)
    note_reading("overdue:listed", reader())
    return html


@blueprint.get("/support")
@signed_in
def asked() -> str:
    """Show one's own requests for supervision, and those one answers."""
    if reader().enrolment.is_field and not htmx.wants_fragment():
        raise NotVisible
    html = _support_page()
    note_reading("support:listed", reader())
    return html


@blueprint.post("/support")
@signed_in
def ask() -> Any:
    """Ask for supervision."""
    try:
        support.ask(db.session(), reader(), own_today())
    except Refused:
        return _support_page(nobody=True), 422
    db.session.commit()
    return redirect("/support", 303)


@blueprint.post("/support/<uuid:request_id>")
@signed_in
def answer(request_id: uuid.UUID) -> Any:
    """Offer a day."""
    row, form = get_visible(SupportRequest, request_id), SupportForm()
    if row.person_id == reader().person_id:
        raise NotVisible
    if not form.validate():
        return _support_page(form.sentences(), row.id), 422
    if form.held_on.data and form.held_on.data < own_today():
        return _support_page({"held_on": [_said("past_day")]}, row.id), 422
    support.answer(db.session(), row, form.held_on.data, form.word.data or "", reader())
    db.session.commit()
    return redirect("/support", 303)


def _late(duty_id: uuid.UUID) -> DutyRow:
    """Return a late duty that the reader may say something of."""
    duty = get_visible(DutyRow, duty_id)
    if line_of(duty, own_today()).state != "late":
        raise NotVisible
    if not delays.may_explain(db.session(), reader().person, duty, own_today()):
        raise NotVisible
    return duty


def _delay_page(duty: DutyRow, form: DelayForm, errors: dict[str, list[str]] | None = None) -> str:
    line = line_of(duty, own_today())
    visit = line.rule is not None and delays.is_visit(line.rule.done_by)
    return _page(
        "reminders/delay.html",
        duty=duty,
        line=line,
        path=path_of(duty.subject),
        said=delays.reason_of(db.session(), duty),
        attempts=delays.attempts_since(db.session(), duty) if visit else 0,
        reasons=REASONS,
        form=form,
        errors=errors or {},
        zone=duty.subject.territory.zone,
    )


def _support_page(
    errors: dict[str, list[str]] | None = None, wrong_id: uuid.UUID | None = None, *, nobody: bool = False
) -> str:
    rows = support.requests_of(db.session(), reader().person, own_today())
    offered = support.is_offered(db.session(), reader().person)
    shown = {"rows": rows, "errors": errors or {}, "wrong_id": wrong_id, "offered": offered, "nobody": nobody}
    return _page("reminders/support.html", **shown)


def _said(name: str) -> str:
    return text(f"delays.wrong.{name}")


def _page(template: str, **context: object) -> str:
    return htmx.page(template, person=reader().person, office=not reader().enrolment.is_field, **context)
