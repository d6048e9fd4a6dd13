"""Work duties out anew without a new event: when their day has come, and when the calendar changed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from curator_app.auth.models import Territory
from curator_app.clock import now, today
from curator_app.database import claim
from curator_app.subjects.duties import project
from curator_app.subjects.duty_models import DutyRow, Recount
from curator_app.subjects.models import Subject

TRIED_AGAIN_AFTER = timedelta(minutes=10)
"""So long a subject rests that somebody took and did not finish, or whose profile could not be read."""


def begin_recount(session: Session, reason: str) -> Recount:
    """Ask for a walk over everything that is owed; the caller commits, and a worker walks."""
    recount = Recount(reason=reason)
    session.add(recount)
    session.flush()
    return recount


def due_for_projection(session: Session, most: int) -> Sequence[uuid.UUID]:
    """Return subjects whose day has come where they live, and that nobody has just tried."""
    zones = session.scalars(select(Territory.zone).distinct()).all()
    come = or_(*(and_(Territory.zone == zone, Subject.reproject_on <= today(zone)) for zone in zones))
    query = select(Subject.id).join(Territory, Territory.id == Subject.territory_id)
    free = or_(Subject.reproject_claimed_at.is_(None), Subject.reproject_claimed_at < now() - TRIED_AGAIN_AFTER)
    return session.scalars(query.where(come, free).order_by(Subject.reproject_on).limit(most)).all() if zones else ()


def take(session: Session, subject_id: uuid.UUID) -> bool:
    """Claim a subject for this worker; True for exactly one caller. The caller commits."""
    seen = session.scalar(select(Subject.reproject_claimed_at).where(Subject.id == subject_id))
    when, then = {"reproject_claimed_at": seen}, {"reproject_claimed_at": now()}
    return claim(session, Subject, subject_id, when=when, then=then)


def reproject(session: Session, subject_id: uuid.UUID) -> Subject | None:
    """Work one subject's duties out anew under its lock; None when it is gone. The caller commits."""
    locked = select(Subject).where(Subject.id == subject_id).with_for_update(key_share=True)
    subject = session.scalars(locked.execution_options(populate_existing=True)).first()
    if subject is not None:
        project(session, subject)
    return subject


def unfinished_recount(session: Session) -> Recount | None:
    """Return the oldest walk that is not at its end."""
    query = select(Recount).where(Recount.finished_at.is_(None)).order_by(Recount.id)
    return session.scalars(query.execution_options(populate_existing=True)).first()


def last_recount(session: Session) -> Recount | None:
    """Return the walk that was asked for last."""
    return session.scalars(select(Recount).order_by(Recount.id.desc()).limit(1)).first()


def count_ahead(session: Session, recount: Recount) -> None:
    """Say how many subjects the walk has before it."""
    if recount.total is None:
        recount.total = session.scalar(select(func.count()).select_from(_owing().subquery())) or 0


def step(session: Session, recount_id: uuid.UUID) -> uuid.UUID | None:
    """Do the next subject of a walk; return which, or None at its end. The caller commits.

    The cursor moves in the transaction that does the subject: killed in between, both are as if never begun.
    """
    recount = session.get_one(Recount, recount_id, with_for_update=True, populate_existing=True)
    if recount.finished_at is not None:
        return None
    ahead = _owing() if recount.cursor is None else _owing().where(Subject.id > recount.cursor)
    following = session.scalars(ahead.order_by(Subject.id).limit(1)).first()
    if following is None:
        recount.finished_at = now()
        return None
    reproject(session, following)
    recount.cursor, recount.done = following, recount.done + 1
    return following


def skip(session: Session, recount_id: uuid.UUID) -> None:
    """Leave out the subject that the walk stumbles over; the sweep tries that one again. The caller commits."""
    recount = session.get_one(Recount, recount_id, with_for_update=True, populate_existing=True)
    ahead = _owing() if recount.cursor is None else _owing().where(Subject.id > recount.cursor)
    following = session.scalars(ahead.order_by(Subject.id).limit(1)).first()
    if following is not None:
        again = {"reproject_on": now().date(), "reproject_claimed_at": now()}
        session.execute(update(Subject).where(Subject.id == following).values(**again))
        recount.cursor, recount.done = following, recount.done + 1


def _owing() -> Select[uuid.UUID]:
    open_duty: ColumnElement[bool] = exists().where(DutyRow.subject_id == Subject.id, DutyRow.met_on.is_(None))
    return select(Subject.id).where(open_duty)
