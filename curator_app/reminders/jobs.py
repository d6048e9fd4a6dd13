"""What the worker does: look at what is due, and send what is on its way. Each may run twice and be killed anywhere."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import not_, or_, select, update
from sqlalchemy.orm import Session

from curator_app.clock import now
from curator_app.database import claim
from curator_app.extensions import CALLS, db, enqueue
from curator_app.reminders import arrivals, calling, letters, own_days, promises, push, stand_ins
from curator_app.reminders.looking import due_duties, load, look
from curator_app.reminders.models import ANSWER, MAIL, OF_CALLS, PUSH, Parcel
from curator_app.reminders.places import Places
from curator_app.reminders.rhythm import allowed_from, awake_from
from curator_app.reminders.sending import LATER, Outcome, Send
from curator_app.reminders.telling import expire
from curator_app.subjects.duty_models import DutyRow

log = logging.getLogger(__name__)

BATCH = 500
TOGETHER = 20
"""So many are said in one transaction: a commit costs as much as the words, and other writers wait for it."""
MOST_IN_A_RUN = 10_000
"""So many duties one job looks at, and the next minute's goes on: an end comes to a job that runs for three minutes."""
SENT_AT_ONCE = 200
MOST_TRIES = 8
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
FAULTY_RESTS = timedelta(hours=1)


CHANNELS: dict[str, Send] = {MAIL: letters.send, PUSH: push.deliver}
"""How each channel sends; a fault that it raises is a «later»."""


def sweep() -> None:
    """Ask for what is due; losing the queue loses nothing, the next minute asks again."""
    session = db.session()
    if due_duties(session, now(), 1):
        enqueue(look_at_duties, job_id="look-at-duties")
    enqueue(look_for_news, job_id="look-for-news")
    for key in _due_parcels(session, now()):
        enqueue(deliver, key, job_id=f"parcel-{key}")
    session.rollback()


def sweep_calls() -> None:
    """Ask for whoever is to be called, by the queue that waits for nothing else."""
    if calling.is_anything_open(db.session(), now()):
        enqueue(call_people, job_id="call-people", queue=CALLS)
    _send_calls()


def look_at_duties() -> int:
    """Say what is to be said of the duties whose moment has come; return how many duties this run did."""
    done = 0
    while done < MOST_IN_A_RUN and (keys := due_duties(db.session(), now(), BATCH)):
        db.session.rollback()
        places, before = Places(db.session()), done
        for begin in range(0, len(keys), TOGETHER):
            done += _look_at_some(places, sorted(keys[begin : begin + TOGETHER]))
        if done == before:
            break
    db.session.rollback()
    return done


def call_people() -> int:
    """Call for what waits for an answer, tell those who called of theirs, and send that now; return how many calls.

    Whoever takes an alarm in asks for this at once; the sweep repeats it.
    """
    session = db.session()
    at = now()
    calling.settle(session)
    session.commit()
    done = sum(_each("call", one.id, partial(calling.call, one=one, at=at)) for one in calling.waiting(session, at))
    session.rollback()
    _send_calls()
    return done


def look_for_news() -> int:
    """Tell of what was recorded since the last look; return how many were told."""
    session = db.session()
    at = now()
    news = arrivals.news_since(session, at)
    session.commit()
    done = sum(_each("news", one.id, partial(arrivals.tell, one=one, at=at)) for one in news)
    arrivals.seen(session, at)
    session.commit()
    return done


def look_at_promises() -> int:
    """Tell of promises to families whose day comes; return how many were told. Asked for each hour."""
    session, at = db.session(), now()
    promises.settle_kept(session, at)
    session.commit()
    done, after, places = 0, None, Places(session)
    while keys := promises.due_promises(session, at, after, BATCH):
        tell = promises.tell_of_promise
        done += sum(_each("promise", key, partial(tell, places=places, key=key, at=at)) for key in keys)
        after = keys[-1]
    session.rollback()
    return done


def look_at_own_days() -> int:
    """Tell of days that people set: courts, reviews, turns; return how many were told. Asked for each hour."""
    session, at = db.session(), now()
    days = own_days.own_days(session, at)
    own_days.settle_over(session, days, at)
    session.commit()
    tell, places = own_days.tell_of_day, Places(session)
    return sum(_each("own day", one.about_id, partial(tell, places=places, one=one, at=at)) for one in days)


def look_at_stand_ins() -> int:
    """Tell whoever begins to stand in for somebody; return how many were told. Asked for each hour."""
    session, at = db.session(), now()
    places = Places(session)
    begin = [(stand_ins.tell_of_stand_in, key) for key in stand_ins.beginning(session, at)]
    begin += [(stand_ins.tell_of_substitution, key) for key in stand_ins.substitutes(session, at)]
    session.rollback()
    return sum(_each("stand-in", key, partial(tell, places=places, key=key, at=at)) for tell, key in begin)


def _each(what: str, key: uuid.UUID, act: Callable[[Session], int]) -> int:
    """Do one thing in a transaction of its own: an odd row must not silence the others."""
    try:
        done = act(db.session())
        db.session.commit()
    except Exception as error:  # noqa: BLE001 - see above
        db.session.rollback()
        log.error("%s %s: %s", what, key, type(error).__name__)  # noqa: TRY400
        return 0
    return done


def deliver(parcel_id: uuid.UUID) -> str:
    """Send one parcel, unless somebody else does; return what became of it."""
    session = db.session()
    at = now()
    parcel = session.get(Parcel, parcel_id, populate_existing=True)
    if parcel is not None and _is_put_off(session, parcel, at):
        session.commit()
        return LATER
    if parcel is None or not _claimed(session, parcel, at):
        session.rollback()
        return ""
    session.commit()
    try:
        outcome = CHANNELS[parcel.channel](session, parcel, at)
    except Exception as error:  # noqa: BLE001 - one address must not hold up the others
        session.rollback()
        log.error("parcel %s: %s", parcel_id, type(error).__name__)  # noqa: TRY400
        outcome = Outcome(LATER)
    parcel = session.get_one(Parcel, parcel_id, populate_existing=True)
    _mark(parcel, outcome)
    session.commit()
    return parcel.outcome or outcome.name


def _look_at_some(places: Places, keys: Sequence[uuid.UUID]) -> int:
    """Say what is to be said of some duties together; where one of them is faulty, of each on its own."""
    try:
        for duty in load(db.session(), keys):
            look(db.session(), places, duty, now())
        db.session.commit()
    except Exception:  # noqa: BLE001 - each on its own finds out which one it was
        db.session.rollback()
        return sum(_look(places, key) for key in keys)
    return len(keys)


def _look(places: Places, key: uuid.UUID) -> bool:
    try:
        for duty in load(db.session(), [key]):
            look(db.session(), places, duty, now())
        db.session.commit()
    except Exception as error:  # noqa: BLE001 - one duty must not silence the others
        db.session.rollback()
        log.error("duty %s: %s", key, type(error).__name__)  # noqa: TRY400
        # Later, or the sweep would stumble over it every minute before all others.
        db.session.execute(update(DutyRow).where(DutyRow.id == key).values(remind_at=now() + FAULTY_RESTS))
        db.session.commit()
        return False
    return True


def _send_calls() -> None:
    session = db.session()
    for key in _due_parcels(session, now(), calls=True):
        enqueue(deliver, key, job_id=f"parcel-{key}", queue=CALLS)
    session.rollback()


def _due_parcels(session: Session, at: datetime, *, calls: bool = False) -> list[uuid.UUID]:
    """Return what is to be sent now: the calls, or everything else."""
    free = Parcel.claimed_at.is_(None) | (Parcel.claimed_at < expire(at))
    query = select(Parcel.id).where(Parcel.done_at.is_(None), Parcel.next_at <= at, free)
    of_calls = or_(*(Parcel.key.startswith(f"{kind}:") for kind in sorted(OF_CALLS)))
    query = query.where(of_calls if calls else not_(of_calls))
    # A push takes a moment; a mail server that does not answer, a quarter of a minute.
    return list(session.scalars(query.order_by(Parcel.channel.desc(), Parcel.next_at).limit(SENT_AT_ONCE)))


def _claimed(session: Session, parcel: Parcel, at: datetime) -> bool:
    seen = parcel.claimed_at
    if parcel.done_at is not None or parcel.next_at > at or (seen is not None and seen >= expire(at)):
        return False
    return claim(session, Parcel, parcel.id, when={"claimed_at": seen, "done_at": None}, then={"claimed_at": at})


def _is_put_off(session: Session, parcel: Parcel, at: datetime) -> bool:
    """Move what comes late, or is tried again, out of the quiet hours and days off; calls are never put off."""
    kind = parcel.key.partition(":")[0]
    if parcel.done_at is not None or parcel.next_at > at or (parcel.reminder_id and kind != ANSWER):
        return False
    place = Places(session).of_person(parcel.person_id)
    if parcel.reminder_id:
        slot = awake_from(at, place.rhythm, place.zone)
    else:
        slot = allowed_from(at, place.rhythm, place.zone, place.calendar)
    if slot <= at:
        return False
    parcel.next_at, parcel.claimed_at = slot, None
    return True


def _mark(parcel: Parcel, outcome: Outcome) -> None:
    at = now()
    if outcome.name != LATER:
        parcel.done_at, parcel.outcome = at, outcome.name
        return
    parcel.claimed_at, parcel.tries = None, parcel.tries + 1
    if parcel.tries >= MOST_TRIES:
        parcel.done_at, parcel.outcome = at, "given_up"
        return
    parcel.next_at = at + (outcome.pause or min(FIRST_PAUSE * 2**parcel.tries, LONGEST_PAUSE))
