"""What is known of a family before a visit: last answers beside empty fields, nothing of it an answer until tapped."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from curator_app.cases.safety import plans_in_force
from curator_app.cases.safety_models import SafetyPlan
from curator_app.families.models import Family
from curator_app.procedures.form_definition import Asked
from curator_app.subjects.ceilings import Ceiling, ceilings_of
from curator_app.subjects.models import Event, Subject
from curator_app.visits.agreements import Promise
from curator_app.visits.models import VISIT, Photo, Visit

LOOK_BACK = 12
"""Visits that are looked through: a year of monthly ones."""
LOOK_BACK_PHOTOS = 60
FULL_PASS_EVERY = timedelta(days=92)
HEATING_MONTHS = frozenset({10, 11, 12, 1, 2, 3, 4})
LASTING = {"safety_plan": ("safety_plan_set", "safety_plan_ended"), "child_placed": ("child_placed", "child_returned")}
"""What a family has from one event until another; questions ask for it by these names."""


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """A statement's last answer, its fact, and the day it was given."""

    answer: str
    fact: str
    on: date


@dataclass(frozen=True, slots=True)
class LastSaid:
    """A chip of a section's last visit, about whom, and the day."""

    item: str
    member_id: uuid.UUID | None
    on: date


@dataclass(frozen=True, slots=True)
class Before:
    """See the module. `promises` are open ones of both sides, the earliest due first; `plans` protect children now."""

    visits: Sequence[Visit]
    promises: Sequence[Promise]
    has: frozenset[str]
    ceiling: Ceiling | None
    plans: Sequence[SafetyPlan] = ()
    rights: dict[str, date] = field(default_factory=dict)
    topics: dict[str, date] = field(default_factory=dict)

    @property
    def previous(self) -> Visit | None:
        """The last visit that took place."""
        return self.visits[0] if self.visits else None

    @property
    def goal(self) -> tuple[str, date] | None:
        """What the family wants itself, in its words, and when it said so."""
        return next(((text, visit.on) for visit in self.visits if (text := visit.value("family_goal"))), None)

    def statement(self, part: str, statement: str, member_id: uuid.UUID | None) -> LastAnswer | None:
        """Return the last answer to a statement that said something; skipped ones are passed over."""
        for visit in self.visits:
            for line in visit.statements:
                if (line.part, line.statement, line.member_id) == (part, statement, member_id) and line.answer in {
                    "yes",
                    "no",
                }:
                    return LastAnswer(line.answer, line.fact, visit.on)
        return None

    def section(self, section: str, side: str) -> list[LastSaid]:
        """Return the chips of one side («strengths» or «worries») from the last visit that looked at the section."""
        wanted = "strength" if side == "strengths" else "worry"
        for visit in self.visits:
            seen = [one for one in visit.observations if one.section == section]
            if seen:
                return [LastSaid(one.item, one.member_id, visit.on) for one in seen if one.side == wanted]
        return []

    def full_pass_due(self, asked: Sequence[Asked], on: date) -> bool:
        """Tell whether no visit of the last quarter answered every one of these questions."""
        wanted = {(one.question.id, one.member.id if one.member else None) for one in asked}
        recent = [visit for visit in self.visits if visit.on > on - FULL_PASS_EVERY]
        return bool(self.visits) and not any(
            wanted <= {(line.statement, line.member_id) for line in visit.statements if line.part == "living"}
            for visit in recent
        )


def before_visit(session: Session, family: Family) -> Before:
    """Read what the last visits said, what was promised, and what the procedure says of the next one."""
    visits = session.scalars(
        select(Visit)
        .where(Visit.family_id == family.id, Visit.outcome == VISIT, Visit.superseded_at.is_(None))
        .order_by(Visit.on.desc(), Visit.received_at.desc())
        .options(selectinload(Visit.observations), selectinload(Visit.notes), selectinload(Visit.statements))
        .options(selectinload(Visit.mentions))
        .limit(LOOK_BACK)
    ).all()
    mentioned = {
        kind: {one.item: visit.on for visit in reversed(visits) for one in visit.mentions if one.kind == kind}
        for kind in ("right", "topic")
    }
    plans = plans_in_force(session, [family.id])
    return Before(
        visits=visits,
        promises=open_promises(session, family),
        has=_has(session, family) | ({"safety_plan"} if plans else set()),
        plans=plans,
        ceiling=ceilings_of(session, [family.id]).get(family.id),
        rights=mentioned["right"],
        topics=mentioned["topic"],
    )


def last_photos(session: Session, family: Family) -> dict[str, Photo]:
    """Return the latest picture of each place that can still be shown; withdrawn ones are not among them."""
    found = session.scalars(
        select(Photo)
        .join(Visit)
        .where(Visit.family_id == family.id, Visit.superseded_at.is_(None))
        .where(Photo.state == "ready", Photo.withdrawn_at.is_(None), Photo.place != "")
        .order_by(Visit.on.desc(), Visit.received_at.desc(), Photo.position)
        .options(contains_eager(Photo.visit))
        .limit(LOOK_BACK_PHOTOS)
    ).all()
    return {photo.place: photo for photo in reversed(found)}


def open_promises(session: Session, family: Family) -> Sequence[Promise]:
    """Return what either side still has to do, the earliest due first and undated ones last."""
    found = session.scalars(
        select(Promise)
        .where(Promise.family_id == family.id, Promise.closed_on.is_(None))
        .order_by(Promise.made_on, Promise.position)
    ).all()
    return sorted(found, key=lambda promise: promise.due_on or date.max)


def _has(session: Session, family: Family) -> frozenset[str]:
    types = [name for pair in LASTING.values() for name in pair]
    events = session.execute(
        select(Event.type, Event.data)
        .join(Subject)
        .where(Subject.family_id == family.id, Event.type.in_(types))
        .order_by(Event.on, Event.no)
    ).all()
    # Each child's own: that one came home says nothing of the other.
    last = {(name, data.get("child")): one for one, data in events for name, pair in LASTING.items() if one in pair}
    return frozenset(name for (name, _child), one in last.items() if one == LASTING[name][0])
