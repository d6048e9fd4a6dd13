"""Sealed envelopes, purely: read a header, open what was sealed, check who signed it.

The format (docs/architecture.md, "Sync protocol"): a clear JSON header; HPKE base mode (RFC 9180),
DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, whose `info` is ``curator/1`` followed by the SHA-256
of the header's exact bytes; a plaintext that begins with a 64-byte ECDSA P-256/SHA-256 signature
(IEEE P1363: r ‖ s) over SHA-256(header bytes) ‖ SHA-256(body).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

SUITE_NAME = "DHKEM_P256_HKDF_SHA256-HKDF_SHA256-AES_256_GCM"
VERSION = 1
SIGNATURE_BYTES = 64
HEADER_BYTES_LIMIT = 6000
"""A gunicorn header line may hold 8190 bytes, base64 makes 4 of 3."""
PARTS_LIMIT = 100

_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_WORD = re.compile(r"[a-z][a-z_]{0,31}\Z")
_NAME = re.compile(r"[A-Za-z0-9@._-]{1,64}\Z")
_SHORT = re.compile(r"[0-9a-f]{8}\Z")


class BadHeader(ValueError):
    """The clear header is not one of ours; the message says which part."""


class Unreadable(Exception):
    """The sealed bytes do not open: another key, another header, or damage before sealing."""


@dataclass(frozen=True, slots=True)
class Header:
    """The clear header of one envelope; `raw` is its exact bytes."""

    raw: bytes
    id: uuid.UUID
    kind: str
    enrolment: str
    kid: str
    form_version: str
    created_at: datetime
    supersedes: uuid.UUID | None
    parts: tuple[uuid.UUID, ...]


def parse_header(text: str) -> Header:
    """Read the `Envelope` request header (standard base64 of the JSON); raise BadHeader."""
    try:
        return read_header(base64.b64decode(text, validate=True))
    except binascii.Error as error:
        message = "not base64"
        raise BadHeader(message) from error


def read_header(raw: bytes) -> Header:
    """Read the header's JSON bytes; raise BadHeader naming the first part that is wrong."""
    if len(raw) > HEADER_BYTES_LIMIT:
        message = "too long"
        raise BadHeader(message)
    try:
        value = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        message = "not JSON"
        raise BadHeader(message) from error
    if not isinstance(value, dict) or value.get("v") != VERSION:
        message = "v"
        raise BadHeader(message)
    supersedes = value.get("supersedes")
    return Header(
        raw=raw,
        id=_uuid(value.get("id"), "id"),
        kind=_match(_WORD, value.get("kind"), "kind"),
        enrolment=_match(_SHORT, value.get("enrolment"), "enrolment"),
        kid=_match(_NAME, value.get("kid"), "kid"),
        form_version=_match(_NAME, value.get("form_version") or "-", "form_version"),
        created_at=_instant(value.get("created_at")),
        supersedes=None if supersedes is None else _uuid(supersedes, "supersedes"),
        parts=_parts(value.get("parts", [])),
    )


def open_sealed(key: ec.EllipticCurvePrivateKey, header: bytes, sealed: bytes) -> tuple[bytes, bytes]:
    """Open `sealed` (enc ‖ ciphertext) and return (signature, body); raise Unreadable."""
    try:
        plain = _SUITE.decrypt(sealed, key, info=info_of(header))
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error
    if len(plain) < SIGNATURE_BYTES:
        raise Unreadable
    return plain[:SIGNATURE_BYTES], plain[SIGNATURE_BYTES:]


def is_signed_by(point: bytes | None, header: bytes, body: bytes, signature: bytes) -> bool:
    """Tell whether the holder of the public key `point` (65 bytes, X9.62 uncompressed) signed this."""
    half = SIGNATURE_BYTES // 2
    r, s = int.from_bytes(signature[:half]), int.from_bytes(signature[half:])
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point or b"")
        key.verify(encode_dss_signature(r, s), signed_bytes(header, body), ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def info_of(header: bytes) -> bytes:
    """Return the HPKE `info` that binds the sealed bytes to the header's exact bytes."""
    return b"curator/1" + hashlib.sha256(header).digest()


def signed_bytes(header: bytes, body: bytes) -> bytes:
    """Return the 64 bytes that the enrolment signs."""
    return hashlib.sha256(header).digest() + hashlib.sha256(body).digest()


def _match(pattern: re.Pattern[str], value: Any, name: str) -> str:
    if not isinstance(value, str) or not pattern.match(value):
        raise BadHeader(name)
    return value


def _uuid(value: Any, name: str) -> uuid.UUID:
    try:
        parsed = uuid.UUID(value)
    except (ValueError, AttributeError, TypeError) as error:
        raise BadHeader(name) from error
    # Only the canonical spelling: the same id must not come in two forms.
    if str(parsed) != value:
        raise BadHeader(name)
    return parsed


def _instant(value: Any) -> datetime:
    try:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise BadHeader("created_at")
        # A phone's clock may be absurd, but it must survive the conversion to UTC.
        instant.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        name = "created_at"
        raise BadHeader(name) from error
    return instant


def _parts(value: Any) -> tuple[uuid.UUID, ...]:
    if not isinstance(value, list) or len(value) > PARTS_LIMIT:
        name = "parts"
        raise BadHeader(name)
    return tuple(_uuid(part, "parts") for part in value)
