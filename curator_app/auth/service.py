"""Invite, enrol, sign in, sign out."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from curator_app.audit.service import record
from curator_app.auth import passkeys
from curator_app.auth.models import (
    DECLINED,
    FIELD,
    REVOKED,
    WAITING,
    Challenge,
    Enrolment,
    EnrolmentLink,
    Passkey,
    Person,
    SignIn,
)
from curator_app.clock import now
from curator_app.database import claim, uuid7
from curator_app.errors import Conflict, Gone, NotAllowed, Refused

LINK_LIVES = timedelta(hours=72)
CHALLENGE_LIVES = timedelta(minutes=10)
SIGN_IN_LIVES = timedelta(hours=12)
SIGN_IN_IDLES = {"field": timedelta(hours=12), "office": timedelta(minutes=30)}


@dataclass(frozen=True)
class Site:
    """Where WebAuthn happens: relying party id and origin."""

    rp_id: str
    origin: str


@dataclass(frozen=True)
class Entered:
    """A finished enrolment or sign-in: the session's row, and the new value of the upload cookie (field only)."""

    sign_in: SignIn
    upload_token: str | None


def invite(session: Session, person: Person, kind: str, by: SignIn | None = None) -> str:
    """Make a one-time enrolment link for a person and return its token, which is stored nowhere.

    `by` is whoever made it at a desk; without one it was made on the server itself.
    """
    token = secrets.token_urlsafe(24)
    session.add(EnrolmentLink(person=person, kind=kind, token_hash=token_hash(token), expires_at=now() + LINK_LIVES))
    record(
        session,
        "enrolment:invited",
        person_id=by.person_id if by else person.id,
        enrolment_id=by.enrolment_id if by else None,
        object_id=person.id,
        data={"kind": kind},
    )
    return token


def begin_enrolment(session: Session, token: str, site: Site) -> tuple[EnrolmentLink, str, dict[str, Any]]:
    """Look at a link and return (link, short name of the enrolment to come, creation options).

    Uses nothing up: the page may die and begin again. Raises Gone for an expired or used link.
    """
    link = _open_link(session, token)
    link.challenge = passkeys.new_challenge()
    link.enrolment_id = uuid7()
    known = session.scalars(select(Passkey.credential_id).where(Passkey.person_id == link.person_id))
    options = passkeys.creation_options(
        rp_id=site.rp_id,
        # Not the person's id: an authenticator replaces its passkey of the same user handle, and a synced
        # keychain would take the first phone's key to its records away when the second phone enrols.
        user_handle=link.enrolment_id.bytes,
        name=link.person.short_name,
        challenge=link.challenge,
        # A person's synced passkey may be on the new phone already; a phone still gets one of its own.
        exclude=[] if link.kind == FIELD else list(known),
    )
    return link, _short(link.enrolment_id), options


def finish_enrolment(
    session: Session, token: str, credential: dict[str, Any], site: Site, *, signing_key: bytes | None, label: str
) -> Entered:
    """Use the link up: verify the passkey, make the enrolment, sign the person in.

    `signing_key` is the 65-byte public P-256 point of a field enrolment. Raises Gone, Refused, NotAllowed.
    """
    link = _open_link(session, token)
    if link.challenge is None or link.enrolment_id is None:
        raise Gone("link_expired")
    if link.kind == FIELD and not _is_point(signing_key):
        raise Refused("something_broke")
    try:
        made = passkeys.verify_registration(credential, challenge=link.challenge, rp_id=site.rp_id, origin=site.origin)
    except passkeys.PasskeyRejected as error:
        raise NotAllowed("passkey_refused") from error
    if not claim(session, EnrolmentLink, link.id, when={"used_at": None}, then={"used_at": now()}):
        raise Gone("link_used")
    enrolment = Enrolment(
        id=link.enrolment_id,
        person_id=link.person_id,
        short=_short(link.enrolment_id),
        kind=link.kind,
        label=label[:100],
        signing_key=signing_key if link.kind == FIELD else None,
    )
    session.add(enrolment)
    session.flush()
    session.add(
        Passkey(
            person_id=link.person_id,
            enrolment_id=enrolment.id,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            transports=credential.get("response", {}).get("transports", []),
        )
    )
    record(session, "enrolment:made", person_id=link.person_id, enrolment_id=enrolment.id, data={"kind": link.kind})
    return _enter(session, enrolment)


def begin_sign_in(session: Session, short: str | None, site: Site) -> dict[str, Any]:
    """Return request options with a fresh challenge; with the enrolment's own credentials when it is named."""
    challenge = Challenge(value=passkeys.new_challenge(), expires_at=now() + CHALLENGE_LIVES)
    session.add(challenge)
    session.execute(delete(Challenge).where(Challenge.expires_at < now()))
    allow: list[bytes] = []
    if short:
        allow = list(session.scalars(select(Passkey.credential_id).join(Enrolment).where(Enrolment.short == short)))
    return passkeys.request_options(rp_id=site.rp_id, challenge=challenge.value, allow=allow)


def finish_sign_in(session: Session, credential: dict[str, Any], short: str | None, site: Site) -> Entered:
    """Verify an assertion and open a session; raise NotAllowed when anything about it is wrong."""
    try:
        challenge = passkeys.challenge_of(credential)
        passkey = session.scalars(
            select(Passkey).where(Passkey.credential_id == passkeys.credential_id_of(credential)).with_for_update()
        ).first()
        # Deleting is the claim: a challenge answers once.
        fresh = session.execute(
            delete(Challenge).where(Challenge.value == challenge, Challenge.expires_at >= now())
        ).rowcount  # type: ignore[attr-defined]
        if passkey is None or fresh != 1:
            raise NotAllowed("passkey_refused")
        passkey.sign_count = passkeys.verify_assertion(
            credential,
            challenge=challenge,
            rp_id=site.rp_id,
            origin=site.origin,
            public_key=passkey.public_key,
            sign_count=passkey.sign_count,
        )
    except passkeys.PasskeyRejected as error:
        raise NotAllowed("passkey_refused") from error
    enrolment = passkey.enrolment
    if short and short != enrolment.short:
        named = session.scalars(select(Enrolment).where(Enrolment.short == short)).first()
        # A synced passkey may answer for another of the same person's browsers.
        if named is None or named.person_id != passkey.person_id:
            raise NotAllowed("passkey_refused")
        enrolment = named
    if enrolment.state != "active":
        raise NotAllowed("phone_revoked")
    # A page that names no vault of its own has no outbox either: a new cookie would take the phone's from it.
    return _enter(session, enrolment, uploads=bool(short))


def announced_unsent(session: Session, person: Person) -> dict[str, Any] | None:
    """Return what the person's phones last said they had unsent: {"n", "since"}; None when nothing.

    Whose storage was cleared has no other way to know that something is missing.
    """
    phones = session.scalars(select(Enrolment).where(Enrolment.person_id == person.id, Enrolment.kind == FIELD))
    waiting = [phone for phone in phones if phone.unsent and phone.state != REVOKED]
    if not waiting:
        return None
    since = min((phone.oldest_unsent_at for phone in waiting if phone.oldest_unsent_at), default=None)
    return {"n": sum(phone.unsent for phone in waiting), "since": since.isoformat() if since else None}


def end_sign_in(session: Session, sign_in: SignIn) -> None:
    """End a session on the server; the cookie is then worth nothing."""
    sign_in.ended_at = now()
    record(session, "sign_in:ended", person_id=sign_in.person_id, enrolment_id=sign_in.enrolment_id)


def load_sign_in(session: Session, key: str) -> SignIn | None:
    """Return a live session by the id in the cookie, or None: ended, idle, too old, or its browser is not active."""
    try:
        sign_in = session.get(SignIn, uuid.UUID(key))
    except ValueError:
        return None
    if sign_in is None or sign_in.ended_at is not None or sign_in.enrolment.state != "active":
        return None
    idle = SIGN_IN_IDLES[sign_in.enrolment.kind]
    if now() - sign_in.created_at > SIGN_IN_LIVES or now() - sign_in.last_seen_at > idle:
        return None
    return sign_in


def was_office(session: Session, key: str) -> bool:
    """Tell whether the id in a cookie, live or ended, is of an office browser's session."""
    try:
        sign_in = session.get(SignIn, uuid.UUID(key))
    except ValueError:
        return False
    return sign_in is not None and not sign_in.enrolment.is_field


def _enter(session: Session, enrolment: Enrolment, *, uploads: bool = True) -> Entered:
    sign_in = SignIn(person_id=enrolment.person_id, enrolment=enrolment, last_seen_at=now())
    session.add(sign_in)
    token = None
    if enrolment.is_field and uploads:
        token = secrets.token_urlsafe(32)
        enrolment.previous_upload_token_hash = enrolment.upload_token_hash
        enrolment.upload_token_hash = token_hash(token)
        enrolment.last_contact_at = now()
    session.flush()
    record(session, "sign_in:made", person_id=enrolment.person_id, enrolment_id=enrolment.id)
    return Entered(sign_in, token)


def _open_link(session: Session, token: str) -> EnrolmentLink:
    link = session.scalars(select(EnrolmentLink).where(EnrolmentLink.token_hash == token_hash(token))).first()
    if link is None or link.expires_at < now():
        raise Gone("link_expired")
    if link.used_at is not None:
        raise Gone("link_used")
    if link.approval == WAITING:
        raise Conflict("link_waits")
    if link.approval == DECLINED:
        raise Gone("link_declined")
    return link


def _is_point(key: bytes | None) -> bool:
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), key or b"")
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True


def _short(enrolment_id: uuid.UUID) -> str:
    # The tail of a UUIDv7 is random; its head is the clock.
    return enrolment_id.hex[-8:]


def token_hash(token: str) -> bytes:
    """Return what is kept of a secret that only its holder knows."""
    return hashlib.sha256(token.encode()).digest()
