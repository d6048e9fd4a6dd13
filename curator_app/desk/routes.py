"""«Сегодня», families, dossiers, photos."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, redirect, request

from curator_app.audit.service import not_too_fast, note_reading
from curator_app.auth.access import get_raw, get_visible, reader, reads, signed_in
from curator_app.desk import pages, service
from curator_app.desk.door import door_html
from curator_app.errors import NotVisible, TooFast
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.storage import photo_store
from curator_app.visits.models import Photo

blueprint = Blueprint("desk", __name__)

SEARCHES, WITHIN = 60, timedelta(minutes=1)
"""Nobody types faster; who wants a list of everybody would have to."""
PHOTO_KINDS = {"thumb": ("webp", "image/webp"), "full": ("jpg", "image/jpeg")}


@blueprint.get("/")
def index() -> Any:
    """Lead to «Сегодня»."""
    return redirect("/today")


@blueprint.get("/today")
@signed_in
def today() -> str:
    """Show what to do today."""
    html = pages.today_html(reader())
    note_reading("families:listed", reader())
    return html


@blueprint.get("/families")
@signed_in
def families() -> str:
    """Show the families one may open, a page of them behind the family that `after` names."""
    html = pages.families_html(reader(), after=request.args.get("after", type=uuid.UUID))
    note_reading("families:listed", reader())
    return html


@blueprint.post("/families/search")
@reads
@signed_in
def search() -> Any:
    """Show the families that fit what was typed. Posted: a name has no place in an address or a log."""
    asked = request.form.get("q", "")
    try:
        not_too_fast(db.session(), "families:searched", reader().person_id, most=SEARCHES, within=WITHIN)
    except TooFast as refusal:
        seconds = refusal.retry_after_seconds
        return pages.too_fast_html(reader(), asked, seconds), refusal.status, {"Retry-After": str(seconds)}
    html = pages.found_html(reader(), asked)
    note_reading("families:searched", reader())
    return html


@blueprint.get("/families/<uuid:family_id>")
@signed_in
def show(family_id: uuid.UUID) -> str:
    """Show a dossier."""
    html = pages.dossier_html(reader(), get_visible(Family, family_id))
    note_reading("family:read", reader(), family_id=family_id)
    return html


@blueprint.get("/families/<uuid:family_id>/door")
@signed_in
def before_door(family_id: uuid.UUID) -> str:
    """Show what one wants to know before knocking."""
    html = door_html(reader(), get_raw(Family, family_id))
    note_reading("family:read", reader(), family_id=family_id)
    return html


@blueprint.get("/families/<uuid:family_id>/timeline")
@signed_in
def timeline(family_id: uuid.UUID) -> Any:
    """Give the timeline again if it changed since `since`; 204 says that it did not, and is no reading."""
    family = get_visible(Family, family_id)
    if request.args.get("since") == service.timeline_version(db.session(), family):
        return "", 204
    html = pages.timeline_html(reader(), family)
    note_reading("family:read", reader(), family_id=family_id)
    return html


@blueprint.get("/photos/<uuid:photo_id>/<kind>")
@signed_in
def photo(photo_id: uuid.UUID, kind: str) -> Response:
    """Give a photo's picture, small or whole."""
    if kind not in PHOTO_KINDS:
        raise NotVisible
    row = get_visible(Photo, photo_id)
    if row.state != "ready":
        raise NotVisible
    family_id = row.visit.family_id
    extension, mimetype = PHOTO_KINDS[kind]
    body = photo_store().get(f"photos/{photo_id}.{extension}")
    note_reading("photo:read", reader(), family_id=family_id, object_id=photo_id)
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Disposition"] = f'inline; filename="photo.{extension}"'
    return response


@blueprint.get("/outbox")
@signed_in
def outbox() -> str:
    """Show the frame of «Отправка»."""
    return pages.outbox_html(reader())


@blueprint.get("/more")
@signed_in
def more() -> str:
    """Show «Ещё»."""
    return pages.more_html(reader())
