"""WebAuthn, wrapped: the only importer of `webauthn`. Speaks dicts and bytes, raises our one error.

PRF (the extension that opens the phone's vault) is the browser's business alone: its output must
never arrive here, and `carries_prf` finds it anywhere in a body.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

import webauthn
from webauthn.helpers import base64url_to_bytes, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)


class PasskeyRejected(Exception):
    """The authenticator's answer does not verify."""


@dataclass(frozen=True)
class NewPasskey:
    """A verified registration."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def new_challenge() -> bytes:
    """Return 32 random bytes."""
    return secrets.token_bytes(32)


def creation_options(
    *, rp_id: str, user_handle: bytes, name: str, challenge: bytes, exclude: list[bytes]
) -> dict[str, Any]:
    """Return PublicKeyCredentialCreationOptions as JSON-ready dict: resident key, user verification required."""
    options = webauthn.generate_registration_options(
        rp_id=rp_id,
        rp_name="Куратор",
        user_id=user_handle,
        user_name=name,
        user_display_name=name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=key) for key in exclude],
    )
    return _as_dict(options)


def request_options(*, rp_id: str, challenge: bytes, allow: list[bytes]) -> dict[str, Any]:
    """Return PublicKeyCredentialRequestOptions as JSON-ready dict."""
    options = webauthn.generate_authentication_options(
        rp_id=rp_id,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=key) for key in allow],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _as_dict(options)


def verify_registration(credential: dict[str, Any], *, challenge: bytes, rp_id: str, origin: str) -> NewPasskey:
    """Check a registration response; raise PasskeyRejected."""
    try:
        done = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRejected from error
    return NewPasskey(done.credential_id, done.credential_public_key, done.sign_count)


def verify_assertion(
    credential: dict[str, Any], *, challenge: bytes, rp_id: str, origin: str, public_key: bytes, sign_count: int
) -> int:
    """Check an authentication response and return the new signature counter; raise PasskeyRejected."""
    try:
        done = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRejected from error
    return done.new_sign_count


def credential_id_of(credential: dict[str, Any]) -> bytes:
    """Return the raw id a response names; raise PasskeyRejected when it names none."""
    try:
        return base64url_to_bytes(credential["rawId"])
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise PasskeyRejected from error


def challenge_of(credential: dict[str, Any]) -> bytes:
    """Return the challenge inside clientDataJSON, to look it up; raise PasskeyRejected."""
    try:
        client_data = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        return base64url_to_bytes(client_data["challenge"])
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise PasskeyRejected from error


def carries_prf(value: object) -> bool:
    """Tell whether a key «prf» with anything in it stands anywhere in a JSON value."""
    if isinstance(value, dict):
        return any(key == "prf" or carries_prf(inner) for key, inner in value.items())
    if isinstance(value, list):
        return any(carries_prf(inner) for inner in value)
    return False


def _as_dict(options: Any) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(options_to_json(options))
    return result
