"""«Нужно поправить» at the desk: what came whole and could not be applied, for its author and the head.

The list says codes and times; what an envelope holds is opened one at a time, and each opening is written down.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import get_visible, own_today, reader, signed_in
from curator_app.clock import today
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.sync import repairing
from curator_app.sync.models import Envelope
from curator_app.sync.original import Original, original_of
from curator_app.visits.fields import sentence

FORMS = {"signal": "signal", "visit": "edit", "contact": "contact", "measure": "measure"} | dict.fromkeys(
    ("acquaintance", "acknowledgement"), "step"
)
"""What can be put right at a desk, and under which name its form stands."""

blueprint = Blueprint("repairs", __name__)

NOTE_CHARS = 2000


@blueprint.get("/repairs")
@signed_in
def index() -> str:
    """Show what waits for a repair; a phone shows its own on «Отправка»."""
    _at_a_desk()
    person, on = reader().person, own_today()
    html = _page(
        "sync/repairs.html",
        envelopes=repairing.awaiting_repair(db.session(), person, on),
        settled=repairing.settled_by_note(db.session(), person, on),
    )
    note_reading("repairs:listed", reader())
    return html


@blueprint.get("/repairs/<uuid:envelope_id>")
@signed_in
def show(envelope_id: uuid.UUID) -> str:
    """Show one: why it did not apply, what it says, what was written beside it."""
    envelope = _repairable(envelope_id)
    family_id, html = _shown(envelope)
    note_reading("repair:read", reader(), family_id=family_id, object_id=envelope_id)
    return html


@blueprint.post("/repairs/<uuid:envelope_id>/notes")
@signed_in
def note(envelope_id: uuid.UUID) -> Any:
    """Write a note beside the original; the head's may be the end of it."""
    envelope = _repairable(envelope_id)
    text = request.form.get("text", "").strip()
    settles = "settle" in request.form
    if settles and not repairing.may_settle(db.session(), reader().person, envelope, own_today()):
        raise NotVisible
    wrong = _wrong(text)
    if wrong:
        return _shown(envelope, text_typed=text, errors={"text": [wrong]})[1], 422
    if settles and repairing.waits(envelope):
        family = _family(original_of(envelope))
        on = today(family.territory.zone) if family else own_today()
        repairing.settle(db.session(), envelope, text, reader(), family=family, on=on)
    else:
        repairing.add_note(db.session(), envelope, text, reader())
    db.session.commit()
    return redirect("/repairs" if settles else f"/repairs/{envelope_id}", 303)


def _repairable(envelope_id: uuid.UUID) -> Envelope:
    """Load an envelope that waits or was settled by a note; what applied has its own page."""
    _at_a_desk()
    envelope = get_visible(Envelope, envelope_id)
    if not repairing.waits(envelope) and not envelope.repair_notes:
        raise NotVisible
    return envelope


def _shown(envelope: Envelope, **context: object) -> tuple[uuid.UUID | None, str]:
    """Render one; return the family it names, where the reader may know it, and the page."""
    person, on = reader().person, own_today()
    original = original_of(envelope)
    family = _family(original)
    settles = repairing.may_settle(db.session(), person, envelope, on)
    mine = envelope.enrolment.person_id == person.id
    # Whoever lost the family is not shown what lies with the head; the head reads what her own people wrote.
    # A signal is of no family yet: who told it reads her own words.
    own_signal = mine and envelope.kind == "signal"
    readable = original is not None and (settles or family is not None or own_signal)
    names = {member.id: member.name for member in family.members} if family else {}
    html = _page(
        "sync/repair.html",
        envelope=envelope,
        family=family,
        lines=original.lines(names) if original and readable else [],
        pictures=original.pictures if original and readable else 0,
        readable=readable,
        settles=settles,
        waits=repairing.waits(envelope),
        here=FORMS.get(envelope.kind, "") if own_signal or (mine and family is not None) else "",
        **({"text_typed": "", "errors": {}} | context),
    )
    return family.id if family else None, html


def _family(original: Original | None) -> Family | None:
    """Return the family that it names, if its raw layer is the reader's to see."""
    if original is None or original.family_id is None:
        return None
    mine = Family.raw_visible_to(reader().person, own_today())
    return db.session.scalars(mine.where(Family.id == original.family_id)).first()


def _wrong(text: str) -> str:
    if not text:
        return sentence("field_empty", field="заметка")
    return sentence("text_too_long", n=NOTE_CHARS) if len(text) > NOTE_CHARS else ""


def _at_a_desk() -> None:
    if reader().enrolment.is_field:
        raise NotVisible


def _page(template: str, **context: object) -> str:
    person = reader().person
    zone = person.roles[0].organisation.territory.zone if person.roles else "Europe/Moscow"
    return htmx.page(template, zone=zone, person=person, office=True, **context)
