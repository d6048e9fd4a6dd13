"""Questions to bodies: asked with a term, answered once by a link or written in by hand; silence stays visible."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from curator_app.audit.service import record
from curator_app.auth.models import Organisation, SignIn
from curator_app.auth.service import token_hash
from curator_app.cases.stepping import Actor, take_step
from curator_app.clock import now, today
from curator_app.database import claim
from curator_app.errors import Gone, Refused
from curator_app.intake.check_models import Inquiry
from curator_app.intake.service import looked_into
from curator_app.subjects.models import Subject

LINK_OUTLIVES = timedelta(days=14)
"""Whoever answers late still answers."""
BY_LINK: Actor = Actor(None, hats=frozenset({"intake"}))
"""Somebody at the body that was asked: known by the link alone, which whoever asked gave for this one answer."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of whom; `organisation_id` is None for a body that has no entry here."""

    addressee: str
    question: str
    due_on: date
    organisation_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and from whom."""

    said_by: str
    words: str


def ask(session: Session, subject: Subject, asking: Asking, by: SignIn) -> tuple[Inquiry, str]:
    """Ask a body; return the question and the token of its one-time link, which is stored nowhere."""
    on = today(subject.territory.zone)
    if asking.due_on < on:
        raise Refused(fields={"due_on": "due_passed"})
    row = Inquiry(
        subject=subject,
        organisation_id=asking.organisation_id,
        addressee=asking.addressee or _name_of(session, asking.organisation_id),
        question=asking.question,
        asked_on=on,
        due_on=asking.due_on,
        asked_by_id=by.person_id,
    )
    session.add(row)
    session.flush()
    answers = {"body": row.body, "what": row.question}
    take_step(session, subject, "information_requested", answers, on=on, at=now(), by=_actor(by), effects={})
    looked_into(session, subject)
    _note(session, "inquiry:asked", row, by)
    return row, link_anew(session, row, by)


def link_anew(session: Session, row: Inquiry, by: SignIn) -> str:
    """Make the one-time link of an open question; the one before it opens nothing any more."""
    if row.answered_at is not None:
        raise Refused(fields={"link": "answered_already"})
    if row.subject.closed_on is not None:
        raise Refused(fields={"link": "subject_closed"})
    token = secrets.token_urlsafe(24)
    row.token_hash = token_hash(token)
    last = max(row.due_on, today(row.subject.territory.zone)) + LINK_OUTLIVES
    row.link_until = datetime.combine(last, time(23, 59), ZoneInfo(row.subject.territory.zone))
    _note(session, "inquiry:link", row, by)
    return token


def by_token(session: Session, token: str) -> Inquiry:
    """Return the open question of a link; raise Gone for one that was used, replaced, is too old or came too late."""
    query = select(Inquiry).where(Inquiry.token_hash == token_hash(token), Inquiry.answered_at.is_(None))
    # What was asked about is decided: nobody waits for this answer any more, and no event could keep it.
    query = query.join(Inquiry.subject).where(Subject.closed_on.is_(None))
    row = session.scalars(query.options(contains_eager(Inquiry.subject))).first()
    if row is None or row.link_until is None or row.link_until < now():
        raise Gone("answer_link_used")
    return row


def answer_by_link(session: Session, token: str, answer: Answer) -> None:
    """Keep what a body answers by its link; a second answer finds the link used up."""
    row = by_token(session, token)
    if not claim(session, Inquiry, row.id, when={"token_hash": row.token_hash}, then={"token_hash": None}):
        raise Gone("answer_link_used")
    _keep(session, row, answer, now(), BY_LINK)
    _note(session, "inquiry:answered", row, None)


def write_in(session: Session, row: Inquiry, answer: Answer, by: SignIn) -> None:
    """Write down an answer that came by letter or telephone; the link is over with it."""
    if row.answered_at is not None:
        raise Refused(fields={"words": "answered_already"})
    row.token_hash = None
    _keep(session, row, answer, now(), _actor(by))
    _note(session, "inquiry:written_in", row, by)


def inquiries_of(session: Session, subject: Subject) -> Sequence[Inquiry]:
    """Return a subject's questions: the silent ones first, by their term, then what was answered."""
    query = select(Inquiry).where(Inquiry.subject_id == subject.id).options(joinedload(Inquiry.asked_by))
    return session.scalars(query.order_by(Inquiry.answered_at.is_not(None), Inquiry.due_on, Inquiry.id)).all()


def _keep(session: Session, row: Inquiry, answer: Answer, at: datetime, by: Actor) -> None:
    row.answer, row.answered_by, row.answered_at = answer.words, answer.said_by, at
    on = at.astimezone(ZoneInfo(row.subject.territory.zone)).date()
    answers = {"body": row.body, "what": answer.words}
    take_step(session, row.subject, "information_given", answers, on=on, at=at, by=by, effects={})


def _name_of(session: Session, key: uuid.UUID | None) -> str:
    return session.get_one(Organisation, key).name if key else ""


def _actor(by: SignIn) -> Actor:
    return Actor(by.person, by.enrolment)


def _note(session: Session, act: str, row: Inquiry, by: SignIn | None) -> None:
    record(
        session,
        act,
        person_id=by.person_id if by else None,
        enrolment_id=by.enrolment_id if by else None,
        family_id=row.subject.family_id,
        object_id=row.id,
    )
