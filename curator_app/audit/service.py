"""Write the audit trail: a change's row with the change, a reading's row before the page is sent."""

from __future__ import annotations

import uuid
from datetime import timedelta
from math import ceil
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from curator_app.audit.models import AuditRow
from curator_app.auth.models import SignIn
from curator_app.clock import now
from curator_app.database import uuid7
from curator_app.errors import TooFast
from curator_app.extensions import db


def record(
    session: Session,
    act: str,
    *,
    person_id: uuid.UUID | None = None,
    enrolment_id: uuid.UUID | None = None,
    family_id: uuid.UUID | None = None,
    object_id: uuid.UUID | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Add a row to the change's own transaction, so that neither exists without the other."""
    session.add(
        AuditRow(
            act=act,
            person_id=person_id,
            enrolment_id=enrolment_id,
            family_id=family_id,
            object_id=object_id,
            data=data or {},
        )
    )


def note_reading(
    act: str,
    reader: SignIn,
    *,
    family_id: uuid.UUID | None = None,
    object_id: uuid.UUID | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Write down that `reader` is about to be shown something.

    Ends the reading transaction first and commits a short one of its own: a reader that held its
    snapshot while writing would be refused by SQLite, and the row must stand before the page leaves.
    The session counts as used: this is the one write that every page makes.
    """
    row = {
        "id": uuid7(),
        "created_at": now(),
        "at": now(),
        "person_id": reader.person_id,
        "enrolment_id": reader.enrolment_id,
        "act": act,
        "family_id": family_id,
        "object_id": object_id,
        "data": data or {},
    }
    session_id = reader.id
    db.session.rollback()
    with db.engine.connect().execution_options(immediate=True) as connection, connection.begin():
        connection.execute(insert(AuditRow), row)
        connection.execute(update(SignIn).where(SignIn.id == session_id).values(last_seen_at=row["at"]))


def not_too_fast(session: Session, act: str, person_id: uuid.UUID, *, most: int, within: timedelta) -> None:
    """Raise TooFast when the person did this `most` times in the time just past.

    The trail itself is what counts: it is one for all processes, and what is refused is not in it, so that who goes
    on asking is let through when the first of them is old enough.
    """
    since = now() - within
    mine = select(AuditRow.at).where(AuditRow.person_id == person_id, AuditRow.act == act, AuditRow.at > since)
    earliest = session.scalars(mine.order_by(AuditRow.at.desc()).offset(most - 1).limit(1)).first()
    if earliest is not None:
        raise TooFast(max(1, ceil((earliest - since).total_seconds())))
