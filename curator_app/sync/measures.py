"""Envelopes of first measures and safety plans, set in a family's home."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.audit.service import record
from curator_app.auth.models import Enrolment, Person
from curator_app.cases.safety import EFFECTS, EVENT_OF_KIND
from curator_app.cases.safety_models import SafetyPlan
from curator_app.cases.stepping import Actor, StepRefused, take_step
from curator_app.desk.measure_form import PhonePlanForm, measure_form
from curator_app.errors import NotVisible
from curator_app.families.models import FamilyMember
from curator_app.subjects.service import is_assigned
from curator_app.sync.opened import NotApplicable, Opened, posted
from curator_app.visits.acquainting import CARRIES, carried_on


def apply_measure(session: Session, opened: Opened) -> None:
    """Set what protects one child; raise NotApplicable.

    The same plan delivered again, by the id that the phone gave it, is there already.
    """
    form = measure_form(posted(opened.body))
    form.offer(children_of(session, form.family.data))
    errors = form.troubles()
    if errors:
        raise NotApplicable(*({"code": "field", "field": name} for name in errors))
    known = session.get(SafetyPlan, form.id.data)
    if known is None:
        _set(session, opened, form)
    elif known.author_id != opened.enrolment.person_id or known.subject.family_id != form.family.data:
        raise NotApplicable({"code": "id_taken"})
    opened.envelope.about_id = form.id.data


def children_of(session: Session, family_id: uuid.UUID | None) -> list[FamilyMember]:
    """Return the children that a plan may be about."""
    children = select(FamilyMember).where(FamilyMember.family_id == family_id, FamilyMember.kind == "child")
    return list(session.scalars(children.order_by(FamilyMember.position))) if family_id else []


def set_measure(session: Session, form: PhonePlanForm, author: Person, enrolment: Enrolment) -> None:
    """Take the step that a form without troubles says; raise NotVisible or StepRefused.

    Who carried the case on that day set it on that day, whoever carries it now.
    """
    said, event = form.said(), EVENT_OF_KIND[form.kind.data]
    carried = carried_on(session, form.family.data, author, form.on.data)
    by = Actor(author, enrolment, frozenset({CARRIES[carried.role]}))
    answers = {"child": said.child_id, "plan": said}
    take_step(session, carried.subject, event, answers, on=form.on.data, by=by, effects=EFFECTS)
    record(
        session,
        "safety:set",
        person_id=author.id,
        enrolment_id=enrolment.id,
        family_id=form.family.data,
        object_id=said.id,
    )


def _set(session: Session, opened: Opened, form: PhonePlanForm) -> None:
    author = opened.enrolment.person
    try:
        set_measure(session, form, author, opened.enrolment)
    except NotVisible as error:
        ever = is_assigned(session, form.family.data, author)
        raise NotApplicable({"code": "family_handed_over" if ever else "family_unknown"}) from error
    except StepRefused as error:
        raise NotApplicable({"code": "step_refused", "why": error.sentence}) from error
