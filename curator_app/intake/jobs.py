"""What is erased by itself: signals that were not confirmed, and the codes of who wrote on the public page."""

from __future__ import annotations

import logging

from curator_app.clock import today
from curator_app.extensions import db
from curator_app.intake import knocks, retention
from curator_app.intake.models import Signal

log = logging.getLogger(__name__)

WESTERNMOST = "Europe/Kaliningrad"
"""Where a day ends last: nothing is erased before its term is over there too."""


def forget() -> int:
    """Erase what is due; return how many signals this run erased. May run twice at once."""
    knocks.forget(db.session())
    db.session.commit()
    keys = [signal.id for signal in retention.due(db.session(), today(WESTERNMOST))]
    db.session.rollback()
    return sum(_forget(db.session.get_one(Signal, key)) for key in keys)


def _forget(signal: Signal) -> bool:
    key = signal.id
    try:
        erased = retention.erase(db.session(), signal)
        db.session.commit()
    except Exception as error:  # noqa: BLE001 - one signal must not hold up the others
        db.session.rollback()
        log.error("signal %s: %s", key, type(error).__name__)  # noqa: TRY400
        return False
    return erased
