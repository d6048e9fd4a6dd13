"""The page of one signal: what was told, what looks the same, whose turn it is, and what was done."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from flask import Blueprint, redirect

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import own_today, reader, signed_in
from curator_app.cases.hats import hats_of, layers_of
from curator_app.clock import today
from curator_app.desk.case_access import Opened
from curator_app.desk.signal_sections import SECTIONS
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.intake.duplicates import alike, sought_by
from curator_app.intake.journal import outcome_for
from curator_app.intake.models import Informant, Signal
from curator_app.subjects.doors import subjects_visible_to
from curator_app.subjects.models import Subject

blueprint = Blueprint("signal", __name__)


@blueprint.get("/signals/<uuid:signal_id>")
@signed_in
def show(signal_id: uuid.UUID) -> Any:
    """Show a signal; whoever told it is led to the line of feedback, which is all that is theirs."""
    session, person = db.session(), reader().person
    if reader().enrolment.is_field:
        raise NotVisible
    signal = session.scalars(Signal.visible_to(person, own_today()).where(Signal.id == signal_id)).first()
    if signal is None:
        told = session.scalars(Signal.told_by(person).where(Signal.id == signal_id)).first()
        if told is None:
            raise NotVisible
        return redirect(f"/notices/{signal_id}", 303)
    opened = _opened(signal)
    takes_in = "intake" in opened.hats
    html = htmx.page(
        "signals/show.html",
        person=person,
        office=True,
        signal=signal,
        subject=signal.subject,
        informant=_informant(signal) if takes_in else None,
        takes_in=takes_in,
        known=alike(session, sought_by(signal)) if takes_in and signal.is_open else [],
        outcome_words=partial(outcome_for, takes_in=takes_in),
        opens=_opens(signal),
        sections={name: section(session, opened) for name, section in SECTIONS.items()} if _office(opened) else {},
        layers=opened.layers,
        zone=signal.territory.zone,
        today=opened.on,
    )
    marks = {"family_id": signal.family_id, "object_id": signal_id}
    note_reading("signal:read", reader(), **marks, data={"informant": takes_in})
    return html


def _opened(signal: Signal) -> Opened:
    hats = hats_of(db.session(), reader().person, signal.subject, own_today())
    return Opened(signal.subject, hats, layers_of(hats), today(signal.territory.zone), reader().person_id)


def _office(opened: Opened) -> bool:
    """Tell whether the reader works with the signal; a curator of the family only reads what was told."""
    return bool(opened.hats & {"intake", "commission", "group", "group_chair"})


def _opens(signal: Signal) -> bool:
    """Tell whether what the signal led to is the reader's to open."""
    visible = subjects_visible_to(reader().person, own_today()).where(Subject.id == signal.leads_to_id)
    return db.session.scalars(visible).first() is not None


def _informant(signal: Signal) -> Informant | None:
    query = Informant.visible_to(reader().person, own_today()).where(Informant.signal_id == signal.id)
    return db.session.scalars(query).first()
