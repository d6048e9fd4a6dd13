"""Put an event right: the day it bears, or that it never was. What was written stays; a correction stands beside it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app import texts
from curator_app.auth.models import SignIn
from curator_app.cases.hats import hats_of
from curator_app.cases.stepping import StepRefused, wrong_day
from curator_app.clock import today
from curator_app.procedures.corrections import CORRECTION
from curator_app.subjects.models import Event, Subject
from curator_app.subjects.service import record_event

MAY_CORRECT = frozenset({"head", "commission", "intake"})
RECORDS = frozenset({"visit_made", "visit_attempted", "contact_made", "alarm_raised", "alarm_confirmed"})
"""What these tell lies in records of their own, with corrections of their own."""


def may_correct(session: Session, event: Event, by: SignIn) -> bool:
    """Tell whether the person may put the event right: its author, or who answers for the work."""
    if event.type in RECORDS or event.type == CORRECTION:
        return False
    if event.author_id == by.person_id:
        return True
    subject = session.get_one(Subject, event.subject_id)
    return bool(hats_of(session, by.person, subject, today(subject.territory.zone)) & MAY_CORRECT)


def correct(
    session: Session, event: Event, reason: str, by: SignIn, *, on: date | None, void: bool, has_effect: bool
) -> Event:
    """Record that an event happened on another day, or never; raise StepRefused.

    An event that something else followed from (`has_effect`) cannot be taken away: the way back is a step too.
    """
    if not may_correct(session, event, by):
        raise StepRefused(texts.text("case.correct_not_yours"))
    subject = session.get_one(Subject, event.subject_id)
    if void and has_effect:
        raise StepRefused(texts.text("case.correct_has_effect"), field_name="void")
    if not void and (on is None or on == event.on):
        raise StepRefused(texts.text("case.correct_nothing"), field_name="on")
    if on is not None and (wrong := wrong_day(on, today(subject.territory.zone))):
        raise StepRefused(wrong, field_name="on")
    data: dict[str, Any] = {"corrects": str(event.id), "reason": reason}
    data |= {"void": True} if void else {"on": str(on)}
    day = today(subject.territory.zone)
    return record_event(subject, CORRECTION, on=day, data=data, author=by.person, enrolment=by.enrolment)


def event_of(session: Session, subject: Subject, event_id: object) -> Event | None:
    """Return the subject's event of that id."""
    return session.scalars(select(Event).where(Event.subject_id == subject.id, Event.id == event_id)).first()
