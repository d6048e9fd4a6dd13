"""How a case ends, or goes on: the profile's outcomes, each child's own, the family's view; and how it begins again.

A case is over with the last word that its document knows: where there is a «снятие с учёта», with that, otherwise
with the decision itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.cases.course_models import CaseClosing
from curator_app.cases.models import CaseChild
from curator_app.cases.noting import Hand, note
from curator_app.cases.opening import OF_AGE
from curator_app.errors import Refused
from curator_app.procedures.corrections import CORRECTION
from curator_app.procedures.profile_definition import Choice, Profile
from curator_app.subjects.models import Assignment, Event, Subject

DECIDED, DEREGISTERED, REOPENED = "closing_decided", "deregistered", "reopened"
ENDING = frozenset({"closed", "aftercare", "early_help"})
GOALS = ("met", "partly", "not_met")
AGREES = ("yes", "partly", "no", "not_asked")
CHILD_OUTCOMES = (
    "at_home",
    "with_relatives",
    "substitute_family",
    "institution",
    "came_of_age",
    "died",
    "moved",
    "other",
)
DIED = "died"


@dataclass(frozen=True, slots=True)
class Ending:
    """What was decided, and how it came out for whom."""

    outcome: str
    goals: str = ""
    reached: str = ""
    remains: str = ""
    family_view: str = ""
    agrees: str = "not_asked"
    why: str = ""
    children: Mapping[uuid.UUID, str] = field(default_factory=dict)
    """Member's id → one of CHILD_OUTCOMES."""


def outcome_of(profile: Profile, key: str) -> Choice:
    """Return an outcome of the profile; raise Refused for one that its document does not know."""
    found = next((one for one in profile.closing_outcomes if one.id == key), None)
    if found is None:
        raise Refused(fields={"outcome": "outcome_unknown"})
    return found


def last_word(profile: Profile) -> str:
    """Return the event with which a case is over."""
    asked = any(DEREGISTERED in rule.done_by for rule in profile.duties if rule.subject == "case")
    return DEREGISTERED if asked else DECIDED


def standing_decision(session: Session, subject: Subject) -> CaseClosing | None:
    """Return the last decision since the case began, or began again."""
    again = select(Event.on).where(Event.subject_id == subject.id, Event.type == REOPENED).order_by(Event.no.desc())
    since = session.scalars(again.limit(1)).first()
    query = select(CaseClosing).where(CaseClosing.subject_id == subject.id)
    if since is not None:
        query = query.where(CaseClosing.on >= since)
    return session.scalars(query.order_by(CaseClosing.on.desc(), CaseClosing.id.desc()).limit(1)).first()


def decide(session: Session, subject: Subject, ending: Ending, on: date, by: Hand) -> CaseClosing:
    """Write down what was decided; the case itself goes on until its last word is said."""
    row = CaseClosing(
        subject_id=subject.id,
        on=on,
        outcome=ending.outcome,
        goals=ending.goals,
        reached=ending.reached,
        remains=ending.remains,
        family_view=ending.family_view,
        agrees=ending.agrees,
        why=ending.why,
        decided_by_id=by.person_id,
    )
    session.add(row)
    children = {one.member_id: one for one in children_of(session, subject)}
    for member_id, outcome in ending.children.items():
        if member_id in children and outcome:
            children[member_id].outcome, children[member_id].outcome_on = outcome, on
    note(session, "case:closing_decided", by, subject.family_id, subject.id)
    return row


def end(session: Session, subject: Subject, on: date, by: Hand) -> None:
    """Close a subject: nothing is owed, nobody carries it, the family leaves lists and phones."""
    subject.closed_on = on
    rows = select(Assignment).where(Assignment.subject_id == subject.id)
    for row in session.scalars(rows.where(Assignment.until_on.is_(None) | (Assignment.until_on > on))):
        # The last day counts: what was written on it was written by who carried the case.
        row.until_on = on if row.since_on <= on else row.since_on - timedelta(days=1)
    for child in children_of(session, subject):
        if child.until_on is None:
            child.until_on = on
    note(session, "subject:closed", by, subject.family_id, subject.id)


def begin_again(session: Session, subject: Subject, on: date, by: Hand) -> None:
    """Open a closed case again: the same number, children who are not of age, and nobody yet who carries it."""
    closed_on, subject.closed_on = subject.closed_on, None
    for child in children_of(session, subject):
        grown = (child.member.age(on) or 0) >= OF_AGE
        if child.until_on == closed_on and child.outcome != DIED and not grown:
            child.until_on, child.outcome, child.outcome_on = None, "", None
    note(session, "case:reopened", by, subject.family_id, subject.id)


def children_of(session: Session, subject: Subject) -> list[CaseChild]:
    """Return a case's children, also those who left it."""
    rows = select(CaseChild).where(CaseChild.subject_id == subject.id).order_by(CaseChild.since_on, CaseChild.id)
    return list(session.scalars(rows))


def leave(session: Session, subject: Subject, member_id: uuid.UUID, outcome: str, on: date) -> int:
    """Let one child leave the case: of age, dead, moved; return how many stay in it."""
    stay = 0
    for child in children_of(session, subject):
        if child.member_id == member_id:
            child.until_on, child.outcome, child.outcome_on = on, outcome, on
        elif child.is_in(on):
            stay += 1
    return stay


def decisions_of(session: Session, subject: Subject) -> list[CaseClosing]:
    """Return every decision, the newest first."""
    query = select(CaseClosing).where(CaseClosing.subject_id == subject.id)
    return list(session.scalars(query.order_by(CaseClosing.on.desc(), CaseClosing.id.desc())))


def said_since(session: Session, subject: Subject, event_type: str, since: date) -> bool:
    """Tell whether an event of the type was recorded since a day; what was taken back since does not count."""
    events = select(Event).where(Event.subject_id == subject.id, Event.type.in_((event_type, CORRECTION)))
    found: dict[str, date] = {}
    for event in session.scalars(events.order_by(Event.no)):
        if event.type == event_type:
            found[str(event.id)] = event.on
        elif event.data.get("void"):
            found.pop(str(event.data.get("corrects")), None)
    return any(on >= since for on in found.values())
