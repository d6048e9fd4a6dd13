"""The form of a step, made of its questions: what stands in steps.toml is what a person is asked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, Optional, Regexp

from curator_app import texts
from curator_app.auth.models import Organisation, Person, Role
from curator_app.cases.steps import Question, Step
from curator_app.families.models import FamilyMember
from curator_app.office_forms import DeskDay, DeskForm
from curator_app.procedures.profile_definition import Choice, Profile
from curator_app.subjects.models import Subject

LINE_CHARS, TEXT_CHARS = 200, 4000
Choices = list[tuple[str, str]]
IDS = frozenset({"child", "member", "person", "organisation"})
"""Kinds whose answer is somebody's id."""
OF_PROFILE = {
    "closing_outcome": "closing_outcomes",
    "intake_outcome": "intake_outcomes",
    "replacement_ground": "replacement_grounds",
}


@dataclass(frozen=True)
class Asked:
    """A question beside the form's field for it."""

    question: Question
    name: str
    label: str
    needed: bool


def questions(step: Step, profile: Profile) -> list[Asked]:
    """Return what a step asks in a profile: a classification is a question for each of the document's."""
    found = []
    for one in step.fields:
        if one.kind != "classification":
            found.append(Asked(one, one.id, one.label, one.required))
            continue
        alone = len(profile.classifications) == 1
        found += [Asked(one, kind.id, kind.title, one.required and alone) for kind in profile.classifications]
    return found


def step_form(session: Session, step: Step, subject: Subject, profile: Profile, on: date) -> type[DeskForm]:
    """Return the class of the form that asks what a step needs in this subject."""
    fields: dict[str, Any] = {"on": DeskDay(validators=[InputRequired(texts.text("steps.wrong_day"))])}
    for asked in questions(step, profile):
        fields[asked.name] = _field(session, asked, subject, profile, on)
    return type("StepForm", (DeskForm,), fields)


def answers_of(form: DeskForm, step: Step, profile: Profile) -> dict[str, Any]:
    """Return the answers as a step takes them: ids as uuid, days as date, what was left empty left out."""
    found: dict[str, Any] = {}
    for asked in questions(step, profile):
        value = form[asked.name].data
        if value in (None, ""):
            continue
        if asked.question.kind in IDS:
            value = uuid.UUID(value)
        elif asked.question.kind == "yes_no":
            value = value == "yes"
        elif asked.question.kind == "number":
            value = int(value)
        found[asked.name] = value
    return found


def _field(session: Session, asked: Asked, subject: Subject, profile: Profile, on: date) -> Field:
    kind, needed = asked.question.kind, _needed(asked)
    if kind == "day":
        return DeskDay(validators=needed)
    if kind in {"line", "number"}:
        digits = [Regexp(r"^\s*\d{1,9}\s*$", message=texts.text("steps.wrong_number"))] if kind == "number" else []
        return StringField(filters=[_stripped], validators=[*needed, *digits, _long(LINE_CHARS)])
    if kind == "text":
        return TextAreaField(filters=[_stripped], validators=[*needed, _long(TEXT_CHARS)])
    choices = _choices(session, asked, subject, profile, on)
    known = AnyOf([value for value, _words in choices if value], message=texts.text("steps.wrong_choice"))
    return SelectField(choices=lambda: choices, validate_choice=False, validators=[*needed, known])


def _needed(asked: Asked) -> Sequence[Any]:
    return [InputRequired(texts.text("steps.wrong_needed"))] if asked.needed else [Optional()]


def _long(most: int) -> Length:
    return Length(max=most, message=texts.text("steps.wrong_long", n=most))


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _choices(session: Session, asked: Asked, subject: Subject, profile: Profile, on: date) -> Choices:
    question = asked.question
    if question.kind == "child":
        return [("", texts.text("steps.whole_family")), *_members(session, subject, "child")]
    empty = [("", texts.text("steps.choose"))]
    if question.kind == "yes_no":
        return [*empty, ("yes", texts.text("steps.yes")), ("no", texts.text("steps.no"))]
    if question.kind == "member":
        return empty + _members(session, subject, None)
    if question.kind == "person":
        return empty + _people(session, question, subject, on)
    if question.kind == "organisation":
        return empty + _organisations(session, question, subject)
    return empty + [(one.id, one.title) for one in _of_profile(asked, profile)]


def _of_profile(asked: Asked, profile: Profile) -> Sequence[Any]:
    """Return the answers that the document gives, or those that the step names."""
    kind = asked.question.kind
    if kind == "classification":
        return next(one.values for one in profile.classifications if one.id == asked.name)
    if kind == "change_kind":
        known: list[Choice] = [one for plan in profile.plans for one in plan.change_kinds]
        return known or asked.question.options
    if kind in OF_PROFILE:
        return getattr(profile, OF_PROFILE[kind]) or asked.question.options
    return asked.question.options


def _members(session: Session, subject: Subject, kind: str | None) -> Choices:
    query = select(FamilyMember).where(FamilyMember.family_id == subject.family_id).order_by(FamilyMember.position)
    members = session.scalars(query if kind is None else query.where(FamilyMember.kind == kind))
    return [(str(one.id), one.name) for one in members]


def _people(session: Session, question: Question, subject: Subject, on: date) -> Choices:
    """Return who holds one of the roles in the subject's territory, with the organisation."""
    query = select(Person, Organisation).join(Role, Role.person_id == Person.id).join(Organisation)
    query = query.where(Organisation.territory_id == subject.territory_id, Role.held_on(on))
    if question.roles:
        query = query.where(Role.role.in_(question.roles))
    rows = session.execute(query.order_by(Person.name).distinct())
    carry = {one.person_id for one in subject.assignments if one.role in question.roles and one.covers(on)}
    found: dict[str, str] = {}
    for person, place in rows:
        words = f"{person.short_name}, {place.name}"
        found[str(person.id)] = texts.text("steps.carries_now", words=words) if person.id in carry else words
    return list(found.items())


def _organisations(session: Session, question: Question, subject: Subject) -> Choices:
    query = select(Organisation).where(Organisation.territory_id == subject.territory_id).order_by(Organisation.name)
    if question.organisations:
        query = query.where(Organisation.kind.in_(question.organisations))
    return [(str(one.id), one.name) for one in session.scalars(query)]
