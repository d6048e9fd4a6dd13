"""Open what was received and apply it, one envelope a transaction; what does not apply never blocks the rest."""

from __future__ import annotations

import logging
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, undefer

from curator_app.auth.models import Enrolment
from curator_app.clock import now
from curator_app.sync.envelopes import Unreadable, is_signed_by, open_sealed
from curator_app.sync.keys import KeyRing
from curator_app.sync.kinds import KINDS, PHOTO
from curator_app.sync.models import APPLIED, NEEDS_REPAIR, RECEIVED, UNREADABLE, Envelope
from curator_app.sync.opened import NotApplicable, Opened, Waits, named_family

log = logging.getLogger(__name__)


def apply_text(session: Session, ring: KeyRing, key: uuid.UUID) -> Envelope | None:
    """Open, check and apply one received text envelope; the caller commits.

    Returns None when somebody else has it or it is done. Several may call this at once, or twice.
    """
    envelope = _locked(session, key)
    if envelope is None:
        return None
    opened = open_envelope(ring, envelope, envelope.body or b"")
    handler = KINDS.get(envelope.kind)
    if opened is None:
        return envelope
    if handler is None:
        # A newer client than this server: the record waits here for the server's next version.
        envelope.reasons = [{"code": "kind_unknown_yet"}]
        return envelope
    family_id = named_family(opened.body)
    try:
        handler(session, opened)
    except (Waits, NotApplicable) as refusal:
        return _not_applied(session, key, refusal, family_id)
    envelope.family_id = family_id
    envelope.state = APPLIED
    envelope.applied_at = now()
    return envelope


def _locked(session: Session, key: uuid.UUID) -> Envelope | None:
    """Return a text envelope that is still to be applied, with its author, held by this transaction."""
    return session.scalars(
        select(Envelope)
        .where(Envelope.id == key, Envelope.state == RECEIVED, Envelope.kind != PHOTO)
        .options(undefer(Envelope.body), joinedload(Envelope.enrolment, innerjoin=True).joinedload(Enrolment.person))
        .with_for_update(skip_locked=True, of=Envelope)
    ).first()


def _not_applied(
    session: Session, key: uuid.UUID, refusal: Waits | NotApplicable, family_id: uuid.UUID
) -> Envelope | None:
    """Say why in a transaction of its own: what the handler wrote before it refused must not stay.

    Most envelopes apply, and a savepoint for each would cost them two round trips.
    """
    session.rollback()
    envelope = _locked(session, key)
    if envelope is None:
        return None
    # When the family is erased, what nothing was made of goes too.
    envelope.family_id = family_id
    if isinstance(refusal, NotApplicable):
        set_aside(envelope, NEEDS_REPAIR, *refusal.reasons)
    else:
        envelope.reasons = [{"code": refusal.code}]
    return envelope


def open_envelope(ring: KeyRing, envelope: Envelope, sealed: bytes) -> Opened | None:
    """Open the seal and check the signature; None when the envelope was set aside for one of them."""
    private = ring.private(envelope.kid)
    if private is None:
        set_aside(envelope, UNREADABLE, {"code": "unknown_key"})
        return None
    try:
        signature, body = open_sealed(private, envelope.header, sealed)
    except Unreadable:
        set_aside(envelope, UNREADABLE, {"code": "does_not_open"})
        return None
    if not is_signed_by(envelope.enrolment.signing_key, envelope.header, body, signature):
        set_aside(envelope, NEEDS_REPAIR, {"code": "signature"})
        return None
    return Opened(envelope, envelope.enrolment, body)


def set_aside(envelope: Envelope, state: str, *reasons: dict[str, object]) -> None:
    """Put an envelope where its author and the head see it, with the reasons."""
    envelope.state = state
    envelope.reasons = list(reasons)
    log.warning("envelope %s: %s %s", envelope.id, state, [reason.get("code") for reason in reasons])
