"""One PATCH of one envelope, from its headers to the receipt.

Nothing is acknowledged before it is durable: text in the database, a photo's bytes flushed in the photo
store, then the COMMIT, then 201. While the body streams no transaction and no pooled connection is held.
"""

from __future__ import annotations

import base64
import re
import uuid
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, jsonify
from werkzeug.datastructures import Headers

from curator_app.config import Config
from curator_app.database import begin_reading
from curator_app.errors import CuratorError, TryLater
from curator_app.extensions import db
from curator_app.sync import partials, service
from curator_app.sync.envelopes import BadHeader, Header, parse_header
from curator_app.sync.keeping import apply_whole, call_code, keep_whole
from curator_app.sync.kinds import bytes_limit
from curator_app.sync.partials import Claim, OtherContent, Partial, TurnLost, WrongOffset
from curator_app.sync.receiving import LongerThanAnnounced, Wire

_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):\Z")
_NUMBER = re.compile(r"[0-9]{1,12}\Z")


class BadUpload(CuratorError):
    """A header of the call is missing or malformed."""

    status = 400
    refusal = "something_broke"


class TooLarge(CuratorError):
    """The announced length is over the limit of its kind."""

    status = 413
    refusal = "photo_too_big"


@dataclass(frozen=True, slots=True)
class Announced:
    """What the call says of itself: offset and length in bytes, SHA-256 of the whole, the clear header."""

    header: Header
    offset: int
    length: int
    digest: bytes

    @property
    def claim(self) -> Claim:
        """Return what the first call fixes for the later ones."""
        return Claim(self.length, self.digest, self.header.raw)


def announced(envelope_id: uuid.UUID, headers: Headers) -> Announced:
    """Read the call's headers; raise BadUpload."""
    digest = _DIGEST.match(headers.get("Repr-Digest", ""))
    numbers = [headers.get(name, "") for name in ("Upload-Offset", "Upload-Length")]
    if digest is None or not all(_NUMBER.match(number) for number in numbers):
        raise BadUpload
    try:
        header = parse_header(headers.get("Envelope", ""))
    except BadHeader as error:
        raise BadUpload from error
    offset, length = (int(number) for number in numbers)
    if header.id != envelope_id or length == 0 or offset > length:
        raise BadUpload
    return Announced(header, offset, length, base64.b64decode(digest[1]))


def take(enrolment_id: uuid.UUID, call: Announced, wire: Wire) -> Response:
    """Receive a body and answer; raises TooLarge, QuotaReached, TryLater.

    1. An envelope that is here already is answered from the database. 2. The body is written as it comes.
    3. A whole one is kept and committed. 4. Text is applied in a second transaction, photos by a job.
    """
    config: Config = current_app.config["CURATOR"]
    if call.length > bytes_limit(call.header.kind, config.photo_bytes_limit):
        raise TooLarge
    known = _known(enrolment_id, call)
    db.session.remove()
    if known is not None:
        return known
    with current_app.extensions["upload_slots"].one():
        try:
            partial = partials.begin(
                config.partials_folder, call.header.enrolment, call.header.id, call.claim, call.offset
            )
            wire.receive(partial, call.offset)
            with partial.holding_turn():
                if partial.offset < call.length:
                    return Response(status=204, headers={"Upload-Offset": str(partial.offset)})
                kept = _keep(enrolment_id, call, partial)
        except LongerThanAnnounced as error:
            raise BadUpload from error
        except OtherContent:
            return _known(enrolment_id, call) or _answer(409, {"code": "other_content"})
        except (WrongOffset, TurnLost):
            return _known(enrolment_id, call) or _wrong_offset(config, call)
        except OSError as error:
            raise TryLater from error
    return kept if isinstance(kept, Response) else _answer(201, apply_whole(*kept, call.header))


def _keep(enrolment_id: uuid.UUID, call: Announced, partial: Partial) -> Response | tuple[uuid.UUID, dict[str, Any]]:
    """Make a whole upload durable and return (its row's key, its receipt), or the answer that ends the call."""
    content = partial.whole()
    if content is None:
        partial.drop()
        return _known(enrolment_id, call) or _answer(422, {"code": "digest"})
    kept = keep_whole(enrolment_id, call.header, call.digest, content)
    if kept is None:
        known = _known(enrolment_id, call)
        if known is None:
            raise TryLater
        partial.drop()
        return known
    partial.drop()
    return kept


def _known(enrolment_id: uuid.UUID, call: Announced) -> Response | None:
    """Answer for an envelope that is here: its receipt again, or 409 when this is another content."""
    begin_reading(db.session())
    envelope = service.envelope_of(db.session(), enrolment_id, call.header.id)
    if envelope is None:
        return None
    here = Claim(envelope.length, envelope.digest, envelope.header)
    if here != call.claim:
        return _answer(409, {"code": "other_content"})
    return _answer(200, service.receipt_of(envelope) | call_code(envelope))


def _wrong_offset(config: Config, call: Announced) -> Response:
    offset, _ = partials.offset_of(config.partials_folder, call.header.enrolment, call.header.id)
    return _answer(409, {"code": "wrong_offset"}, {"Upload-Offset": str(offset)})


def _answer(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    response = jsonify(body)
    response.status_code = status
    response.headers.update(headers or {})
    if status in {200, 201}:
        # What a captive portal's 200 cannot have by accident.
        response.headers["Curator-Receipt"] = "1"
    return response
