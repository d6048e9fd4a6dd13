"""What happens to an envelope that is here whole, whichever way it came: from a phone or in a rescued file."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from flask import current_app
from sqlalchemy.exc import IntegrityError

from curator_app.extensions import db
from curator_app.storage import photo_store
from curator_app.sync import jobs, service
from curator_app.sync.applying import apply_text, set_aside
from curator_app.sync.calls import CALLS, call_codes
from curator_app.sync.envelopes import Header
from curator_app.sync.kinds import NUMBERS, PHOTO
from curator_app.sync.models import NEEDS_REPAIR, Envelope

log = logging.getLogger(__name__)


def keep_whole(
    enrolment_id: uuid.UUID, header: Header, digest: bytes, content: bytes
) -> tuple[uuid.UUID, dict[str, Any]] | None:
    """Make a whole envelope durable and return (its row's key, its receipt).

    None when somebody was first with it, or another machine with the year's first number; nothing was stored then.
    """
    arrival = service.Arrival(enrolment_id, header, len(content), digest)
    if header.kind == PHOTO:
        # The digest in the key: two contents under one id, on two machines, must not overwrite each other.
        arrival.store_key = f"sealed/{header.enrolment}/{header.id}-{digest.hex()[:16]}"
        photo_store().put(arrival.store_key, content)
    else:
        arrival.body = content
    try:
        envelope = service.keep(db.session(), arrival, NUMBERS.get(header.kind))
        key, receipt = envelope.id, service.receipt_of(envelope)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return None
    return key, receipt


def apply_whole(key: uuid.UUID, receipt: dict[str, Any], header: Header) -> dict[str, Any]:
    """Apply text at once and return the receipt as it is then; photos go to a job.

    Whatever goes wrong in here, the envelope is received and a job tries again.
    """
    if header.kind == PHOTO:
        jobs.enqueue_photos()
        return receipt
    try:
        envelope = apply_text(db.session(), current_app.extensions["key_ring"], key)
        if envelope is not None:
            receipt |= service.state_of(envelope) | call_code(envelope)
        db.session.commit()
    except Exception as error:  # noqa: BLE001 - the receipt is owed whatever happens in here
        db.session.rollback()
        # The exception's text may quote a field: its type and the row's key are enough to find it.
        log.error("envelope %s was received but not applied: %s", key, type(error).__name__)  # noqa: TRY400
    else:
        if header.kind in CALLS:
            jobs.call_people()
        # Photos may have come before the visit that announces them; most visits have none that wait.
        if header.parts or header.supersedes:
            jobs.enqueue_photos()
    return receipt


def hold(key: uuid.UUID, receipt: dict[str, Any], why: str) -> dict[str, Any]:
    """Set a kept envelope aside unapplied, for its author and the head, and return the receipt as it is then."""
    envelope = db.session.get_one(Envelope, key)
    set_aside(envelope, NEEDS_REPAIR, {"code": why})
    receipt |= service.state_of(envelope)
    db.session.commit()
    return receipt


def call_code(envelope: Envelope) -> dict[str, str]:
    """Return how far the answer is, for an envelope that calls people."""
    return call_codes(db.session(), [envelope]).get(envelope.envelope_id, {})
