"""The push channel: which words a locked screen shows, where a tap leads, and what an answer of the service means."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.orm import Session, joinedload

from curator_app.auth.models import ACTIVE, Enrolment, Person
from curator_app.auth.unsent import sealed_unsent
from curator_app.config import Config
from curator_app.reminders import models as kinds
from curator_app.reminders.lines import unread
from curator_app.reminders.models import Parcel, Reminder, Subscription
from curator_app.reminders.paths import TODAY, phone_path
from curator_app.reminders.places import Places
from curator_app.reminders.push_hosts import is_allowed, is_own, leads_outside
from curator_app.reminders.push_keys import private_pem
from curator_app.reminders.sending import GONE, LATER, NOTHING, SENT, Outcome
from curator_app.reminders.web_push import Browser, Post, PushGone, PushLater, Sender, send
from curator_app.texts import tables, text

GRAVEST = (
    kinds.PASSED,
    kinds.TOLD,
    kinds.DEADLINE,
    kinds.PROMISE,
    kinds.AGREED,
    kinds.UNSENT,
    kinds.NEEDS_YOU,
    kinds.NEW_WORK,
)
"""What a day's one message speaks of: the first of these that waits."""
SHORT_LIVED = frozenset({kinds.ALARM, kinds.CHECK_IN, kinds.CHECK_IN_LATE})
URGENT = SHORT_LIVED | {kinds.DEADLINE}
"""For these a sleeping phone is woken; a deadline that does not wait for the day's message is counted in hours."""
HOUR = timedelta(hours=1)
USUAL_TTL = timedelta(hours=12)
URGENT_TTL = HOUR
"""An alarm that reaches a phone later than this has been answered, or was said again."""
DAYS_MESSAGE = "day"
READ = 200


@dataclass(frozen=True, slots=True)
class Message:
    """All that a browser is told. Nobody's name, no number, no day: whoever sees the screen reads it."""

    id: str
    """The same when it is sent again: the person is disturbed once."""
    tag: str
    """A later message under it takes the place of an earlier one."""
    title: str
    body: str
    path: str
    count: int
    """How much waits, for the badge on the app's icon."""


def deliver(session: Session, parcel: Parcel, at: datetime) -> Outcome:
    """Push one parcel to the browser that it is for."""
    config: Config = current_app.config["CURATOR"]
    subscription = session.get(Subscription, uuid.UUID(parcel.target))
    if subscription is None or session.get_one(Enrolment, subscription.enrolment_id).state != ACTIVE:
        return GONE
    message = message_of(session, parcel, at)
    key, browser = subscription.id, Browser(subscription.endpoint, subscription.p256dh, subscription.auth)
    kind = parcel.key.partition(":")[0] if parcel.reminder_id else DAYS_MESSAGE
    # The service may take its time without anybody waiting for our rows.
    session.commit()
    if message is None:
        return NOTHING
    try:
        _push(config, browser, _post(message, kind), at)
    except PushGone:
        return _forget(session, key, browser.endpoint)
    except PushLater as later:
        return Outcome(LATER, later.pause)
    return SENT


def _push(config: Config, browser: Browser, post: Post, at: datetime) -> None:
    """Send to a host that is allowed now, too: settings and names change after a browser has subscribed."""
    if not is_allowed(browser.endpoint, config.push_hosts):
        raise PushGone
    if not is_own(browser.endpoint, config.push_hosts) and not leads_outside(browser.endpoint):
        raise PushLater
    send(browser, post, Sender(private_pem(config.keys_folder), config.push_subject), at)


def message_of(session: Session, parcel: Parcel, at: datetime) -> Message | None:
    """Return what a parcel says; None where nothing of it waits any more."""
    person = session.get_one(Person, parcel.person_id)
    on = at.astimezone(Places(session).of_person(person.id).zone).date()
    query = Reminder.waiting_for(person, on).options(joinedload(Reminder.subject)).order_by(Reminder.id.desc())
    if parcel.reminder_id:
        query = query.where(Reminder.id == parcel.reminder_id)
    carried = session.scalars(query.limit(READ)).all()
    if not carried:
        return None
    # An urgent message speaks of one thing; a day's says the gravest of what waits.
    said = min(carried, key=_gravity)
    leads = {(one.path, one.subject.family_id if one.subject else None) for one in carried}
    return Message(
        id=str(parcel.id),
        tag=_tag(said.kind, said.about_id) if parcel.reminder_id else DAYS_MESSAGE,
        title=text("push.title"),
        body=_body(session, said),
        path=_page(session, said, at) if len(leads) == 1 else TODAY,
        count=unread(session, person, on),
    )


def _gravity(one: Reminder) -> int:
    return GRAVEST.index(one.kind) if one.kind in GRAVEST else len(GRAVEST)


def _body(session: Session, said: Reminder) -> str:
    if said.kind == kinds.UNSENT:
        phone = session.get(Enrolment, said.about_id)
        return text("push.unsent", n=sealed_unsent(phone)) if phone and sealed_unsent(phone) else text("push.generic")
    words: dict[str, str] = tables()["push"]["kinds"]
    return words.get(said.kind, text("push.generic"))


def _page(session: Session, said: Reminder, at: datetime) -> str:
    on = at.astimezone(Places(session).of_person(said.person_id).zone).date()
    return phone_path(session, said, session.get_one(Person, said.person_id), on)


def _tag(kind: str, about_id: uuid.UUID) -> str:
    """Name what is said so that a repeat is known, and a push service cannot read of what it is one."""
    return hashlib.sha256(f"{kind}:{about_id}".encode()).hexdigest()[:24]


def _post(message: Message, kind: str) -> Post:
    body = json.dumps(asdict(message), ensure_ascii=False).encode()
    ttl = URGENT_TTL if kind in SHORT_LIVED else USUAL_TTL
    return Post(body, topic=message.tag, ttl=ttl, is_urgent=kind in URGENT)


def _forget(session: Session, key: uuid.UUID, endpoint: str) -> Outcome:
    """Drop a subscription that is over, unless the browser has renewed it meanwhile."""
    gone = session.get(Subscription, key, populate_existing=True)
    if gone is not None and gone.endpoint != endpoint:
        return Outcome(LATER)
    if gone is not None:
        session.delete(gone)
    return GONE
