"""«Почему такой срок»: one duty, with the document's words and the count of its days."""

from __future__ import annotations

import uuid

from flask import Blueprint

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import get_visible, reader, signed_in
from curator_app.clock import today
from curator_app.extensions import db
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.reasons import reason_of

blueprint = Blueprint("duties", __name__)


@blueprint.get("/duties/<uuid:duty_id>")
@signed_in
def show(duty_id: uuid.UUID) -> str:
    """Show why a duty has its day."""
    row = get_visible(DutyRow, duty_id)
    zone, family_id = row.subject.territory.zone, row.subject.family_id
    html = htmx.page(
        "duties/show.html",
        reason=reason_of(db.session(), row, today(zone)),
        row=row,
        family_id=family_id,
        zone=zone,
        person=reader().person,
        office=not reader().enrolment.is_field,
    )
    note_reading("duty:read", reader(), family_id=family_id, object_id=duty_id)
    return html
