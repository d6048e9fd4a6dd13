"""The author puts a visit right at a desk: on the form it was written on, filled with what it says."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict

from curator_app.audit.service import note_reading
from curator_app.auth.access import get_raw, get_visible, reader, signed_in
from curator_app.database import uuid7
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.sync.kinds import corrected_by
from curator_app.sync.models import Envelope
from curator_app.sync.original import Original, original_of
from curator_app.sync.repairing import settle_by_record, waits
from curator_app.visits.forms import visit_form
from curator_app.visits.models import Visit
from curator_app.visits.pages import Mended, visit_form_html
from curator_app.visits.posting import Typed, posted_fields, record_typed
from curator_app.visits.record_pages import carried_fields

blueprint = Blueprint("repair_form", __name__)


@dataclass(frozen=True, slots=True)
class Parked:
    """A record that waits: its envelope, what it says, the family it is about."""

    envelope: Envelope
    original: Original
    family: Family

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The pairs as they came."""
        return list(self.original.fields.items(multi=True))

    def value(self, name: str) -> str:
        """Return one of them."""
        return self.original.fields.get(name, "")

    def html(self, values: MultiDict[str, str], **errors: Any) -> str:
        """Render the form for it."""
        mended = Mended(self.value("form_version"), f"/repairs/{self.envelope.id}/edit")
        return visit_form_html(reader(), self.family, values=values, mended=mended, **errors)


@blueprint.get("/repairs/<uuid:envelope_id>/edit")
@signed_in
def edit(envelope_id: uuid.UUID) -> str:
    """Show the form with everything that was written; what does not hold is marked."""
    parked = _own(envelope_id)
    form = visit_form(parked.original.fields)
    form.validate()
    values = MultiDict(parked.fields)
    if db.session.get(Visit, form.id.data) is not None:
        values["id"] = str(uuid7())  # that id is another record's
    html = parked.html(values, errors=form.sentences())
    note_reading("repair:read", reader(), family_id=parked.family.id, object_id=envelope_id)
    return html


@blueprint.post("/repairs/<uuid:envelope_id>/edit")
@signed_in
def amend(envelope_id: uuid.UUID) -> Any:
    """Record the visit under the number that people were told; the original stays beneath it as it came."""
    parked = _own(envelope_id)
    envelope = parked.envelope
    posted = posted_fields(request.form, parked.family)
    for name, value in carried_fields(parked, posted, parked.html(MultiDict(parked.fields))):
        posted.add(name, value)
    form = visit_form(posted)
    number = (envelope.number_year, envelope.number) if envelope.number_year and envelope.number else None
    typed = Typed(
        parked.family,
        form,
        corrected=corrected_by(db.session(), envelope),
        number=number,
        then=lambda visit: settle_by_record(envelope, visit.id),
    )
    errors = record_typed(typed)
    if errors:
        return _own(envelope_id).html(MultiDict(form.raw), errors=errors), 422
    return redirect(f"/families/{parked.family.id}", 303)


def _own(envelope_id: uuid.UUID) -> Parked:
    """Load a visit of the reader's own that waits, of a family that is still theirs."""
    envelope = get_visible(Envelope, envelope_id)
    original = original_of(envelope)
    mine = envelope.enrolment.person_id == reader().person_id and not reader().enrolment.is_field
    if not mine or not waits(envelope) or envelope.kind != "visit" or original is None or original.family_id is None:
        raise NotVisible
    return Parked(envelope, original, get_raw(Family, original.family_id))
