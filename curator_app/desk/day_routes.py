"""«Дни и дорога» on a phone and at a desk; «Что за вами» at a desk."""

from __future__ import annotations

import uuid

from flask import Blueprint, request

from curator_app.audit.service import note_reading
from curator_app.auth.access import reader, signed_in
from curator_app.desk.day_pages import owed_html, plan_html
from curator_app.errors import NotVisible

blueprint = Blueprint("day", __name__)


@blueprint.get("/plan")
@signed_in
def plan() -> str:
    """Show the coming days with their visits, and the way to each door."""
    html = plan_html(reader())
    note_reading("families:listed", reader())
    return html


@blueprint.get("/owed")
@signed_in
def owed() -> str:
    """Show everything the reader owes across all subjects, the late first."""
    if reader().enrolment.is_field:
        raise NotVisible
    html = owed_html(reader(), request.args.get("after", type=uuid.UUID))
    note_reading("duties:listed", reader())
    return html
