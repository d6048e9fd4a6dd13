"""The timeline of one subject: each event with the answers that its reader may see, as corrections leave them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from curator_app import texts
from curator_app.auth.models import Organisation, Person
from curator_app.cases.correcting import MAY_CORRECT, RECORDS
from curator_app.cases.steps import Layer, Question, step_for
from curator_app.desk.case_access import Opened
from curator_app.families.models import FamilyMember
from curator_app.procedures.corrections import CORRECTION
from curator_app.procedures.profile_definition import Profile
from curator_app.procedures.profiles_loader import load_profile
from curator_app.procedures.vocabulary import meaning_in
from curator_app.subjects.models import Event

LENGTH = 200
ABOUT = ("child", "member")
"""Under which an event's data keeps whom of the family it is about."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of an event, in words."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """An event as a reader sees it."""

    id: uuid.UUID
    type: str
    title: str
    on: date
    author: Person | None
    answers: list[Answer]
    correction: Mapping[str, Any] | None = None
    """The last correction of it: on, reason."""
    void: bool = False
    may_correct: bool = False
    """Whether this reader may put it right."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The newest events of a subject, newest first, and whether older ones are left out."""

    lines: Sequence[Told]
    is_cut: bool = False
    child: uuid.UUID | None = None
    """Only what is about this child."""


def told(session: Session, opened: Opened, child: uuid.UUID | None = None) -> Timeline:
    """Return the newest events of a subject, or those about one child, newest first by the day they happened."""
    query = select(Event).where(Event.subject_id == opened.subject.id)
    if child is not None:
        # A correction names the event that it puts right, and no child.
        about = [Event.data[name].as_string() == str(child) for name in ABOUT]
        query = query.where(or_(*about, Event.type == CORRECTION))
    found = session.scalars(
        query.order_by(Event.on.desc(), Event.no.desc()).options(selectinload(Event.author)).limit(LENGTH + 1)
    ).all()
    found, is_cut = found[:LENGTH], len(found) > LENGTH
    profile = load_profile(opened.subject.procedure)
    corrections = _corrections([event for event in found if event.type == CORRECTION])
    events = [event for event in found if event.type != CORRECTION]
    names = _names(session, opened, events)
    lines = [_told(event, corrections.get(str(event.id)), profile, opened, names) for event in events]
    return Timeline(sorted(lines, key=lambda line: line.on, reverse=True), is_cut, child)


def _told(
    event: Event,
    corrected: Mapping[str, Any] | None,
    profile: Profile,
    opened: Opened,
    names: Mapping[str, str],
) -> Told:
    given = corrected or {}
    meaning, mine = meaning_in(profile, event.type), event.author_id == opened.reader_id
    data = event.data | dict(given.get("data") or {})
    return Told(
        id=event.id,
        type=event.type,
        title=meaning[:1].upper() + meaning[1:],
        on=date.fromisoformat(str(given["on"])) if given.get("on") else event.on,
        author=event.author,
        answers=_answers(event.type, data, profile, opened, names),
        correction=corrected,
        void=bool(given.get("void")),
        may_correct=event.type not in RECORDS and (mine or bool(opened.hats & MAY_CORRECT)),
    )


def _answers(
    event_type: str, data: Mapping[str, Any], profile: Profile, opened: Opened, names: Mapping[str, str]
) -> list[Answer]:
    step = step_for(event_type, opened.subject.kind)
    found = []
    for question in step.fields if step else ():
        if question.layer in opened.layers:
            found += _words(question, data, profile, names)
    # What was written before steps were, and what the demonstration tells.
    if data.get("text") and readable("raw", opened.layers):
        found.append(Answer("", str(data["text"])))
    return found


def readable(layer: Layer, layers: frozenset[Layer]) -> bool:
    """Tell whether a field of that layer is shown to somebody with these."""
    return layer in layers


def _words(question: Question, data: Mapping[str, Any], profile: Profile, names: Mapping[str, str]) -> list[Answer]:
    if question.kind == "classification":
        decided = [(one, data[one.id]) for one in profile.classifications if one.id in data]
        return [Answer(one.title, _title(one.values, value)) for one, value in decided]
    value = data.get(question.id)
    if value in (None, ""):
        return []
    if isinstance(value, dict):
        return [Answer(question.label, texts.text(f"frequency.said.{value.get('unit')}", n=value.get("n", 1)))]
    if isinstance(value, bool):
        return [Answer(question.label, texts.text("steps.yes" if value else "steps.no"))]
    options = [*question.options, *profile.closing_outcomes, *profile.intake_outcomes, *profile.replacement_grounds]
    options += [kind for plan in profile.plans for kind in plan.change_kinds]
    shown = names.get(str(value)) or _title(options, value)
    if question.kind == "day":
        shown = date.fromisoformat(str(value)).strftime("%d.%m.%Y")
    return [Answer(question.label, shown)]


def _title(options: Any, value: Any) -> str:
    return next((str(one.title) for one in options if one.id == value), str(value))


def _corrections(events: list[Event]) -> dict[str, Mapping[str, Any]]:
    """Return what corrections say, by the event that they name; of several the one written last decides."""
    found: dict[str, dict[str, Any]] = {}
    for event in sorted(events, key=lambda one: one.no):
        named = str(event.data.get("corrects"))
        found[named] = found.get(named, {}) | dict(event.data)
    return dict(found)


def _names(session: Session, opened: Opened, events: list[Event]) -> dict[str, str]:
    """Return the names of the people, children and organisations that these events name by id."""
    ids = {value for event in events for value in event.data.values() if isinstance(value, str) and _is_id(value)}
    keys = [uuid.UUID(value) for value in ids]
    if not keys:
        return {}
    found: dict[str, str] = {}
    for person in session.scalars(select(Person).where(Person.id.in_(keys))):
        found[str(person.id)] = person.short_name
    for place in session.scalars(select(Organisation).where(Organisation.id.in_(keys))):
        found[str(place.id)] = place.name
    members = select(FamilyMember).where(FamilyMember.id.in_(keys), FamilyMember.family_id == opened.subject.family_id)
    for member in session.scalars(members):
        found[str(member.id)] = member.name
    return found


def _is_id(value: str) -> bool:
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True
