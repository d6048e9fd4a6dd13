"""The calls by which a phone asks to be reminded, and by which it asks no more."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, request

from curator_app.audit.service import record
from curator_app.auth.access import own_today, reader, signed_in
from curator_app.config import Config
from curator_app.errors import CuratorError, NotAllowed, NotVisible
from curator_app.extensions import csrf, db
from curator_app.reminders import subscribing
from curator_app.reminders.lines import unread
from curator_app.reminders.places import Places
from curator_app.reminders.push_keys import public_key
from curator_app.reminders.subscribing import Offered, UnreadableSubscription

blueprint = Blueprint("push", __name__)


class BadCall(CuratorError):
    """The call itself is malformed: a client of ours never sends it."""

    status = 400
    refusal = "something_broke"


@blueprint.get("/reminders/push")
@signed_in
def about() -> Any:
    """Give what a phone asks before it asks its owner: our key, whether there is a deadline, when it is quiet."""
    config: Config = current_app.config["CURATOR"]
    person_id = reader().person_id
    rhythm = Places(db.session()).of_person(person_id).rhythm
    return {
        "key": public_key(config.keys_folder),
        "deadline": subscribing.has_deadline(db.session(), person_id),
        "quiet_from": f"{rhythm.quiet_from:%H:%M}",
        "quiet_to": f"{rhythm.quiet_to:%H:%M}",
        "count": unread(db.session(), reader().person, own_today()),
    }


@blueprint.post("/reminders/push")
@signed_in
def subscribe() -> Any:
    """Let this browser be reminded."""
    offered = _offered(request.get_json(silent=True))
    asking = reader()
    subscribing.subscribe(db.session(), asking.enrolment, offered)
    record(db.session(), "push:on", person_id=asking.person_id, enrolment_id=asking.enrolment_id)
    answer = {"count": unread(db.session(), asking.person, own_today())}
    db.session.commit()
    return answer


@blueprint.post("/reminders/push/off")
@signed_in
def unsubscribe() -> Any:
    """Let this browser be in peace."""
    asking = reader()
    subscribing.unsubscribe(db.session(), asking.enrolment)
    record(db.session(), "push:off", person_id=asking.person_id, enrolment_id=asking.enrolment_id)
    db.session.commit()
    return {}


@blueprint.post("/reminders/push/renew")
@csrf.exempt
def renew() -> Any:
    """Take the address that a browser changed by itself while nobody was signed in; it proves itself by the old one."""
    config: Config = current_app.config["CURATOR"]
    if request.headers.get("Origin", config.origin) != config.origin:
        raise NotAllowed
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(was := body.get("was"), str):
        raise BadCall
    if not subscribing.renew(db.session(), was, _offered(body.get("now"))):
        raise NotVisible
    db.session.commit()
    return {}


def _offered(said: Any) -> Offered:
    config: Config = current_app.config["CURATOR"]
    try:
        return Offered.of(said, config.push_hosts)
    except UnreadableSubscription as error:
        raise BadCall from error
