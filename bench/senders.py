"""A phone without a screen: sealed envelopes made beforehand, as whole HTTP requests."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterator
from itertools import cycle

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select

from bench.pictures import jpeg
from bench.stage import CURATOR, curators_families
from curator_app.auth.models import FIELD, Enrolment, Person
from curator_app.extensions import db
from tests.protocol_client import Phone, Sealed, photo_body, uuid7, visit_body
from tests.support.server import LiveServer

PHOTOS_A_VISIT = 3
WORDS = "Дома тепло, дети накормлены, старший делает уроки за столом у окна, младшая спит. "
SECTION = "housing_employment_income"


class Sender:
    """One enrolment of the curator's, with envelopes for families of hers in turn."""

    def __init__(self, server: LiveServer) -> None:
        """Put the enrolment into the database as a finished ceremony would, and fetch the server's key."""
        key = ec.generate_private_key(ec.SECP256R1())
        token = secrets.token_urlsafe(32)
        with server.app() as app, app.app_context():
            person = db.session.scalars(select(Person).where(Person.name.startswith(CURATOR))).one()
            enrolment = Enrolment(
                person_id=person.id,
                short=secrets.token_hex(4),
                kind=FIELD,
                signing_key=key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
                upload_token_hash=hashlib.sha256(token.encode()).digest(),
            )
            db.session.add(enrolment)
            db.session.commit()
            self.enrolment_id = enrolment.id
            self.phone = Phone(server.url, enrolment.short, token, key)
        self.phone.fetch_key()
        self._turn = cycle(curators_families(server))

    def visits(self, count: int) -> list[bytes]:
        """Seal that many visits without photos; each is a request of about 3 KB."""
        return [self.request(self.phone.seal("visit", self._visit([])[1])) for _ in range(count)]

    def visits_with_photos(self, photos: int) -> tuple[list[bytes], list[bytes]]:
        """Seal visits that announce `photos` pictures in all, three each, and the pictures, of about 90 KB each."""
        texts, pictures = [], []
        numbers: Iterator[int] = iter(range(photos))
        for number in numbers:
            mine = [(uuid7(), jpeg(seed)) for seed in (number, *(next(numbers) for _ in range(PHOTOS_A_VISIT - 1)))]
            visit, body = self._visit(mine)
            texts.append(self.request(self.phone.seal("visit", body)))
            pictures += [
                self.request(self.phone.seal("photo", photo_body(photo, visit, content), form_version=""))
                for photo, content in mine
            ]
        return texts, pictures

    def request(self, envelope: Sealed) -> bytes:
        """Write the PATCH that carries a whole envelope."""
        lines = [
            f"PATCH /sync/envelopes/{envelope.id} HTTP/1.1",
            "Host: localhost",
            f"Cookie: __Secure-outbox-{self.phone.enrolment}={self.phone.cookie}",
            "Upload-Offset: 0",
            f"Upload-Length: {len(envelope.sealed)}",
            f"Repr-Digest: sha-256=:{base64.b64encode(envelope.digest).decode()}:",
            f"Envelope: {base64.b64encode(envelope.header).decode()}",
            f"Content-Length: {len(envelope.sealed)}",
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + envelope.sealed

    def _visit(self, photos: list[tuple[str, bytes]]) -> tuple[str, bytes]:
        answers = {
            f"{SECTION}-strengths": "home_warm",
            f"{SECTION}-change": "better",
            f"{SECTION}-fact": WORDS * 2,
            f"{SECTION}-source": "seen",
            f"{SECTION}-conclusion": WORDS,
        }
        return visit_body(next(self._turn), photos, **answers)
