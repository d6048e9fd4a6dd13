"""Keep what a phone sends, give receipts, and apply what was kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from curator_app.auth import revoking, unsent
from curator_app.auth.models import LOST, Enrolment, Organisation, Role, Territory
from curator_app.clock import now
from curator_app.database import next_value
from curator_app.errors import NotAllowed, SignInNeeded
from curator_app.sync.backups import verified_through
from curator_app.sync.envelopes import Header
from curator_app.sync.models import RECEIVED, Counter, Envelope

SEQ = "envelope"
UNVERIFIED_BACKUP_AFTER = timedelta(days=7)
"""Where no backup is verified, what is this old counts as safe."""
DAY = timedelta(days=1)
RECEIPTS_LIMIT = 500

TakeNumber = Callable[[Session, int], int]
"""Gives the next number of a year."""
CallCodes = Callable[[Session, list[Envelope]], dict[uuid.UUID, dict[str, str]]]
"""Gives how far the calls for people among envelopes are, by envelope id."""


@dataclass(slots=True)
class Arrival:
    """One whole envelope: text carries its sealed bytes, a photo the key under which the store has them."""

    enrolment_id: uuid.UUID
    header: Header
    length: int
    digest: bytes
    body: bytes | None = None
    store_key: str | None = None


def enrolment_by_token(session: Session, short: str, token: str, *, at_hello: bool = False) -> Enrolment:
    """Return the enrolment whose upload cookie this is.

    Raises SignInNeeded for a cookie that is not (or no longer) good, NotAllowed for a phone that was switched off.
    A hello is answered within the days of delivery: the order to wipe may have been lost on its way. So is the
    question after its records, without whose answer a phone does not wipe itself.
    """
    enrolment = session.scalars(select(Enrolment).where(Enrolment.short == short)).first()
    given = hashlib.sha256(token.encode()).digest()
    known = [enrolment.upload_token_hash, enrolment.previous_upload_token_hash] if enrolment else []
    if enrolment is None or not any(one and hmac.compare_digest(one, given) for one in known):
        raise SignInNeeded
    at = now()
    closing = at_hello and enrolment.accepts_until is not None and enrolment.in_term(at)
    if not closing and not enrolment.delivers(at):
        # The phone must tell the two apart: one that was lost forgets its keys even now.
        raise NotAllowed("phone_lost" if enrolment.drain_way == LOST else "phone_revoked")
    return enrolment


def envelope_of(session: Session, enrolment_id: uuid.UUID, envelope_id: uuid.UUID) -> Envelope | None:
    """Return an enrolment's own envelope; a foreign id looks unknown."""
    return session.scalars(
        select(Envelope).where(Envelope.enrolment_id == enrolment_id, Envelope.envelope_id == envelope_id)
    ).first()


def keep(session: Session, arrival: Arrival, take_number: TakeNumber | None = None) -> Envelope:
    """Store a whole envelope under the next seq, and under a number of its year where its kind has one.

    seq grows in the order of commits: its counter row stays locked until the commit, so it is taken last
    and the caller commits at once.
    """
    at = now()
    header = arrival.header
    number: tuple[int, int] | tuple[None, None] = (None, None)
    if take_number is not None:
        year = _year(session, arrival.enrolment_id, at)
        number = (year, take_number(session, year))
    envelope = Envelope(
        enrolment_id=arrival.enrolment_id,
        envelope_id=header.id,
        kind=header.kind,
        header=header.raw,
        kid=header.kid,
        length=arrival.length,
        digest=arrival.digest,
        state=RECEIVED,
        reasons=[],
        number_year=number[0],
        number=number[1],
        body=arrival.body,
        store_key=arrival.store_key,
        phone_at=header.created_at,
        received_at=at,
        supersedes=header.supersedes,
        seq=next_value(session, Counter, "value", name=SEQ),
    )
    session.add(envelope)
    session.flush()
    return envelope


def receipts(session: Session, enrolment: Enrolment, ids: list[uuid.UUID], calls: CallCodes) -> dict[str, Any]:
    """Return what became of an enrolment's own envelopes, by id; what is not here is `unknown`.

    `calls` tells how far the calls for people among them are.
    """
    rows = list(
        session.scalars(select(Envelope).where(Envelope.enrolment_id == enrolment.id, Envelope.envelope_id.in_(ids)))
    )
    codes = calls(session, rows)
    found = {str(row.envelope_id): state_of(row) | codes.get(row.envelope_id, {}) for row in rows}
    return {str(key): found.get(str(key), {"state": "unknown"}) for key in ids}


def receipt_of(envelope: Envelope) -> dict[str, Any]:
    """Return the whole receipt of one envelope; sha256 is that of the sealed bytes, standard base64."""
    return {
        "id": str(envelope.envelope_id),
        **state_of(envelope),
        "received_at": envelope.received_at.isoformat(),
        "sha256": base64.b64encode(envelope.digest).decode(),
    }


def state_of(envelope: Envelope) -> dict[str, Any]:
    """Return the part of a receipt that changes: codes only, never a name or a text."""
    return {
        "state": envelope.state,
        "seq": envelope.seq,
        "number": envelope.number_text,
        "reasons": envelope.reasons,
    }


def safe_through(session: Session) -> int:
    """Return the seq up to which phones may let go of their copies: what a verified backup holds, else what is old."""
    verified = verified_through(session)
    if verified is not None:
        return verified
    return (
        session.scalar(select(func.max(Envelope.seq)).where(Envelope.received_at <= now() - UNVERIFIED_BACKUP_AFTER))
        or 0
    )


def note_contact(session: Session, enrolment: Enrolment, phone_state: dict[str, Any], at: datetime) -> list[str]:
    """Remember what a phone says of itself and return its orders."""
    before = enrolment.oldest_unsent_at
    enrolment.last_contact_at = at
    enrolment.phone_state = phone_state
    # What was said of it already is said once; that nothing waits any more is to be noted soon.
    settles = before is not None and enrolment.oldest_unsent_at is None
    overdue = unsent.days_passed(enrolment, at) is not None
    enrolment.unsent_look_at = at if settles or overdue else unsent.next_look(enrolment, at)
    return revoking.orders(session, enrolment, at)


def _year(session: Session, enrolment_id: uuid.UUID, at: datetime) -> int:
    """Return the year it is where the enrolment's person works; only around New Year that depends on the place."""
    if (at - DAY).year == (at + DAY).year:
        return at.year
    return at.astimezone(_zone(session, enrolment_id)).year


def _zone(session: Session, enrolment_id: uuid.UUID) -> ZoneInfo:
    name = session.scalar(
        select(Territory.zone)
        .join(Organisation, Organisation.territory_id == Territory.id)
        .join(Role, Role.organisation_id == Organisation.id)
        .join(Enrolment, Enrolment.person_id == Role.person_id)
        .where(Enrolment.id == enrolment_id)
        .order_by(Role.since_on)
        .limit(1)
    )
    return ZoneInfo(name or "Europe/Moscow")
