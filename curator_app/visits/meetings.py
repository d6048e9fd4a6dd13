"""When a family and its curator agreed to meet next."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from curator_app.visits.models import VISIT, Contact, Visit

LOOK_BACK = timedelta(days=120)
"""Older agreements are nobody's plan any more."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """The day that was agreed, and the hour as HH:MM where one was named."""

    on: date
    time: str


def agreed_meetings(session: Session, family_ids: Sequence[uuid.UUID], on: date) -> dict[uuid.UUID, Meeting]:
    """Return the next meeting of each family that has one; it may lie in the past when nobody met since.

    The latest visit or contact that names a day counts, until a visit has taken place after it.
    """
    found: dict[uuid.UUID, Meeting] = {}
    for row in _newest_last(session, family_ids, on - LOOK_BACK):
        if row.took_place == VISIT:
            found.pop(row.family_id, None)
        if row.next_on is not None:
            found[row.family_id] = Meeting(row.next_on, row.next_time)
    return found


def _newest_last(session: Session, family_ids: Sequence[uuid.UUID], since: date) -> Iterable[Any]:
    visits = select(
        Visit.family_id, Visit.on, Visit.received_at, Visit.outcome.label("took_place"), Visit.next_on, Visit.next_time
    ).where(Visit.family_id.in_(family_ids), Visit.on >= since, Visit.superseded_at.is_(None))
    contacts = select(
        Contact.family_id,
        Contact.on,
        Contact.received_at,
        literal("").label("took_place"),
        Contact.next_on,
        Contact.next_time,
    ).where(Contact.family_id.in_(family_ids), Contact.on >= since, Contact.next_on.is_not(None))
    rows = [*session.execute(visits), *session.execute(contacts)]
    return sorted(rows, key=lambda row: (row.on, row.received_at))
