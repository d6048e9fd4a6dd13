"""What the worker does for duties: those whose day has come, and a walk over all of them when the calendar changed.

Both may run twice at once and be killed anywhere; one subject that cannot be read never stops the rest.
"""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta

from curator_app.clock import now
from curator_app.database import claim
from curator_app.extensions import db, enqueue
from curator_app.subjects import recounting
from curator_app.subjects.duty_models import Recount

log = logging.getLogger(__name__)

BATCH = 500
CLAIM_LIVES = timedelta(minutes=2)
"""A walk whose worker died is taken up by another after this."""
STEPS_PER_CLAIM = 200


def sweep() -> None:
    """Ask for what is left to be done."""
    session = db.session()
    waiting = recounting.due_for_projection(session, 1)
    walk = recounting.unfinished_recount(session)
    session.rollback()
    if waiting:
        enqueue(reproject_due, job_id="reproject-due")
    if walk is not None:
        enqueue(walk_on, job_id="recount")


def reproject_due() -> int:
    """Work out the duties of subjects whose day has come; return how many this run did."""
    done = 0
    keys = recounting.due_for_projection(db.session(), BATCH)
    db.session.rollback()
    for key in keys:
        done += _reproject(key)
    return done


def walk_on() -> int:
    """Go on with the walk that a change of the calendar asked for; return how many subjects this run did."""
    recount = recounting.unfinished_recount(db.session())
    if recount is None or not _claimed(recount):
        db.session.rollback()
        return 0
    key = recount.id
    recounting.count_ahead(db.session(), recount)
    db.session.commit()
    done = 0
    while _step(key):
        done += 1
        if done % STEPS_PER_CLAIM == 0:
            db.session.get_one(Recount, key).claimed_at = now()
            db.session.commit()
    return done


def _claimed(recount: Recount) -> bool:
    seen = recount.claimed_at
    if seen is not None and seen > now() - CLAIM_LIVES:
        return False
    return claim(db.session(), Recount, recount.id, when={"claimed_at": seen}, then={"claimed_at": now()})


def _reproject(key: uuid.UUID) -> bool:
    try:
        taken = recounting.take(db.session(), key)
        db.session.commit()
        if taken:
            recounting.reproject(db.session(), key)
            db.session.commit()
    except Exception as error:  # noqa: BLE001 - one subject must not hold up the others
        db.session.rollback()
        log.error("subject %s: %s", key, type(error).__name__)  # noqa: TRY400
        return False
    return taken


def _step(key: uuid.UUID) -> bool:
    try:
        following = recounting.step(db.session(), key)
        db.session.commit()
    except Exception as error:  # noqa: BLE001 - one subject must not hold up the others
        db.session.rollback()
        log.error("recount %s: %s", key, type(error).__name__)  # noqa: TRY400
        recounting.skip(db.session(), key)
        db.session.commit()
        return True
    return following is not None
