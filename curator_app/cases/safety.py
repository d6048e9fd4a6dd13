"""First measures and safety plans: set by a step, kept or broken as it was found, ended by a named decision."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session, contains_eager, selectinload

from curator_app import texts
from curator_app.cases.safety_models import (
    FIRST_MEASURES,
    LATER,
    SAFETY_PLAN,
    MeasureCheck,
    SafetyMeasure,
    SafetyPlan,
)
from curator_app.cases.signals import signals_about
from curator_app.cases.stepping import Effect, StepRefused, Taken
from curator_app.clock import now
from curator_app.database import uuid7
from curator_app.families.models import FamilyMember
from curator_app.subjects.models import Subject

REPLACED = "replaced"
KIND_OF_EVENT = {"first_measures_set": FIRST_MEASURES, "safety_plan_set": SAFETY_PLAN}
EVENT_OF_KIND = {kind: event for event, kind in KIND_OF_EVENT.items()}
END_OF_KIND = {FIRST_MEASURES: "first_measures_ended", SAFETY_PLAN: "safety_plan_ended"}
REPLACES = {FIRST_MEASURES: (FIRST_MEASURES,), SAFETY_PLAN: (FIRST_MEASURES, SAFETY_PLAN)}
"""What a newer one takes the place of: a plan takes the first measures in, new first measures leave a plan standing."""


@dataclass(frozen=True, slots=True)
class NewMeasure:
    """One row of the form."""

    threat: str
    measure: str
    who: str
    until_on: date
    agreed: str = LATER


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What protects one child from now on. The child is a member of the family, or a name where none is known yet."""

    place: str
    with_whom: str
    measures: Sequence[NewMeasure]
    child_id: uuid.UUID | None = None
    child_name: str = ""
    place_words: str = ""
    place_address: str = ""
    child_knows: str = ""
    review_on: date | None = None
    id: uuid.UUID = field(default_factory=uuid7)
    """A phone mints it: what comes twice is one plan."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A decision that it ends: whose, why, and what has changed."""

    plan_id: uuid.UUID
    reason: str
    words: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one measure: kept, broken or unseen, and what hindered."""

    measure_id: uuid.UUID
    state: str
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """Where it was found: the day, who says so, the visit or the contact."""

    family_id: uuid.UUID
    on: date
    author_id: uuid.UUID
    visit_id: uuid.UUID | None = None
    contact_id: uuid.UUID | None = None


def set_plan(taken: Taken) -> None:
    """Write down what protects a child; what it takes the place of ends with it. Raises StepRefused."""
    said = taken.answers.get("plan")
    if not isinstance(said, NewPlan):
        raise StepRefused(texts.text("safety.own_page"))
    kind = KIND_OF_EVENT[taken.event]
    _refuse(taken, said, kind)
    words = {name: value for name, value in asdict(said).items() if name != "measures"}
    own = {"subject_id": taken.subject.id, "kind": kind, "set_on": taken.on}
    plan = SafetyPlan(**own, **words, author_id=_author(taken))
    for position, row in enumerate(said.measures):
        agreed_on = None if row.agreed == LATER else taken.on
        plan.measures.append(SafetyMeasure(**asdict(row), position=position, agreed_on=agreed_on))
    standing = _standing(taken, said)
    taken.session.add(plan)
    taken.session.flush()
    for one in standing:
        if one.set_on <= plan.set_on and one.kind in REPLACES[kind]:
            _replace(one, by=plan)
        elif one.set_on > plan.set_on and kind in REPLACES[one.kind] and plan.holds:
            # A phone that was long without a network tells of an older one: what was set since stands.
            _replace(plan, by=one)
    taken.data["plan"] = str(plan.id)


def end_plan(taken: Taken) -> None:
    """End what protected a child, as a named person decided; raise StepRefused."""
    said = taken.answers.get("plan")
    if not isinstance(said, Ending):
        raise StepRefused(texts.text("safety.own_page"))
    plan = next((one for one in plans_of(taken.session, taken.subject) if one.id == said.plan_id), None)
    if plan is None or not plan.holds or END_OF_KIND[plan.kind] != taken.event:
        raise StepRefused(texts.text("safety.ended_already"))
    if taken.on < plan.set_on:
        raise StepRefused(texts.text("safety.end_before", day=plan.set_on.strftime("%d.%m.%Y")), field_name="on")
    plan.ended_on, plan.end_reason, plan.end_words = taken.on, said.reason, said.words
    plan.decided_by, plan.ended_by_id = said.decided_by, _author(taken)
    taken.data |= {"plan": str(plan.id), "decided_by": said.decided_by, "reason": said.reason}
    if plan.child_id:
        taken.data["child"] = str(plan.child_id)


EFFECTS: dict[str, Effect] = {
    "first_measures_set": set_plan,
    "safety_plan_set": set_plan,
    "first_measures_ended": end_plan,
    "safety_plan_ended": end_plan,
}


def plans_of(session: Session, subject: Subject) -> Sequence[SafetyPlan]:
    """Return the plans of a subject, those in force first and the newest first; a case goes on with its signal's."""
    own = SafetyPlan.subject_id == subject.id
    if subject.kind in {"case", "aftercare"} and subject.family_id is not None:
        own = or_(own, _of_families([subject.family_id]))
    return _plans(session, own)


def plans_in_force(session: Session, family_ids: Iterable[uuid.UUID]) -> Sequence[SafetyPlan]:
    """Return what protects the children of these families now."""
    return _plans(session, _of_families(list(family_ids)), SafetyPlan.ended_on.is_(None))


def agree_later(measure: SafetyMeasure, agreed: str, on: date) -> None:
    """Note how the adult who does it agreed after all."""
    measure.agreed, measure.agreed_on = agreed, on


def tell_measures(session: Session, found: Iterable[Found], heard: Heard) -> None:
    """Note what was found of measures; what is not of this family, or says nothing, is passed over."""
    said = {one.measure_id: one for one in found if one.state}
    if not said:
        return
    known = select(SafetyMeasure.id).join(SafetyPlan).join(Subject, Subject.id == SafetyPlan.subject_id)
    known = known.where(SafetyMeasure.id.in_(said), _of_families([heard.family_id]))
    where = {"on": heard.on, "author_id": heard.author_id, "visit_id": heard.visit_id, "contact_id": heard.contact_id}
    for measure_id in session.scalars(known).all():
        one = said[measure_id]
        session.add(MeasureCheck(measure_id=measure_id, state=one.state, fact=one.fact, **where))


def set_aside(session: Session, visit_id: uuid.UUID) -> None:
    """Let what a visit said of measures count no more: a corrected record has taken its place."""
    here = MeasureCheck.visit_id == visit_id
    session.execute(update(MeasureCheck).where(here).values(set_aside_at=now()))


def _of_families(family_ids: Collection[uuid.UUID]) -> ColumnElement[bool]:
    """Ask whether a plan is of these families: of work with them, or of a signal that led to it."""
    return or_(Subject.family_id.in_(family_ids), Subject.id.in_(signals_about(family_ids)))


def _plans(session: Session, *conditions: object) -> Sequence[SafetyPlan]:
    query = select(SafetyPlan).join(Subject, Subject.id == SafetyPlan.subject_id)
    query = query.where(*conditions)  # type: ignore[arg-type]
    query = query.order_by(SafetyPlan.ended_on.is_not(None), SafetyPlan.set_on.desc(), SafetyPlan.id.desc())
    loaded = selectinload(SafetyPlan.measures).selectinload(SafetyMeasure.checks)
    return session.scalars(
        query.options(contains_eager(SafetyPlan.subject), selectinload(SafetyPlan.child), loaded)
    ).all()


def _refuse(taken: Taken, said: NewPlan, kind: str) -> None:
    if not said.measures:
        raise StepRefused(texts.text("safety.no_measures"))
    if said.child_id is not None:
        child = taken.session.get(FamilyMember, said.child_id)
        if child is None or child.kind != "child" or child.family_id != taken.subject.family_id:
            raise StepRefused(texts.text("safety.not_their_child"), field_name="child")
    elif not said.child_name:
        raise StepRefused(texts.text("safety.no_child"), field_name="child")
    unasked = next((row for row in said.measures if row.agreed == LATER), None)
    if kind == SAFETY_PLAN and unasked is not None:
        raise StepRefused(texts.text("safety.not_agreed", measure=unasked.measure, who=unasked.who))


def _standing(taken: Taken, said: NewPlan) -> list[SafetyPlan]:
    """Return what protects the same child now, the oldest first."""

    def same_child(plan: SafetyPlan) -> bool:
        return plan.child_id == said.child_id if said.child_id else plan.child_name == said.child_name

    return [plan for plan in reversed(plans_of(taken.session, taken.subject)) if plan.holds and same_child(plan)]


def _replace(plan: SafetyPlan, *, by: SafetyPlan) -> None:
    plan.ended_on, plan.end_reason, plan.ended_by_id = by.set_on, REPLACED, by.author_id
    plan.replaced_by_id = by.id


def _author(taken: Taken) -> uuid.UUID:
    if taken.by is None:
        raise StepRefused(texts.text("safety.own_page"))
    return taken.by.id
