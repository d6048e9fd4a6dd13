"""Who stands in for somebody is told on the first day, once, however long ago they were named for it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from curator_app.reminders.looking import path_of
from curator_app.reminders.models import NEW_WORK
from curator_app.reminders.paths import TODAY
from curator_app.reminders.places import Places
from curator_app.reminders.rhythm import DAY
from curator_app.reminders.telling import Said, remind
from curator_app.subjects.models import STAND_IN, Assignment, Subject

SUBSTITUTE = "substitute"
LOOKED_BACK = timedelta(days=7)
"""So long nobody may have looked, and whoever stands in still hears of it."""


def beginning(session: Session, at: datetime) -> Sequence[uuid.UUID]:
    """Return who may begin to stand in by now, by id; the cost grows with these, not with all assignments."""
    # `at` is an instant: it is tomorrow already in the east.
    came = Assignment.since_on.between(at.date() - LOOKED_BACK, at.date() + DAY)
    return session.scalars(_stand_ins().where(came).with_only_columns(Assignment.id).order_by(Assignment.id)).all()


def substitutes(session: Session, at: datetime) -> Sequence[uuid.UUID]:
    """Return one assignment of each who may begin by now to stand in for a curator, whatever the number of families."""
    came = Assignment.since_on.between(at.date() - LOOKED_BACK, at.date() + DAY)
    query = select(Assignment.id, Assignment.person_id, Assignment.since_on).join(Subject)
    query = query.where(Assignment.role == SUBSTITUTE, Subject.closed_on.is_(None), came)
    rows = session.execute(query.order_by(Assignment.id.desc())).all()
    return list({(row.person_id, row.since_on): row.id for row in rows}.values())


def tell_of_substitution(session: Session, places: Places, key: uuid.UUID, at: datetime) -> int:
    """Tell a substitute that her days begin, where they have: one word for all the families. The caller commits."""
    one = session.get_one(Assignment, key)
    if not one.covers(at.astimezone(places.of(one.subject.territory).zone).date()):
        return 0
    said = Said(NEW_WORK, one.person_id, f"{SUBSTITUTE}@{one.since_on}", TODAY)
    return int(remind(session, places, one.person_id, said, at))


def stand_ins_of(session: Session, subject: Subject) -> Sequence[uuid.UUID]:
    """Return who stands in or will, in one early help."""
    return session.scalars(_stand_ins().where(Subject.id == subject.id).with_only_columns(Assignment.id)).all()


def tell_of_stand_in(session: Session, places: Places, key: uuid.UUID, at: datetime) -> int:
    """Tell whoever stands in that it begins, where it has; return how many were told. The caller commits."""
    one = session.scalars(_stand_ins().where(Assignment.id == key)).first()
    if one is None or not one.covers(at.astimezone(places.of(one.subject.territory).zone).date()):
        return 0
    said = Said(NEW_WORK, one.id, "", path_of(one.subject), subject_id=one.subject_id)
    return int(remind(session, places, one.person_id, said, at))


def _stand_ins() -> Select[Assignment]:
    # Written out: an index of some rows is used by who says in the query which these are.
    role = literal(STAND_IN, literal_execute=True)
    return select(Assignment).join(Subject).where(Assignment.role == role, Subject.closed_on.is_(None))
