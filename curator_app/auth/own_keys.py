"""One more passkey for a phone that its person has open: after a lost one, or beside the first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from curator_app.audit.service import record
from curator_app.auth import passkeys
from curator_app.auth.models import Challenge, Passkey, SignIn
from curator_app.auth.service import CHALLENGE_LIVES, Site
from curator_app.clock import now
from curator_app.errors import NotAllowed


def begin(session: Session, sign_in: SignIn, site: Site) -> dict[str, Any]:
    """Return creation options for the browser's own enrolment: an authenticator replaces its passkey for it."""
    challenge = Challenge(value=passkeys.new_challenge(), expires_at=now() + CHALLENGE_LIVES)
    session.add(challenge)
    return passkeys.creation_options(
        rp_id=site.rp_id,
        user_handle=sign_in.enrolment_id.bytes,
        name=sign_in.person.short_name,
        challenge=challenge.value,
        exclude=[],
    )


def finish(session: Session, sign_in: SignIn, credential: dict[str, Any], site: Site) -> None:
    """Keep the passkey that was made; raise NotAllowed when anything about it is wrong."""
    try:
        challenge = passkeys.challenge_of(credential)
        # Deleting is the claim: a challenge answers once.
        fresh = session.execute(
            delete(Challenge).where(Challenge.value == challenge, Challenge.expires_at >= now())
        ).rowcount  # type: ignore[attr-defined]
        if fresh != 1:
            raise NotAllowed("passkey_refused")
        made = passkeys.verify_registration(credential, challenge=challenge, rp_id=site.rp_id, origin=site.origin)
    except passkeys.PasskeyRejected as error:
        raise NotAllowed("passkey_refused") from error
    session.add(
        Passkey(
            person_id=sign_in.person_id,
            enrolment_id=sign_in.enrolment_id,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            transports=credential.get("response", {}).get("transports", []),
        )
    )
    record(session, "passkey:added", person_id=sign_in.person_id, enrolment_id=sign_in.enrolment_id)
