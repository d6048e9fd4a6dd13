"""Enrolment, sign-in and sign-out: JSON for the page's ceremonies, and the two pages themselves."""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache
from pathlib import Path
from typing import Any

import mnemonic
from flask import Blueprint, Response, current_app, jsonify, request
from flask_login import current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf

from curator_app.auth import asking, own_keys, service
from curator_app.auth.access import reader, signed_in
from curator_app.auth.passkeys import carries_prf
from curator_app.config import Config
from curator_app.errors import NotAllowed, Refused
from curator_app.extensions import csrf, db
from curator_app.htmx import full_page

blueprint = Blueprint("auth", __name__)

UPLOAD_COOKIE_LIVES_SECONDS = 400 * 24 * 3600  # the longest a browser keeps a cookie


@blueprint.get("/enrol")
def enrol() -> str:
    """Show the enrolment page; the token stays in the URL's fragment and reaches no log."""
    return full_page("auth/enrol.html")


@blueprint.get("/sign-in")
def sign_in_page() -> str:
    """Show the sign-in page of office browsers."""
    return full_page("auth/sign_in.html")


@blueprint.get("/enrol/words.json")
def words() -> Response:
    """Give the 2048 Russian words of BIP-39, from which the phone draws the reserve phrase."""
    response = jsonify(_russian_words())
    response.cache_control.public = True
    response.cache_control.max_age = 86400
    return response


@blueprint.post("/enrol/ask")
@signed_in
def enrol_ask() -> Any:
    """Ask for this browser to become a phone; somebody at the office answers."""
    token = asking.ask(db.session(), reader(), str(_json().get("label", "")))
    db.session.commit()
    return {"token": token}, 201


@blueprint.post("/enrol/start")
@csrf.exempt
def enrol_start() -> Any:
    """Begin an enrolment from a one-time link; uses nothing up. One that nobody has approved yet says so."""
    body = _json()
    asked = asking.waiting(db.session(), str(body.get("token", "")))
    if asked is not None:
        return {"waits": True, "announced": asking.announced(asked.replaces)}, 202
    link, short, options = service.begin_enrolment(db.session(), str(body.get("token", "")), _site())
    person = {"name": link.person.name, "post": link.person.post}
    answer = {
        "person": person,
        "kind": link.kind,
        "enrolment": {"id": str(link.enrolment_id), "short": short},
        "publicKey": options,
    }
    db.session.commit()
    return answer


@blueprint.post("/enrol/finish")
@csrf.exempt
def enrol_finish() -> Any:
    """Use the link up, after the phone has everything it needs on its own disk."""
    body = _json()
    entered = service.finish_enrolment(
        db.session(),
        str(body.get("token", "")),
        _credential(body),
        _site(),
        signing_key=_bytes(body.get("signing_key")),
        label=str(body.get("label", "")),
    )
    db.session.commit()
    return _entered(entered), 201


@blueprint.post("/sign-in/start")
@csrf.exempt
def sign_in_start() -> Any:
    """Give a fresh challenge."""
    short = _json().get("enrolment")
    options = service.begin_sign_in(db.session(), short if isinstance(short, str) else None, _site())
    db.session.commit()
    return {"publicKey": options}


@blueprint.post("/sign-in/finish")
@csrf.exempt
def sign_in_finish() -> Any:
    """Take the assertion, open a session and issue the upload cookie anew."""
    body = _json()
    short = body.get("enrolment")
    entered = service.finish_sign_in(
        db.session(), _credential(body), short if isinstance(short, str) else None, _site()
    )
    db.session.commit()
    return _entered(entered)


@blueprint.post("/passkeys/start")
@signed_in
def passkey_start() -> Any:
    """Begin to give the phone in hand one more passkey."""
    options = own_keys.begin(db.session(), reader(), _site())
    db.session.commit()
    return {"publicKey": options}


@blueprint.post("/passkeys/finish")
@signed_in
def passkey_finish() -> Any:
    """Keep the passkey that was made."""
    own_keys.finish(db.session(), reader(), _credential(_json()), _site())
    db.session.commit()
    return "", 204


@blueprint.get("/session")
def session_state() -> Any:
    """Say whether somebody is signed in here, and give the CSRF token that belongs to this session."""
    if not current_user.is_authenticated:
        return {"signed_in": False, "csrf": generate_csrf()}
    return {
        "signed_in": True,
        "csrf": generate_csrf(),
        "kind": current_user.enrolment.kind,
        "enrolment": current_user.enrolment.short,
        "person": {"name": current_user.person.short_name},
    }


@blueprint.post("/sign-out")
def sign_out() -> Any:
    """End the session. The phone's records stay sealed where they are: leaving locks, it never wipes."""
    if current_user.is_authenticated:
        service.end_sign_in(db.session(), current_user)
        logout_user()
        db.session.commit()
    if request.headers.get("HX-Request"):
        return "", 204, {"HX-Redirect": "/sign-in"}
    if request.accept_mimetypes.accept_html and "application/json" not in request.accept_mimetypes.values():
        return "", 303, {"Location": "/sign-in"}
    return "", 204


def _entered(entered: service.Entered) -> Response:
    enrolment = entered.sign_in.enrolment
    person = entered.sign_in.person
    login_user(entered.sign_in)
    answer: dict[str, Any] = {
        "enrolment": {"id": str(enrolment.id), "short": enrolment.short, "kind": enrolment.kind},
        "kind": enrolment.kind,
        "person": {"name": person.name, "short_name": person.short_name},
        "csrf": generate_csrf(),
    }
    if enrolment.is_field:
        answer["sync"] = current_app.extensions["sync_key"]()
        answer["announced"] = service.announced_unsent(db.session(), person)
    response = jsonify(answer)
    if entered.upload_token:
        response.set_cookie(
            f"__Secure-outbox-{enrolment.short}",
            entered.upload_token,
            max_age=UPLOAD_COOKIE_LIVES_SECONDS,
            path="/sync",
            secure=True,
            httponly=True,
            samesite="Strict",
        )
    return response


def _json() -> dict[str, Any]:
    """Return the request's JSON object; a body that carries PRF output is refused unread."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or carries_prf(body):
        raise Refused("something_broke")
    return body


def _credential(body: dict[str, Any]) -> dict[str, Any]:
    credential = body.get("credential")
    if not isinstance(credential, dict):
        raise NotAllowed("passkey_refused")
    return credential


def _bytes(text: object) -> bytes | None:
    if not isinstance(text, str):
        return None
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None


def _site() -> service.Site:
    config: Config = current_app.config["CURATOR"]
    return service.Site(config.rp_id, config.origin)


@lru_cache
def _russian_words() -> list[str]:
    path = Path(mnemonic.__file__).parent / "wordlist" / "russian.txt"
    return path.read_text(encoding="utf-8").split()
