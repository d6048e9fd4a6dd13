"""Acquaint a family with its case, and note that the resolution came: steps taken where there is no network."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.audit.service import record
from curator_app.auth.models import Person
from curator_app.cases.stepping import Actor, Ground, Taken, take_step
from curator_app.cases.steps import Hat, steps
from curator_app.errors import Conflict, NotVisible
from curator_app.families.models import Family
from curator_app.procedures.profile_definition import Profile
from curator_app.subjects.models import Assignment, Event, Subject
from curator_app.subjects.service import assignments_of
from curator_app.visits.acquainted import CaseAcquaintance
from curator_app.visits.contacts import Sent

ACQUAINTED, RECEIVED = "family_acquainted", "resolution_received"
USUAL = ("resolution", "group", "programme")
"""What a family is acquainted with where its document names nothing: three acts, never one."""
CARRIES: dict[str, Hat] = {"case_curator": "curator", "substitute": "substitute"}


@dataclass(frozen=True, slots=True)
class Act:
    """One of the acts that a procedure asks for, its name, and the days on which it was done."""

    id: str
    title: str
    done_on: tuple[dt.date, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What the form of an acquaintance says, after it was checked; `raw` is what was posted."""

    id: uuid.UUID
    family_id: uuid.UUID
    form_version: str
    about: str
    on: dt.date
    present: list[uuid.UUID] = field(default_factory=list)
    how: list[str] = field(default_factory=list)
    signed: str = ""
    words: str = ""
    card_given: bool = False
    raw: list[tuple[str, str]] = field(default_factory=list)


def acts_of(profile: Profile) -> list[Act]:
    """Return what a procedure wants a family to be acquainted with, in its own order."""
    named = [value for rule in profile.duties if ACQUAINTED in rule.done_by for value in rule.done_data.get("with", ())]
    titles = {one.id: one.title for one in steps()[ACQUAINTED].fields[0].options}
    return [Act(one, titles.get(one, one)) for one in dict.fromkeys(named) or USUAL]


def acts_done(ground: Ground) -> list[Act]:
    """Return the acts of a case's procedure with the days on which each was done."""
    facts = [fact for fact in ground.facts if fact.type == ACQUAINTED]
    return [
        Act(act.id, act.title, tuple(fact.on for fact in facts if fact.data.get("with") == act.id))
        for act in acts_of(ground.profile)
    ]


def open_case(session: Session, family: Family) -> Subject | None:
    """Return the family's case under way."""
    query = select(Subject).where(Subject.family_id == family.id, Subject.kind == "case", Subject.closed_on.is_(None))
    return session.scalars(query.order_by(Subject.created_at.desc())).first()


def record_acquaintance(session: Session, said: Said, sent: Sent) -> CaseAcquaintance:
    """Keep one act and take its step.

    The same act delivered again (by the phone's own id) is returned as it stands. Raises NotVisible when the author
    did not carry the family's case on that day, Conflict for an id taken by something else, StepRefused by the rule.
    """
    known = session.get(CaseAcquaintance, said.id)
    if known is not None:
        if known.author_id != sent.author.id or known.fields != [list(pair) for pair in said.raw]:
            raise Conflict
        return known
    carried = carried_on(session, said.family_id, sent.author, said.on)
    names = _names(session, said.family_id, said.present)
    answers = {"with": said.about, "who": ", ".join(names), "remarks": said.words}
    event = _take(session, carried, ACQUAINTED, answers, said, sent)
    made = CaseAcquaintance(
        id=said.id,
        subject_id=carried.subject_id,
        family_id=said.family_id,
        event_id=event.id,
        author_id=sent.author.id,
        enrolment_id=sent.enrolment.id if sent.enrolment else None,
        about=said.about,
        on=said.on,
        present=[str(one) for one in said.present],
        how=said.how,
        signed=said.signed,
        words=said.words,
        card_given=said.card_given,
        form_version=said.form_version,
        fields=[list(pair) for pair in said.raw],
        phone_at=sent.phone_at,
        received_at=sent.received_at,
    )
    session.add(made)
    _note(session, "acquaintance:recorded", said, sent)
    return made


def record_receipt(session: Session, said: Said, number: str, sent: Sent) -> Event:
    """Note that the curator has the resolution: a clock begins. Raises what `record_acquaintance` does."""
    carried = carried_on(session, said.family_id, sent.author, said.on)
    query = select(Event).where(Event.subject_id == carried.subject_id, Event.type == RECEIVED)
    for known in session.scalars(query):
        if known.data.get("record") == str(said.id):
            return known
    event = _take(session, carried, RECEIVED, {"number": number}, said, sent)
    _note(session, "resolution:received", said, sent)
    return event


def _take(  # noqa: PLR0917 - a step has all of these
    session: Session, carried: Assignment, name: str, answers: dict[str, str], said: Said, sent: Sent
) -> Event:
    def sign(taken: Taken) -> None:
        taken.data["record"] = str(said.id)

    # Who carried the case on that day took the step on that day, whoever carries it now.
    by = Actor(sent.author, sent.enrolment, frozenset({CARRIES[carried.role]}))
    event = take_step(session, carried.subject, name, answers, on=said.on, by=by, effects={name: sign})
    session.flush()
    return event


def carried_on(session: Session, family_id: uuid.UUID, author: Person, on: dt.date) -> Assignment:
    """Return under which assignment the author carried the family that day; raise NotVisible when under none."""
    mine = [one for one in assignments_of(session, family_id, author) if one.role in CARRIES and one.covers(on)]
    mine.sort(key=lambda one: (one.subject.kind == "case", one.subject.closed_on is None, one.subject.created_at))
    if not mine:
        raise NotVisible
    return mine[-1]


def _names(session: Session, family_id: uuid.UUID, present: Sequence[uuid.UUID]) -> list[str]:
    """Return the names of those of the family who were there; people of other families are not among them."""
    members = session.get_one(Family, family_id).members
    return [member.name for member in members if member.id in present]


def _note(session: Session, act: str, said: Said, sent: Sent) -> None:
    record(
        session,
        act,
        person_id=sent.author.id,
        enrolment_id=sent.enrolment.id if sent.enrolment else None,
        family_id=said.family_id,
        object_id=said.id,
    )
