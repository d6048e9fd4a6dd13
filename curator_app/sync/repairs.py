"""«Нужно поправить» at the desk: what came whole and could not be applied, for its author and the head.

A list of codes and times: what an envelope holds stays shut until its author's phone sends a better one.
"""

from __future__ import annotations

from flask import Blueprint

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import own_today, reader, signed_in
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.sync.service import awaiting_repair

blueprint = Blueprint("repairs", __name__)


@blueprint.get("/repairs")
@signed_in
def index() -> str:
    """Show what waits for a repair; a phone shows its own on «Отправка»."""
    if reader().enrolment.is_field:
        raise NotVisible
    person = reader().person
    envelopes = awaiting_repair(db.session(), person, own_today())
    zone = person.roles[0].organisation.territory.zone if person.roles else "Europe/Moscow"
    html = htmx.page("sync/repairs.html", envelopes=envelopes, zone=zone, person=person, office=True)
    note_reading("repairs:listed", reader())
    return html
