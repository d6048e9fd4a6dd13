"""«Сигналы» at the office: the journal, a call, and what the intake does with a signal."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request

from curator_app import htmx
from curator_app.audit.service import not_too_fast, note_reading, record
from curator_app.auth.access import own_today, own_zone, reader, reads, signed_in
from curator_app.auth.models import Person
from curator_app.cases.stepping import StepRefused
from curator_app.errors import NotVisible, Refused
from curator_app.extensions import db
from curator_app.intake import journal, outcomes, service
from curator_app.intake.access import keeps_journal, taken_in, takes_in
from curator_app.intake.duplicates import Sought, alike
from curator_app.intake.forms import SignalForm, said
from curator_app.intake.journal import Wanted, territories_taken_in
from curator_app.intake.models import CALL, INTAKE, STATES, WAYS, WORKED_WITH, Signal
from curator_app.subjects.models import Subject

blueprint = Blueprint("signals", __name__)

MOST_TEXT = 100
EXPORTS = 10
"""A day and person: a journal goes to an inspection now and then, not by the hour."""


@blueprint.app_template_global()
def signals_unread(person: Person) -> int | None:
    """Return how many signals wait to be taken in; None for everybody who takes in none."""
    return journal.unread(db.session(), person, own_today())


@blueprint.get("/signals")
@signed_in
@keeps_journal
def index() -> str:
    """Show the journal."""
    html = _index(_wanted(), request.args.get("after", type=uuid.UUID))
    note_reading("signals:listed", reader())
    return html


@blueprint.post("/signals/find")
@reads
@signed_in
@keeps_journal
def find() -> str:
    """Show what fits a name, a street or a number; what is looked for stays out of the address."""
    text = request.form.get("text", "").strip()[:MOST_TEXT]
    html = _index(replace(_wanted(), text=text), None)
    note_reading("signals:searched", reader())
    return html


@blueprint.get("/signals/journal.csv")
@signed_in
@takes_in
def export() -> Response:
    """Give the journal as a file, as it is narrowed now."""
    session, by = db.session(), reader()
    not_too_fast(session, "signals:exported", by.person_id, most=EXPORTS, within=timedelta(days=1))
    rows = journal.whole(session, by.person, own_today(), _wanted())
    text = journal.as_csv(rows, journal.outcomes_for(session, by.person, own_today()))
    note_reading("signals:exported", by, data={"rows": len(rows)})
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename=journal-{own_today().isoformat()}.csv"
    return response


@blueprint.get("/signals/new")
@signed_in
@takes_in
def new() -> str:
    """Offer the form of a call."""
    return _form_page(_offered(SignalForm(formdata=None, data={"known_on": own_today()})))


@blueprint.post("/signals")
@signed_in
@takes_in
def create() -> Any:
    """Write down what a caller says, unless it looks known and nobody has said that it is not."""
    form = _offered(SignalForm())
    if not form.validate():
        return _form_page(form), 422
    known = [] if request.form.get("sure") == "yes" else alike(db.session(), _sought(form))
    if known:
        record(db.session(), "signal:compared", person_id=reader().person_id, data={"found": len(known)})
        db.session.commit()
        return _form_page(form, known=known)
    territory = _territory(form)
    try:
        signal = service.take_signal(db.session(), form.told(territory, CALL), reader().person, reader().enrolment)
    except Refused as refusal:
        db.session.rollback()
        return _form_page(form, errors={name: [said(code)] for name, code in refusal.fields.items()}), 422
    service.register(db.session(), signal, reader())
    db.session.commit()
    return redirect(f"/signals/{signal.id}", 303)


@blueprint.post("/signals/<uuid:signal_id>/register")
@signed_in
@takes_in
def register(signal_id: uuid.UUID) -> Any:
    """Write a signal into the journal."""
    return _done(service.register, taken_in(signal_id))


@blueprint.post("/signals/<uuid:signal_id>/check")
@signed_in
@takes_in
def check(signal_id: uuid.UUID) -> Any:
    """Say that it is being checked."""
    return _done(service.begin_check, taken_in(signal_id))


@blueprint.post("/signals/<uuid:signal_id>/join")
@signed_in
@takes_in
def join(signal_id: uuid.UUID) -> Any:
    """Hand it to the work that is under way with the family."""
    signal = taken_in(signal_id)
    work = db.session.get(Subject, _posted("work"))
    if work is None or work.kind not in WORKED_WITH or work.territory_id != signal.territory_id:
        raise NotVisible
    return _done(lambda session, one, by: outcomes.join(session, one, work, by), signal)


@blueprint.post("/signals/<uuid:signal_id>/repeat")
@signed_in
@takes_in
def repeat(signal_id: uuid.UUID) -> Any:
    """Say which earlier signal it repeats."""
    signal, earlier = taken_in(signal_id), taken_in(_posted("earlier"))
    return _done(lambda session, one, by: outcomes.repeat(session, one, earlier, by), signal)


def _index(wanted: Wanted, after: uuid.UUID | None) -> str:
    person, on = reader().person, own_today()
    return _page(
        "signals/index.html",
        page=journal.journal(db.session(), person, on, wanted, after),
        wanted=wanted,
        after=after,
        narrowed=_narrowed,
        takes_in=person.has_role(INTAKE, on),
        outcome_words=journal.outcomes_for(db.session(), person, on),
        most=journal.MOST_ROWS,
        zone=own_zone(),
    )


def _done(verb: Any, signal: Signal) -> Any:
    """Do something to a signal and show it; what is refused is said on a page of its own."""
    key = signal.id
    try:
        verb(db.session(), signal, reader())
    except StepRefused:
        raise
    except Refused as refusal:
        db.session.rollback()
        (code,) = refusal.fields.values()
        raise Refused("signal_refused", why=said(code)) from refusal
    db.session.commit()
    return redirect(f"/signals/{key}", 303)


def _form_page(form: SignalForm, *, known: Any = (), errors: dict[str, list[str]] | None = None) -> str:
    wrong = errors or form.sentences()
    return _page("signals/new.html", form=form, known=known, errors=wrong, outcome_words=journal.outcome_words)


def _offered(form: SignalForm) -> SignalForm:
    form.offer(territories_taken_in(db.session(), reader().person, own_today(), intake_only=True))
    return form


def _territory(form: SignalForm) -> Any:
    mine = territories_taken_in(db.session(), reader().person, own_today(), intake_only=True)
    return next(one for one in mine if str(one.id) == form.territory.data)


def _sought(form: SignalForm) -> Sought:
    names = [child.name for child in form.named_children() if child.name]
    return Sought(uuid.UUID(form.territory.data), names, form.adults.data, form.address.data, form.phone.data)


def _posted(name: str) -> uuid.UUID:
    try:
        return uuid.UUID(request.form.get(name, ""))
    except ValueError as error:
        raise NotVisible from error


def _wanted() -> Wanted:
    """Read what the address asks for; what it cannot mean asks for nothing."""
    given = request.args
    state, way = given.get("state", ""), given.get("way", "")
    return Wanted(
        own_zone(),
        state=state if state in STATES else "",
        way=way if way in WAYS else "",
        since=_day("since"),
        until=_day("until"),
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _narrowed(wanted: Wanted, path: str = "/signals", **changes: Any) -> str:
    """Return the address of the journal as it is narrowed, with changes."""
    said_of = {name: getattr(wanted, name) for name in ("state", "way", "since", "until")} | changes
    query = urlencode({name: value for name, value in said_of.items() if value})
    return f"{path}?{query}" if query else path


def _page(template: str, **context: object) -> str:
    return htmx.page(template, person=reader().person, office=True, **context)
