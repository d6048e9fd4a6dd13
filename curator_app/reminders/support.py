"""«Тяжёлое посещение? Попросить супервизию»: one tap, and the head answers with a day."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from curator_app.audit.service import record
from curator_app.auth.models import HEAD, Person, Role, SignIn
from curator_app.clock import now
from curator_app.database import claim
from curator_app.errors import Conflict, NotVisible, Refused
from curator_app.reminders.delay_models import SupportRequest
from curator_app.reminders.models import ANSWER, NEW_WORK
from curator_app.reminders.places import Places
from curator_app.reminders.telling import Said, remind
from curator_app.urgent.models import Alarm

HARD_DAYS = timedelta(days=7)
"""So long after an alarm it is offered."""
PATH = "/support"


def is_offered(session: Session, person: Person) -> bool:
    """Tell whether the person called for people in these days, and has not asked yet; the territory may not want it."""
    if not Places(session).of_person(person.id).rhythm.offers_support:
        return False
    since = now() - HARD_DAYS
    called = select(Alarm.id).where(Alarm.author_id == person.id, Alarm.received_at > since)
    asked = select(SupportRequest.id).where(SupportRequest.person_id == person.id, SupportRequest.asked_at > since)
    return session.scalar(called.limit(1)) is not None and session.scalar(asked.limit(1)) is None


def ask(session: Session, by: SignIn, on: date) -> SupportRequest:
    """Ask the head of one's organisation; asked twice is asked once.

    Raises NotVisible for who works nowhere, Refused where there is nobody to ask: a request must not wait unseen.
    """
    held = sorted((one for one in by.person.roles if one.is_held(on)), key=lambda one: (one.role == HEAD, one.since_on))
    if not held:
        raise NotVisible
    role, heads = next(((one, heads) for one in held if (heads := _heads(session, one, by, on))), (held[0], set()))
    if not heads:
        raise Refused
    open_one = select(SupportRequest).where(SupportRequest.person_id == by.person_id)
    known = session.scalars(open_one.where(SupportRequest.answered_at.is_(None))).first()
    if known is not None:
        return known
    made = SupportRequest(person_id=by.person_id, organisation_id=role.organisation_id, asked_at=now())
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        # Two taps at once: the other one asked.
        return session.scalars(open_one.where(SupportRequest.answered_at.is_(None))).one()
    record(session, "support:asked", person_id=by.person_id, enrolment_id=by.enrolment_id, object_id=made.id)
    places = Places(session)
    for head in heads:
        remind(session, places, head, Said(NEW_WORK, made.id, "", PATH), now())
    return made


def _heads(session: Session, role: Role, by: SignIn, on: date) -> set[uuid.UUID]:
    """Return who else heads the organisation of a role: nobody answers oneself."""
    heads = select(Role.person_id).where(Role.organisation_id == role.organisation_id, Role.role == HEAD)
    return set(session.scalars(heads.where(Role.held_on(on)))) - {by.person_id}


def answer(session: Session, request: SupportRequest, held_on: date, word: str, by: SignIn) -> None:
    """Offer a day; raise Conflict when somebody did already, NotVisible for one's own request."""
    if request.person_id == by.person_id:
        raise NotVisible
    then = {"answered_at": now(), "answered_by_id": by.person_id, "held_on": held_on, "word": word}
    if not claim(session, SupportRequest, request.id, when={"answered_at": None}, then=then):
        raise Conflict
    record(session, "support:answered", person_id=by.person_id, enrolment_id=by.enrolment_id, object_id=request.id)
    remind(session, Places(session), request.person_id, Said(ANSWER, request.id, "", PATH), now())


def requests_of(session: Session, person: Person, on: date) -> Sequence[SupportRequest]:
    """Return one's own requests and those one answers, what waits first."""
    query = SupportRequest.visible_to(person, on).options(joinedload(SupportRequest.person))
    order = (SupportRequest.answered_at.is_not(None), SupportRequest.asked_at.desc())
    return session.scalars(query.order_by(*order).limit(100)).all()
