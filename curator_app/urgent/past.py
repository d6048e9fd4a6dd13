"""Every alarm and every check-in of those one answers for, narrowed and page after page, the newest first."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, tuple_
from sqlalchemy.orm import Session

from curator_app.auth.models import Person
from curator_app.errors import NotVisible
from curator_app.urgent.duty import ALARM, CHECK_IN
from curator_app.urgent.models import CANCELLED, CONFIRMED, OPEN, Alarm, CheckIn

PAGE = 25
ALARMS: dict[str, list[ColumnElement[bool]]] = {
    "all": [],
    "open": [Alarm.state == OPEN],
    "confirmed": [Alarm.state == CONFIRMED],
    "episodes": [Alarm.state == CONFIRMED, Alarm.closed_at.is_(None)],
    "cancelled": [Alarm.state == CANCELLED],
}
CHECK_INS: dict[str, list[ColumnElement[bool]]] = {
    "all": [],
    "missed": [CheckIn.closed_at.is_(None), CheckIn.missed_at.is_not(None)],
    "out": [CheckIn.closed_at.is_(None), CheckIn.missed_at.is_(None)],
    "late": [CheckIn.closed_at.is_not(None), CheckIn.missed_at.is_not(None)],
}


@dataclass(frozen=True)
class Page:
    """Some rows, and the one after which the older ones begin (None at the end)."""

    rows: Sequence[Any]
    after: uuid.UUID | None


def alarms(session: Session, person: Person, on: date, shown: str, after: uuid.UUID | None) -> Page:
    """Return a page of alarms; raise NotVisible for one of ALARMS or an `after` that are not there."""
    return _page(session, Alarm, Alarm.at_duty_of(person, on), ALARMS.get(shown), after, ALARM)


def check_ins(session: Session, person: Person, on: date, shown: str, after: uuid.UUID | None) -> Page:
    """Return a page of check-ins; raise NotVisible for one of CHECK_INS or an `after` that are not there."""
    return _page(session, CheckIn, CheckIn.at_duty_of(person, on), CHECK_INS.get(shown), after, CHECK_IN)


def _page(  # noqa: PLR0917 - the two lists differ in all of these
    session: Session, model: Any, own: Any, narrowed: Any, after: uuid.UUID | None, loaded: tuple[Any, ...]
) -> Page:
    if narrowed is None:
        raise NotVisible
    query = own.where(*narrowed)
    if after is not None:
        mark = session.scalars(own.where(model.id == after)).first()
        if mark is None:
            raise NotVisible
        query = query.where(tuple_(model.received_at, model.id) < (mark.received_at, mark.id))
    query = query.order_by(model.received_at.desc(), model.id.desc()).options(*loaded).limit(PAGE + 1)
    rows = session.scalars(query).all()
    return Page(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)
