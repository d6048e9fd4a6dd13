"""What the worker does about records that wait on phones: asked for each minute, and cheap when nothing is due."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta

from sqlalchemy import update

from curator_app.auth.models import Enrolment
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.reminders.places import Places
from curator_app.reminders.unsent import due_phones, look_at_phone

log = logging.getLogger(__name__)

BATCH = 500
FAULTY_RESTS = timedelta(hours=1)


def look_at_phones() -> int:
    """Remind the owners of phones whose moment has come; return how many phones this run looked at."""
    session, done = db.session(), 0
    keys = due_phones(session, now(), BATCH)
    places = Places(session)
    for key in keys:
        done += _look(places, key)
    session.rollback()
    return done


def _look(places: Places, key: uuid.UUID) -> bool:
    try:
        look_at_phone(db.session(), places, key, now())
        db.session.commit()
    except Exception as error:  # noqa: BLE001 - one phone must not silence the others
        db.session.rollback()
        log.error("phone %s: %s", key, type(error).__name__)  # noqa: TRY400
        db.session.execute(update(Enrolment).where(Enrolment.id == key).values(unsent_look_at=now() + FAULTY_RESTS))
        db.session.commit()
        return False
    return True
