"""The office's way to look back: a family's history, its pictures by place, visits against the period.

They are read at a desk: a phone's kit has the newest of it in the dossier.
"""

from __future__ import annotations

import uuid
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, request

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import get_raw, get_visible, own_today, reader, signed_in
from curator_app.clock import today
from curator_app.desk.gallery import places_of
from curator_app.desk.history import KINDS, SHARED_KINDS, Reading, Wanted, authors_of, history
from curator_app.desk.periods import curators_seen_by, months_of, overview, standing_of
from curator_app.desk.service import curator_of
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.families.layers import sight_of
from curator_app.families.models import Family
from curator_app.procedures.forms_loader import load_form
from curator_app.visits.forms import form_in_force

blueprint = Blueprint("office", __name__)


@blueprint.get("/families/<uuid:family_id>/history")
@signed_in
def family_history(family_id: uuid.UUID) -> str:
    """Show a family's history, narrowed by what the address asks for."""
    family = get_visible(Family, _at_a_desk(family_id))
    session, on = db.session(), today(family.territory.zone)
    raw = sight_of(session, reader().person, own_today(), [family]).sees_raw(family)
    wanted = _wanted()
    page = history(session, Reading(family, reader().person, own_today(), raw), wanted, _uuid("after"))
    html = _page(
        "families/history.html",
        family=family,
        raw=raw,
        wanted=wanted,
        page=page,
        narrowed=partial(_narrowed, wanted),
        kinds=KINDS if raw else SHARED_KINDS,
        sections=load_form(form_in_force(family.territory)).sections,
        authors=authors_of(session, family),
        curator=curator_of(session, family, on),
        today=on,
    )
    note_reading("family:history", reader(), family_id=family_id)
    return html


@blueprint.get("/families/<uuid:family_id>/photos")
@signed_in
def photos(family_id: uuid.UUID) -> str:
    """Show a family's pictures by place; one place large, two pictures of it side by side."""
    family = get_raw(Family, _at_a_desk(family_id))
    places = places_of(db.session(), family)
    chosen = next((place for place in places if place.id == request.args.get("place")), None)
    pair = None
    if chosen is not None and chosen.pair is not None:
        first, last = chosen.pair
        pair = (chosen.find(_uuid("before")) or first, chosen.find(_uuid("after")) or last)
    html = _page("families/photos.html", family=family, places=places, chosen=chosen, pair=pair)
    note_reading("family:photos", reader(), family_id=family_id)
    return html


@blueprint.get("/families/<uuid:family_id>/visits")
@signed_in
def family_visits(family_id: uuid.UUID) -> str:
    """Show a family's visits and attempts month by month, and where it stands against the period."""
    family = get_raw(Family, _at_a_desk(family_id))
    on = today(family.territory.zone)
    html = _page(
        "families/visits.html",
        family=family,
        months=months_of(db.session(), family, on),
        standing=standing_of(db.session(), family, on),
        today=on,
    )
    note_reading("family:visits", reader(), family_id=family_id)
    return html


@blueprint.get("/visits")
@signed_in
def visits() -> str:
    """Show the families one answers for, those first that nobody has seen for longest."""
    _at_a_desk(None)
    person, on, curator = reader().person, own_today(), _uuid("curator")
    html = _page(
        "families/overview.html",
        page=overview(db.session(), person, on, curator=curator, after=_uuid("after")),
        curators=curators_seen_by(db.session(), person, on),
        chosen=curator,
        today=on,
    )
    note_reading("families:visits", reader())
    return html


def _at_a_desk(family_id: Any) -> Any:
    """Pass the id on, at an office; on a phone there is no such page."""
    if reader().enrolment.is_field:
        raise NotVisible
    return family_id


def _wanted() -> Wanted:
    """Read what the address asks for; what it cannot mean asks for nothing."""
    given = request.args
    return Wanted(
        kinds=tuple(kind for kind in KINDS if kind in given.getlist("kind")),
        about=_uuid("about"),
        by=_uuid("by"),
        section=given.get("section", ""),
        since=_day("since"),
        until=_day("until"),
    )


def _narrowed(wanted: Wanted, **more: object) -> str:
    """Return what is wanted as the query of an address."""
    one = {"about": wanted.about, "by": wanted.by, "section": wanted.section, "since": wanted.since}
    pairs = [*(("kind", kind) for kind in wanted.kinds), *one.items(), ("until", wanted.until), *more.items()]
    return urlencode([(name, str(value)) for name, value in pairs if value])


def _uuid(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args.get(name, ""))
    except ValueError:
        return None


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _page(template: str, **context: object) -> str:
    return htmx.page(template, person=reader().person, office=True, **context)
