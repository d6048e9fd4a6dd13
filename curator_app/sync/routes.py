"""The calls of the sync protocol and the field kit.

The protocol knows a phone by its upload cookie alone: no session, no finger. The kit wants both.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, cast

from flask import Blueprint, Response, current_app, request, stream_with_context
from flask.blueprints import BlueprintSetupState

from curator_app.auth.access import reader, signed_in
from curator_app.auth.models import Enrolment
from curator_app.clock import now
from curator_app.config import Config
from curator_app.database import begin_reading
from curator_app.errors import CuratorError, NotAllowed, SignInNeeded, TryLater
from curator_app.extensions import csrf, db
from curator_app.sync import kit, partials, service, uploads
from curator_app.sync.calls import call_codes
from curator_app.sync.keys import KeyRing, public_key_of
from curator_app.sync.kinds import photos_to_erase
from curator_app.sync.receiving import Slots, Wire

blueprint = Blueprint("sync", __name__)

COOKIE = "__Secure-outbox-"
STATE_NAME_CHARS = 20
STATE_WORD_CHARS = 64
STATE_COUNTS = 10
STATE_KEYS = ("counts", "unsent", "oldest", "version", "kid", "free_space", "stuck")


class BadCall(CuratorError):
    """The call itself is malformed: a client of ours never sends it."""

    status = 400
    refusal = "something_broke"


def by_upload_cookie(view: Callable[..., Any]) -> Callable[..., Any]:
    """Exempt a call from the CSRF token, which a locked phone has not, but not from where it comes from."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        config: Config = current_app.config["CURATOR"]
        # Browsers without Fetch Metadata still send Origin with everything that is not a plain GET.
        if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
            raise NotAllowed
        if request.headers.get("Origin", config.origin) != config.origin:
            raise NotAllowed
        return view(*args, **kwargs)

    return cast("Callable[..., Any]", csrf.exempt(guarded))


@blueprint.record_once
def prepare(state: BlueprintSetupState) -> None:
    """Give the application its keys and its places for uploads."""
    config: Config = state.app.config["CURATOR"]
    state.app.extensions["key_ring"] = KeyRing(config.keys_folder)
    state.app.extensions["upload_slots"] = Slots(config.web_threads)


@blueprint.get("/sync/key")
@by_upload_cookie
def key() -> Any:
    """Give the public key that phones seal to."""
    _enrolment(request.args.get("enrolment"))
    return public_key_of(current_app.config["CURATOR"])


@blueprint.route("/sync/envelopes/<uuid:envelope_id>", methods=["HEAD"])
@by_upload_cookie
def offset(envelope_id: uuid.UUID) -> Any:
    """Say how many bytes of an envelope are here: 0 when it is unknown."""
    enrolment = _enrolment(request.args.get("enrolment"))
    envelope = service.envelope_of(db.session(), enrolment.id, envelope_id)
    here: int
    whole: int | None
    if envelope is not None:
        here = whole = envelope.length
    else:
        folder = current_app.config["CURATOR"].partials_folder
        here, whole = partials.offset_of(folder, enrolment.short, envelope_id)
    headers = {"Upload-Offset": str(here)}
    if whole is not None:
        headers["Upload-Length"] = str(whole)
    return Response(status=200, headers=headers)


@blueprint.route("/sync/envelopes/<uuid:envelope_id>", methods=["PATCH"])
@by_upload_cookie
def upload(envelope_id: uuid.UUID) -> Any:
    """Take an envelope, or the rest of one; only the receipt says that it is safe here."""
    wire = Wire(request.stream, request.environ.get("gunicorn.socket"), request.content_length or 0)
    try:
        announced = uploads.announced(envelope_id, request.headers)
        enrolment = _enrolment(announced.header.enrolment)
        answer = uploads.take(enrolment.id, announced, wire)
    except TryLater:
        # No room for this body: the phone hears 503 or a reset, and comes again either way.
        wire.hang_up_if_unread()
        raise
    except CuratorError:
        wire.swallow()
        raise
    wire.swallow()
    return answer


@blueprint.post("/sync/receipts")
@by_upload_cookie
def receipts() -> Any:
    """Say what became of the phone's own envelopes, in codes."""
    enrolment = _enrolment(request.args.get("enrolment"), at_hello=True)
    texts = _body().get("ids")
    if not isinstance(texts, list) or len(texts) > service.RECEIPTS_LIMIT:
        raise BadCall
    try:
        ids = [uuid.UUID(text) for text in texts]
    except (ValueError, AttributeError, TypeError) as error:
        raise BadCall from error
    return {
        "receipts": service.receipts(db.session(), enrolment, ids, call_codes),
        "safe_through": service.safe_through(db.session()),
    }


@blueprint.post("/sync/hello")
@by_upload_cookie
def hello() -> Any:
    """Hear how a phone is, for «Телефоны», and give it its orders."""
    key = _enrolment(request.args.get("enrolment"), at_hello=True).id
    # The cookie was looked at as a reader; what follows writes.
    db.session.rollback()
    enrolment = db.session.get_one(Enrolment, key)
    at = now()
    orders = service.note_contact(db.session(), enrolment, _phone_state(_body(), at), at)
    answer = {
        "orders": orders,
        "erase": photos_to_erase(db.session(), enrolment, at),
        "kid": public_key_of(current_app.config["CURATOR"])["kid"],
        "safe_through": service.safe_through(db.session()),
        "at": at.isoformat(),
    }
    db.session.commit()
    return answer


@blueprint.post("/kit")
@signed_in
def field_kit() -> Any:
    """Stream what changed of the person's own families since the phone last asked."""
    body = _body()
    compress = request.accept_encodings["br"] > 0
    lines = kit.lines(reader().id, _versions(body, "families"), _versions(body, "pages"))
    stream = stream_with_context(kit.written(lines, compress=compress))
    response = Response(stream, mimetype="application/x-ndjson")
    response.headers["Vary"] = "Accept-Encoding"
    if compress:
        response.headers["Content-Encoding"] = "br"
    # A buffering proxy would turn the progress bar into a wait.
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _enrolment(short: str | None, *, at_hello: bool = False) -> Enrolment:
    """Return the enrolment of the upload cookie; without a name there must be exactly one such cookie."""
    if short is None:
        names = [name for name in request.cookies if name.startswith(COOKIE)]
        short = names[0].removeprefix(COOKIE) if len(names) == 1 else ""
    token = request.cookies.get(COOKIE + short)
    if not token:
        raise SignInNeeded
    begin_reading(db.session())
    return service.enrolment_by_token(db.session(), short, token, at_hello=at_hello)


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadCall
    return body


def _versions(body: dict[str, Any], name: str) -> dict[str, str]:
    value = body.get(name, {})
    if not isinstance(value, dict):
        raise BadCall
    return {str(key): str(version) for key, version in value.items()}


def _phone_state(body: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Keep the few things a phone tells of itself: numbers and short words, never free text."""
    state = {name: body[name] for name in STATE_KEYS if _is_small(body.get(name))}
    counts = state.get("counts")
    if "unsent" not in state and isinstance(counts, dict):
        state["unsent"] = sum(n for name, n in counts.items() if name != "on_server")
    skew = _skew_seconds(body.get("clock"), at)
    return state if skew is None else {**state, "skew": skew}


def _skew_seconds(said: object, at: datetime) -> int | None:
    """Return how far the phone's clock is ahead; its own time orders nothing here."""
    try:
        clock = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return round((clock - at).total_seconds()) if clock.tzinfo else None


def _is_small(value: object) -> bool:
    if isinstance(value, dict):
        names_fit = all(isinstance(name, str) and len(name) <= STATE_NAME_CHARS for name in value)
        return len(value) <= STATE_COUNTS and names_fit and all(isinstance(n, int) for n in value.values())
    return isinstance(value, int | float) or (isinstance(value, str) and len(value) <= STATE_WORD_CHARS)
