"""Plan a visit, move it with a reason, take that back: one day at a time for each family, and nothing is lost."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from sqlalchemy import String, case, cast, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from curator_app.audit.service import record
from curator_app.clock import now
from curator_app.database import claim
from curator_app.errors import Conflict
from curator_app.families.models import Family
from curator_app.visits.models import Visit
from curator_app.visits.planning_models import DROPPED, HELD, MOVED, NO_DAY, UNDONE, PlannedVisit

AHEAD = timedelta(days=62)
"""Two months ahead: further nobody knows."""
HISTORY = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """When somebody means to go, and what made them move the day before."""

    on: date
    time: str = ""
    reason: str = ""
    word: str = ""
    id: uuid.UUID | None = None
    """Where a phone named it."""
    said_at: datetime | None = None
    """When it was written, where that is not now."""


class Planner(Protocol):
    """Who plans, and by which browser: a session, or the sender of an envelope."""

    @property
    def person_id(self) -> uuid.UUID:
        """The person."""

    @property
    def enrolment_id(self) -> uuid.UUID:
        """The person's browser."""


def standing_plan(session: Session, family_id: uuid.UUID) -> PlannedVisit | None:
    """Return a family's plan, unless somebody came (or tried to) on its day or after."""
    return plans_of(session, [family_id]).get(family_id)


def plans_of(session: Session, family_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, PlannedVisit]:
    """Return the plan of each family that has one: it may lie in the past when nobody went since."""
    standing = select(PlannedVisit).where(PlannedVisit.family_id.in_(family_ids), PlannedVisit.ended_at.is_(None))
    found = {plan.family_id: plan for plan in session.scalars(standing)}
    came = _last_came(session, found)
    return {key: plan for key, plan in found.items() if came.get(key, date.min) < plan.on}


def plan_visit(session: Session, family: Family, asked: Asked, by: Planner) -> PlannedVisit:
    """Plan a visit, instead of the one that was planned before; raise Conflict for who was second."""
    before = _standing_row(session, family.id)
    if before is not None and (before.on, before.time, before.person_id) == (asked.on, asked.time, by.person_id):
        return before
    held = before is not None and standing_plan(session, family.id) is None
    if before is not None:
        _end(session, before, HELD if held else MOVED)
    replaced = before if before is not None and not held else None
    plan = _row(family, asked, by)
    if replaced is not None:
        plan.replaces_id = replaced.id
    session.add(plan)
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        raise Conflict("plan_changed_meanwhile") from None
    _note(session, "visit:planned", plan, by, {"on": plan.on.isoformat(), "reason": plan.reason})
    return plan


def plan_late(session: Session, family: Family, asked: Asked, by: Planner, *, stands: bool = True) -> PlannedVisit:
    """Plan what was written without a network; what was said later than that stands as it stands.

    Such a plan is kept among those that gave way, so that nobody looks for what was tapped; so is that of somebody who
    does not go there any more (`stands`). Raises Conflict as above.
    """
    if stands and not is_overtaken(session, family.id, asked.said_at):
        return plan_visit(session, family, asked, by)
    return _ended(session, family, asked, by, MOVED if stands else DROPPED)


def drop_late(session: Session, family: Family, asked: Asked, by: Planner, *, stands: bool = True) -> PlannedVisit:
    """Leave the day open that stood when this was written, and keep that it was said: an earlier word may yet come."""
    before = _standing_row(session, family.id)
    if before is not None and stands and not is_overtaken(session, family.id, asked.said_at):
        drop(session, before, by, asked.said_at)
    return _ended(session, family, asked, by, NO_DAY)


def is_overtaken(session: Session, family_id: uuid.UUID, said_at: datetime | None) -> bool:
    """Tell whether anything was planned, dropped or taken back for the family after that moment."""
    if said_at is None:
        return False
    ended = PlannedVisit.ended_as.in_((DROPPED, UNDONE)) & (PlannedVisit.ended_at > said_at)
    later = select(PlannedVisit.id).where(PlannedVisit.family_id == family_id)
    later = later.where((PlannedVisit.created_at > said_at) | ended)
    return session.scalars(later.limit(1)).first() is not None


def undo(session: Session, plan: PlannedVisit, by: Planner) -> None:
    """Take a plan back: what it replaced stands again; raise Conflict when something else was planned meanwhile."""
    _end(session, plan, UNDONE)
    session.flush()
    if plan.replaces_id is not None:
        if _standing_row(session, plan.family_id) is not None:
            raise Conflict("plan_changed_meanwhile")
        claim(
            session, PlannedVisit, plan.replaces_id, when={"ended_as": MOVED}, then={"ended_at": None, "ended_as": ""}
        )
    _note(session, "visit:plan_undone", plan, by, {})


def drop(session: Session, plan: PlannedVisit, by: Planner, at: datetime | None = None) -> None:
    """Leave the day open again, as of that moment or of now."""
    _end(session, plan, DROPPED, at)
    _note(session, "visit:plan_dropped", plan, by, {})


def restore(session: Session, plan: PlannedVisit, by: Planner) -> None:
    """Let a dropped plan stand again, unless another does."""
    if _standing_row(session, plan.family_id) is not None or not claim(
        session, PlannedVisit, plan.id, when={"ended_as": DROPPED}, then={"ended_at": None, "ended_as": ""}
    ):
        raise Conflict("plan_changed_meanwhile")
    _note(session, "visit:plan_restored", plan, by, {})


def history(session: Session, family_id: uuid.UUID) -> Sequence[PlannedVisit]:
    """Return what was planned before and how it ended, the newest first; what was taken back is left out."""
    ended = PlannedVisit.ended_at.is_not(None) & PlannedVisit.ended_as.not_in((UNDONE, NO_DAY))
    query = select(PlannedVisit).where(PlannedVisit.family_id == family_id, ended)
    query = query.options(joinedload(PlannedVisit.person)).order_by(PlannedVisit.id.desc())
    return session.scalars(query.limit(HISTORY)).all()


def newest_words(session: Session, family_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return what tells a family's plans from those of another day: what stands, and how many have ended."""
    stands = func.max(case((PlannedVisit.ended_at.is_(None), cast(PlannedVisit.id, String)), else_=""))
    query = select(PlannedVisit.family_id, stands, func.count(PlannedVisit.ended_at))
    query = query.where(PlannedVisit.family_id.in_(family_ids)).group_by(PlannedVisit.family_id)
    return {key: f"{plan} {ended}" for key, plan, ended in session.execute(query)}


def reasons_of(session: Session, plans: Collection[PlannedVisit]) -> dict[uuid.UUID, PlannedVisit]:
    """Return what replaced each of these plans, by the id of the replaced: it says why."""
    query = select(PlannedVisit).where(PlannedVisit.replaces_id.in_([plan.id for plan in plans]))
    return {
        one.replaces_id: one for one in session.scalars(query.where(PlannedVisit.ended_as != UNDONE)) if one.replaces_id
    }


def own_days(session: Session, person_id: uuid.UUID, first: date, last: date) -> dict[date, int]:
    """Count a person's planned visits by day: how full each is."""
    query = select(PlannedVisit.on, func.count()).where(PlannedVisit.person_id == person_id)
    query = query.where(PlannedVisit.ended_at.is_(None), PlannedVisit.on.between(first, last))
    return dict(session.execute(query.group_by(PlannedVisit.on)).all())


def _ended(session: Session, family: Family, asked: Asked, by: Planner, how: str) -> PlannedVisit:
    """Keep a word that stands for nothing."""
    plan = _row(family, asked, by)
    plan.ended_at, plan.ended_as = asked.said_at or now(), how
    session.add(plan)
    session.flush()
    _note(session, "visit:planned", plan, by, {"on": plan.on.isoformat(), "reason": asked.reason})
    return plan


def _row(family: Family, asked: Asked, by: Planner) -> PlannedVisit:
    plan = PlannedVisit(family_id=family.id, person_id=by.person_id, on=asked.on, time=asked.time)
    plan.reason, plan.word = asked.reason, asked.word
    if asked.id is not None:
        plan.id = asked.id
    if asked.said_at is not None:
        plan.created_at = asked.said_at
    return plan


def _standing_row(session: Session, family_id: uuid.UUID) -> PlannedVisit | None:
    query = select(PlannedVisit).where(PlannedVisit.family_id == family_id, PlannedVisit.ended_at.is_(None))
    return session.scalars(query.execution_options(populate_existing=True)).first()


def _end(session: Session, plan: PlannedVisit, how: str, at: datetime | None = None) -> None:
    then = {"ended_at": at or now(), "ended_as": how}
    if not claim(session, PlannedVisit, plan.id, when={"ended_at": None}, then=then):
        raise Conflict("plan_changed_meanwhile")


def _last_came(session: Session, family_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, date]:
    """Return when somebody was last at each door: an attempt was a way gone too."""
    query = select(Visit.family_id, func.max(Visit.on)).where(Visit.family_id.in_(family_ids))
    return dict(session.execute(query.where(Visit.superseded_at.is_(None)).group_by(Visit.family_id)).all())


def _note(session: Session, act: str, plan: PlannedVisit, by: Planner, data: dict[str, str]) -> None:
    who = {"person_id": by.person_id, "enrolment_id": by.enrolment_id}
    record(session, act, **who, family_id=plan.family_id, object_id=plan.id, data=data)
