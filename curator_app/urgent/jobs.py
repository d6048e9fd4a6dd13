"""What the worker does every minute: raise whoever said when they would be back and was not."""

from __future__ import annotations

import logging
import uuid

from sqlalchemy import select

from curator_app.clock import now
from curator_app.extensions import db
from curator_app.urgent import check_ins
from curator_app.urgent.models import CheckIn

log = logging.getLogger(__name__)

BATCH = 200


def mark_missed() -> int:
    """Mark the check-ins whose hour has passed; return how many this run marked. May run twice at once."""
    keys = db.session.scalars(
        select(CheckIn.id)
        .where(CheckIn.closed_at.is_(None), CheckIn.missed_at.is_(None), CheckIn.until_at < now())
        .order_by(CheckIn.until_at)
        .limit(BATCH)
    ).all()
    db.session.rollback()
    return sum(_mark(key) for key in keys)


def _mark(key: uuid.UUID) -> bool:
    try:
        marked = check_ins.miss(db.session(), db.session.get_one(CheckIn, key))
        db.session.commit()
    except Exception as error:  # noqa: BLE001 - one person must not hide the others
        db.session.rollback()
        log.error("check-in %s: %s", key, type(error).__name__)  # noqa: TRY400
        return False
    return marked
