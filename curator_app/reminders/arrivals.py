"""New work and answers: what was recorded since the last look is told to whom it brings something."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from curator_app.auth.models import HEAD, Organisation, Person, Role, Territory
from curator_app.cases.channel_models import FamilyRequest
from curator_app.database import insert_unique, uuid7
from curator_app.intake.check_models import Inquiry, Order
from curator_app.reminders import stand_ins
from curator_app.reminders.looking import path_of
from curator_app.reminders.models import ANSWER, NEW_WORK, Cursor
from curator_app.reminders.owing import COMMISSION_OWNER, people_owing
from curator_app.reminders.places import Places
from curator_app.reminders.telling import Said, remind
from curator_app.subjects.doors import COMMISSION_ROLES, INTAKE_ROLE
from curator_app.subjects.models import Event

SOURCE = "events"
AGAIN = timedelta(minutes=5)
"""Of what was looked at: a transaction may end after one that began later."""
CURATOR, INTAKE, OWNER, GROUP = "case_curator", "intake_officer", "responsible_specialist", "working_group"
OWNS, STAND_IN_NAMED = "early_help_owner", "owner_stand_in_named"
WHO_ASKED, WHO_ORDERED = "who_asked", "who_ordered"

TOLD: dict[str, tuple[str, str]] = {
    "signal_known": (NEW_WORK, INTAKE),
    "signal_joined": (NEW_WORK, CURATOR),
    "curator_assigned": (NEW_WORK, CURATOR),
    "curator_replaced": (NEW_WORK, CURATOR),
    "owner_named": (NEW_WORK, OWNER),
    STAND_IN_NAMED: (NEW_WORK, OWNER),
    "group_formed": (NEW_WORK, GROUP),
    "district_transferred": (NEW_WORK, COMMISSION_OWNER),
    "plan_returned": (ANSWER, CURATOR),
    "plan_approved": (ANSWER, CURATOR),
    "information_given": (ANSWER, WHO_ASKED),
    "order_returned": (ANSWER, WHO_ORDERED),
}
"""By event: what it is, and to which role of the document. Whoever recorded it knows."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing that was recorded: an event, or what a family asked."""

    id: uuid.UUID
    is_request: bool = False


def news_since(session: Session, at: datetime) -> list[News]:
    """Return what was recorded since the last look; the first look begins now: nobody is told of history."""
    cursor = session.scalars(select(Cursor).where(Cursor.source == SOURCE)).first()
    if cursor is None:
        insert_unique(session, Cursor, ("source",), id=uuid7(), created_at=at, source=SOURCE, seen_at=at)
        return []
    since = cursor.seen_at - AGAIN
    events = select(Event.id).where(Event.id >= first_id(since), Event.type.in_(TOLD)).order_by(Event.id)
    asked = select(FamilyRequest.id).where(FamilyRequest.received_at >= since)
    return [*map(News, session.scalars(events)), *(News(key, is_request=True) for key in session.scalars(asked))]


def tell(session: Session, one: News, at: datetime) -> int:
    """Tell of one thing whom it brings something; return how many were told. The caller commits."""
    places = Places(session)
    if one.is_request:
        return _tell_of_request(session, places, session.get_one(FamilyRequest, one.id), at)
    return _tell(session, places, session.get_one(Event, one.id), at)


def seen(session: Session, at: datetime) -> None:
    """Begin the next look here. The caller commits."""
    session.execute(update(Cursor).where(Cursor.source == SOURCE, Cursor.seen_at < at).values(seen_at=at))


def first_id(at: datetime) -> uuid.UUID:
    """Return the smallest id that can have been made at a moment (RFC 9562, version 7: 48 bits of milliseconds)."""
    return uuid.UUID(int=int(at.timestamp() * 1000) << 80)


def _tell(session: Session, places: Places, event: Event, at: datetime) -> int:
    kind, role = TOLD[event.type]
    subject = event.subject
    on = at.astimezone(places.of(subject.territory).zone).date()
    if role == WHO_ASKED:
        # Question and event are written in one moment: that tells which of several was answered.
        mine = select(Inquiry.asked_by_id).where(Inquiry.subject_id == subject.id, Inquiry.answered_at.is_not(None))
        people = _named(session, mine.where(Inquiry.answered_at == event.at))
    elif role == WHO_ORDERED:
        back = select(Order).where(Order.subject_id == subject.id, Order.returned_on == event.on)
        same = [row for row in session.scalars(back) if event.data.get("body") == row.body]
        people = sorted({row.given_by_id for row in same if row.given_by_id})
    else:
        people = people_owing(session, subject, role, on)
    done = 0
    if event.type == STAND_IN_NAMED:
        # By the assignment, as on a later first day: whoever stands in hears of it once.
        named = stand_ins.stand_ins_of(session, subject)
        done = sum(stand_ins.tell_of_stand_in(session, places, key, at) for key in named)
        people = [one.person_id for one in subject.assignments if one.role == OWNS and one.covers(on)]
    said = Said(kind, event.id, "", path_of(subject), subject_id=subject.id)
    return done + sum(remind(session, places, person, said, at) for person in people if person != event.author_id)


def _named(session: Session, query: Select[uuid.UUID | None]) -> list[uuid.UUID]:
    return sorted({key for key in session.scalars(query) if key is not None})


def _tell_of_request(session: Session, places: Places, request: FamilyRequest, at: datetime) -> int:
    """Tell those who answer a family, by the door of its requests: never who carries the case."""
    territory = session.get_one(Territory, request.territory_id)
    on = at.astimezone(places.of(territory).zone).date()
    roles = (HEAD, *COMMISSION_ROLES, INTAKE_ROLE)
    query = select(Person).join(Role).join(Organisation, Organisation.id == Role.organisation_id)
    here = (Organisation.territory_id == request.territory_id) | (Organisation.id == request.organisation_id)
    offices = session.scalars(query.where(here, Role.role.in_(roles), Role.held_on(on)).distinct()).all()
    said = Said(NEW_WORK, request.id, "", f"/requests/{request.id}")
    done = 0
    for person in offices:
        door = FamilyRequest.visible_to(person, on).with_only_columns(FamilyRequest.id)
        if session.scalar(door.where(FamilyRequest.id == request.id)) is not None:
            done += remind(session, places, person.id, said, at)
    return done
