"""One handler turns every refusal into a page, a fragment or JSON, in Russian, without personal data."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, jsonify, request, session
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from curator_app import htmx, texts
from curator_app.auth.service import was_office
from curator_app.clock import now
from curator_app.errors import CuratorError, NotVisible, Refused, SignInNeeded, TooFast, TryLater
from curator_app.extensions import db

log = logging.getLogger(__name__)

BY_STATUS = {403: "no_access", 404: "no_access", 405: "no_access", 413: "photo_too_big", 429: "too_fast"}


def register(app: Flask) -> None:
    """Give the application its error answers."""

    @app.errorhandler(CuratorError)
    def on_refusal(error: CuratorError) -> Any:
        db.session.rollback()
        headers = {"Retry-After": str(error.retry_after_seconds)} if isinstance(error, TryLater | TooFast) else {}
        if isinstance(error, SignInNeeded) and not _wants_json() and not htmx.wants_fragment():
            # The shell knows by itself which door this browser has: the phone's lock or the sign-in page.
            return htmx.shell(), error.status
        if isinstance(error, SignInNeeded) and request.method == "GET" and _was_office():
            # A page that only watches would stay as it is for good. What is being typed is not taken away.
            headers["HX-Redirect"] = "/sign-in"
        return answer(error, error.status, headers)

    @app.errorhandler(CSRFError)
    def on_csrf(_error: CSRFError) -> Any:
        return answer(CuratorError("something_broke"), 400, {})

    @app.errorhandler(HTTPException)
    def on_http(error: HTTPException) -> Any:
        code = error.code or 500
        return answer(NotVisible(BY_STATUS.get(code, "something_broke")), code, {})

    @app.errorhandler(OperationalError)
    def on_database(_error: OperationalError) -> Any:
        # The statement and its parameters may hold names: log the fact, not the text.
        db.session.rollback()
        log.error("database is not reachable or locked: %s", request.endpoint)
        return answer(TryLater(), TryLater.status, {"Retry-After": "30"})

    @app.errorhandler(Exception)
    def on_anything(error: Exception) -> Any:
        db.session.rollback()
        log.error("unexpected %s in %s", type(error).__name__, request.endpoint, exc_info=_without_values(error))
        return answer(CuratorError(), CuratorError.status, {})


def answer(error: CuratorError, status: int, headers: dict[str, str]) -> Any:
    """Return a refusal the way the request wants it."""
    # The server's own clock: its log tells that time.
    refusal = texts.refusal(error.refusal, **{"time": now().astimezone().strftime("%H:%M"), **error.values})
    if _wants_json():
        # The code is for the phone, which must tell a phone that was switched off from any other 403.
        body: dict[str, Any] = {"refusal": refusal, "code": error.refusal}
        if isinstance(error, Refused):
            body["fields"] = error.fields
        return jsonify(body), status, headers
    return htmx.page("errors/refusal.html", refusal=refusal), status, headers


def _was_office() -> bool:
    return was_office(db.session(), str(session.get("_user_id", "")))


def _wants_json() -> bool:
    return request.path.startswith(("/sync/", "/kit")) or request.is_json


def _without_values(error: Exception) -> Any:
    """Keep the traceback, drop the message: an exception's text may quote what somebody typed."""
    bare = type(error).__name__
    return (RuntimeError, RuntimeError(bare), error.__traceback__)
