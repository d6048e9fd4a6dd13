"""The sync protocol, spoken by somebody else: written from docs/, with pyhpke, nothing of ours imported.

Point it at a running server:

    python -m tests.protocol_client http://localhost:8000 \\
        --cookie VALUE --enrolment 0a1b2c3d --key signing.pem --family UUID

`--cookie` is the value of the phone's upload cookie, `--key` the PEM of its P-256 signing key. It fetches
the server's key, seals and sends a visit and a photo, loses the connection in the middle and resumes, asks
for receipts, and prints what it saw.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import http.client
import json
import os
import socket
import sys
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

from tests.support.days import demo_day

SUITE = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)
SUITE_NAME = "DHKEM_P256_HKDF_SHA256-HKDF_SHA256-AES_256_GCM"


@dataclass(frozen=True)
class ServerKey:
    """The public half that envelopes are sealed to; point is 65 bytes."""

    kid: str
    point: bytes

    @classmethod
    def from_json(cls, value: dict[str, str]) -> ServerKey:
        if value["suite"] != SUITE_NAME:
            raise ValueError(value["suite"])
        text = value["public_key"]
        return cls(value["kid"], base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


@dataclass(frozen=True)
class Sealed:
    """An envelope ready to be sent: header bytes in the clear, sealed bytes."""

    id: str
    header: bytes
    sealed: bytes

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.sealed).digest()


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Phone:
    """One enrolment: its short name, its upload cookie, its private signing key."""

    origin: str
    enrolment: str
    cookie: str
    signing_key: ec.EllipticCurvePrivateKey
    server_key: ServerKey | None = None
    extra_headers: dict[str, str] = field(default_factory=dict)

    def seal(self, kind: str, body: bytes, **header: Any) -> Sealed:
        """Seal `body` under a fresh header; `header` overrides its parts."""
        key = self.server_key or self.fetch_key()
        value: dict[str, Any] = {
            "v": 1,
            "id": uuid7(),
            "kind": kind,
            "enrolment": self.enrolment,
            "kid": key.kid,
            "form_version": "visit@1",
            "created_at": datetime.now(UTC).isoformat(),
            "supersedes": None,
            "parts": [],
        } | header
        raw = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return Sealed(value["id"], raw, seal(key.point, raw, sign(self.signing_key, raw, body) + body))

    def fetch_key(self) -> ServerKey:
        answer = self.call("GET", f"/sync/key?enrolment={self.enrolment}")
        self.server_key = ServerKey.from_json(answer.json)
        return self.server_key

    def patch(self, envelope: Sealed, offset: int = 0, end: int | None = None, **headers: str) -> Answer:
        """Send the bytes from `offset` up to `end`; keyword headers (with _) replace the usual ones."""
        usual = {
            "Upload-Offset": str(offset),
            "Upload-Length": str(len(envelope.sealed)),
            "Repr-Digest": f"sha-256=:{base64.b64encode(envelope.digest).decode()}:",
            "Envelope": base64.b64encode(envelope.header).decode(),
        }
        changed = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("PATCH", f"/sync/envelopes/{envelope.id}", envelope.sealed[offset:end], {**usual, **changed})

    def cut(self, envelope: Sealed, at: int) -> None:
        """Send the beginning of an envelope, then drop the connection as a tunnel does."""
        with self.stall(envelope, at) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    def stall(self, envelope: Sealed, at: int) -> socket.socket:
        """Send the beginning of an envelope and leave the connection open, silent."""
        parts = urlsplit(self.origin)
        head = [
            f"PATCH /sync/envelopes/{envelope.id} HTTP/1.1",
            f"Host: {parts.netloc}",
            f"Cookie: {self._cookie()}",
            "Upload-Offset: 0",
            f"Upload-Length: {len(envelope.sealed)}",
            f"Repr-Digest: sha-256=:{base64.b64encode(envelope.digest).decode()}:",
            f"Envelope: {base64.b64encode(envelope.header).decode()}",
            f"Content-Length: {len(envelope.sealed)}",
        ]
        connection = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=30)
        connection.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + envelope.sealed[:at])
        return connection

    def offset(self, envelope_id: str) -> int:
        answer = self.call("HEAD", f"/sync/envelopes/{envelope_id}?enrolment={self.enrolment}")
        return int(answer.headers["Upload-Offset"])

    def send(self, envelope: Sealed) -> dict[str, Any]:
        """Send until there is a receipt, resuming after whatever goes wrong; raise after ten tries."""
        offset, wait = 0, 0.2
        for _ in range(10):
            try:
                answer = self.patch(envelope, offset)
            except (OSError, http.client.HTTPException):
                answer = None
            if answer and answer.status in {200, 201} and "Curator-Receipt" in answer.headers:
                return dict(answer.json)
            if answer and answer.status in {400, 401, 403, 413}:
                raise RuntimeError(answer.status)
            time.sleep(wait)
            wait = min(wait * 2, 5)
            try:
                offset = self.offset(envelope.id)
            except (OSError, http.client.HTTPException):
                continue
        raise TimeoutError(envelope.id)

    def receipts(self, ids: list[str]) -> dict[str, Any]:
        return dict(self.post("receipts", {"ids": ids}).json)

    def hello(self, **state: Any) -> dict[str, Any]:
        return dict(self.post("hello", state).json)

    def post(self, name: str, value: Any) -> Answer:
        body = json.dumps(value).encode()
        return self.call("POST", f"/sync/{name}?enrolment={self.enrolment}", body, {"Content-Type": "application/json"})

    def call(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        parts = urlsplit(self.origin)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            connection.request(method, path, body, {"Cookie": self._cookie(), **self.extra_headers, **(headers or {})})
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def _cookie(self) -> str:
        return f"__Secure-outbox-{self.enrolment}={self.cookie}"


def seal(point: bytes, header: bytes, plain: bytes) -> bytes:
    """HPKE base mode; returns enc ‖ ciphertext."""
    public = KEMKey.from_pyca_cryptography_key(ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))
    enc, sender = SUITE.create_sender_context(public, info=b"curator/1" + hashlib.sha256(header).digest())
    return bytes(enc + sender.seal(plain))


def sign(key: ec.EllipticCurvePrivateKey, header: bytes, body: bytes) -> bytes:
    """ECDSA P-256/SHA-256, r ‖ s, over SHA-256(header) ‖ SHA-256(body)."""
    message = hashlib.sha256(header).digest() + hashlib.sha256(body).digest()
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def uuid7() -> str:
    """RFC 9562: 48 bits of milliseconds, then chance."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def visit_body(family: str, photos: list[tuple[str, bytes]] = (), **fields: str) -> tuple[str, bytes]:  # type: ignore[assignment]
    """Return (visit id, urlencoded fields) of a small visit that announces `photos` as (id, JPEG)."""
    visit = fields.pop("id", None) or uuid7()
    values = {
        "id": visit,
        "family": family,
        "form_version": "visit@1",
        "on": demo_day().isoformat(),
        "started": "14:05",
        "ended": "14:50",
        "outcome": "visit",
        "where": "at_home",
        "good_today": "Дети накормлены, тепло.",
    } | fields
    for n, (photo, jpeg) in enumerate(photos):
        values |= {f"photos-{n}-id": photo, f"photos-{n}-sha256": hashlib.sha256(jpeg).hexdigest()}
    return visit, urlencode(values).encode()


def photo_body(photo: str, visit: str, jpeg: bytes) -> bytes:
    return json.dumps({"photo": photo, "visit": visit}).encode() + b"\n" + jpeg


def main() -> int:
    """Hold a small conversation and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("origin")
    parser.add_argument("--cookie", required=True)
    parser.add_argument("--enrolment", required=True)
    parser.add_argument("--key", required=True, type=Path)
    parser.add_argument("--family", default=str(uuid.UUID(int=0)), help="a family of the curator's own")
    parser.add_argument("--photo", type=Path, help="a JPEG to send along")
    given = parser.parse_args()
    key = load_pem_private_key(given.key.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        parser.error("--key is not an elliptic-curve key")
    phone = Phone(given.origin, given.enrolment, given.cookie, key)
    say = lambda *words: print(*words, file=sys.stdout)  # noqa: E731, T201
    say("server key:", phone.fetch_key().kid)
    photos = [(uuid7(), given.photo.read_bytes())] if given.photo else []
    visit, body = visit_body(given.family, photos)
    envelopes = [phone.seal("visit", body)]
    envelopes += [phone.seal("photo", photo_body(photo, visit, jpeg)) for photo, jpeg in photos]
    phone.cut(envelopes[0], len(envelopes[0].sealed) // 2)
    say("cut in the middle, the server has", phone.offset(envelopes[0].id), "of", len(envelopes[0].sealed), "bytes")
    for envelope in envelopes:
        say("receipt:", json.dumps(phone.send(envelope), ensure_ascii=False))
        say("again:  ", phone.patch(envelope).status)
    say("receipts:", json.dumps(phone.receipts([envelope.id for envelope in envelopes]), ensure_ascii=False))
    say("hello:", json.dumps(phone.hello(counts={"waiting": 0}, version="protocol-client"), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
