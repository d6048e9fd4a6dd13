"""The field kit: the pages of one's own families, as lines of a stream that a phone keeps one by one.

Each family is rendered in a transaction of its own, which ends before its lines are sent: over EDGE the
stream takes a minute, and nobody else waits for it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import brotli
from flask import current_app

from curator_app.audit.service import note_reading
from curator_app.auth.models import SignIn
from curator_app.cases.channel import ensure_card
from curator_app.cases.channel_pages import card_html
from curator_app.clock import now
from curator_app.database import begin_reading
from curator_app.desk import pages
from curator_app.desk.day_pages import plan_html
from curator_app.desk.door import door_html
from curator_app.desk.measure_pages import measure_html
from curator_app.desk.service import last_photos
from curator_app.desk.versions import day_version, family_versions
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.families.layers import sight_of
from curator_app.families.models import Family
from curator_app.intake.phone_pages import signal_html
from curator_app.storage import StoreDown, photo_store
from curator_app.sync.keys import public_key_of
from curator_app.urgent.pages import check_in_html, urgent_html
from curator_app.visits.acquaint_pages import acquaintance_html, receipt_html
from curator_app.visits.contact_pages import contact_form_html
from curator_app.visits.jobs import key_of
from curator_app.visits.pages import visit_form_html
from curator_app.visits.planning_pages import plan_html as plan_of_family_html

THUMB_BYTES_LIMIT = 10 * 1024
FAMILY_BYTES_GUESS = 25_000
"""What a family's lines weigh before compression, for the progress bar's first guess."""

GENERAL: dict[str, Callable[..., str]] = {
    "/today": pages.today_html,
    "/families": pages.families_html,
    "/plan": plan_html,
    "/outbox": pages.outbox_html,
    "/more": pages.more_html,
    "/check-in": check_in_html,
    "/signal": signal_html,
}
OF_A_FAMILY: dict[str, Callable[..., str]] = {
    "/families/{id}": pages.dossier_html,
    "/families/{id}/door": door_html,
    "/families/{id}/visit": visit_form_html,
    "/families/{id}/contact": contact_form_html,
    "/families/{id}/urgent": urgent_html,
    "/families/{id}/acquaintance": acquaintance_html,
    "/families/{id}/acknowledgement": receipt_html,
    "/families/{id}/measure": measure_html,
    "/families/{id}/plan": plan_of_family_html,
    "/families/{id}/card": card_html,
}

ON_THE_SHARED_CARD = {"/families/{id}"}
"""All that a member of the working group takes along: no form, no door, no picture."""

_ROOT = Path(__file__).resolve().parent.parent.parent
_BUILT_FROM = ("templates/**/*.html", "curator_app/texts/*.toml", "curator_app/procedures/forms/*.toml")

Line = dict[str, Any]


def lines(sign_in: uuid.UUID, families: dict[str, str], general: dict[str, str]) -> Iterator[Line]:
    """Yield what the phone does not have yet; `families` and `general` are the versions that it has, by id and URL.

    Order: begin, general pages, for each changed family its pages and thumbnails and then its own line
    (so that a broken stream is taken up at a family), same, gone, end.
    """
    # A stream runs after its request's own session is gone: the reader is loaded into the stream's.
    begin_reading(db.session())
    reader = db.session.get_one(SignIn, sign_in)
    versions = _versions(reader)
    changed = [key for key, version in versions.items() if families.get(str(key)) != version]
    yield {"t": "begin", "families": len(versions), "bytes": FAMILY_BYTES_GUESS * len(changed)}
    yield from _general(reader, versions, general)
    for index, family in enumerate(changed, start=1):
        yield from _family(reader, family, versions[family], index)
    yield {"t": "same", "families": [str(key) for key in versions if key not in changed]}
    yield {"t": "gone", "families": sorted(families.keys() - {str(key) for key in versions})}
    key = public_key_of(current_app.config["CURATOR"])
    yield {"t": "end", "key": key, "at": now().isoformat()}


def written(source: Iterable[Line], *, compress: bool) -> Iterator[bytes]:
    """Write lines as NDJSON, Brotli-compressed where asked; every line leaves at once."""
    squeeze = brotli.Compressor(quality=5) if compress else None
    for line in source:
        content = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        yield squeeze.process(content) + squeeze.flush() if squeeze else content
    if squeeze:
        yield squeeze.finish()


def _versions(reader: SignIn) -> dict[uuid.UUID, str]:
    """Return the version of every family that the person may open."""
    begin_reading(db.session())
    versions = family_versions(db.session(), reader.person, pages.zone_today(reader), build())
    db.session.rollback()
    return versions


def _general(reader: SignIn, versions: dict[uuid.UUID, str], held: dict[str, str]) -> Iterator[Line]:
    begin_reading(db.session())
    # What these pages show depends on the families and the day; nothing is rendered to learn that.
    day = day_version(db.session(), reader.person, pages.zone_today(reader), versions)
    parts = [
        build(),
        str(pages.zone_today(reader)),
        day,
        *sorted(f"{key}{version}" for key, version in versions.items()),
    ]
    version = hashlib.sha256("|".join(parts).encode()).hexdigest()[:12]
    found = [
        {"t": "page", "url": url, "version": version, "html": render(reader, kit=True)}
        for url, render in GENERAL.items()
        if held.get(url) != version
    ]
    db.session.rollback()
    yield from found


def _family(reader: SignIn, key: uuid.UUID, version: str, index: int) -> Iterator[Line]:
    """Yield one family's lines, after writing down that it was taken along."""
    ensure_card(current_app.config["CURATOR"].secret_key, key)
    begin_reading(db.session())
    family = db.session.scalars(
        Family.visible_to(reader.person, pages.zone_today(reader)).where(Family.id == key)
    ).first()
    if family is None:
        # Handed over since the stream began: the next kit says that it is gone.
        db.session.rollback()
        return
    raw = sight_of(db.session(), reader.person, pages.zone_today(reader), [family]).sees_raw(family)
    found: list[Line] = [
        {"t": "page", "url": url.format(id=key), "version": version, "html": render(reader, family, kit=True)}
        for url, render in OF_A_FAMILY.items()
        if raw or url in ON_THE_SHARED_CARD
    ]
    photos = [photo.id for photo in last_photos(db.session(), family)] if raw else []
    note_reading("kit:taken", reader, family_id=key)
    yield from found
    yield from _thumbs(photos)
    yield {"t": "family", "id": str(key), "version": version, "i": index}


def _thumbs(photos: Iterable[uuid.UUID]) -> Iterator[Line]:
    for photo in photos:
        try:
            content = photo_store().get(key_of(photo, "thumb"))
        except (StoreDown, NotVisible):
            # The pages matter more than a small picture.
            continue
        if len(content) <= THUMB_BYTES_LIMIT:
            yield {"t": "photo", "id": str(photo), "b64": base64.b64encode(content).decode()}


@lru_cache
def build() -> str:
    """Return a short hash of what pages are made from, so that a new version of the app renews every copy."""
    digest = hashlib.sha256()
    for pattern in _BUILT_FROM:
        for path in sorted(_ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
