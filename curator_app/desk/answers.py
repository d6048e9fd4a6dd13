"""What came back lately to somebody who asked: a body's answer, an act on an order, a family's request, a brief."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from curator_app.auth.models import Person
from curator_app.cases.channel_models import FamilyRequest
from curator_app.clock import now
from curator_app.families.models import Family
from curator_app.intake.check_models import Inquiry, Order
from curator_app.subjects.doors import subject_is_visible_to
from curator_app.subjects.models import CASE_ROLES, Assignment, Subject

LATELY = timedelta(days=7)
MOST = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that came: of which kind, from whom, about whom, where it can be read."""

    kind: str
    """inquiry | order | request: the words stand in texts day.answers."""
    who: str
    whose: str
    on: date
    path: str
    """"" where a phone has no such page."""


def answers_of(session: Session, person: Person, on: date) -> list[Answer]:
    """Return what came within a week to a person who asked, or works with the subject; the newest first."""
    found = [*_inquiries(session, person, on), *_orders(session, person, on), *_requests(session, person, on)]
    return sorted(found, key=lambda one: one.on, reverse=True)[:MOST]


def _inquiries(session: Session, person: Person, on: date) -> Iterator[Answer]:
    query = select(Inquiry, Family.surname).join(Subject, Subject.id == Inquiry.subject_id)
    query = query.outerjoin(Family, Family.id == Subject.family_id).where(Inquiry.answered_at > now() - LATELY)
    query = query.where(or_(Inquiry.asked_by_id == person.id, _works_with(person, on, Inquiry.subject_id)))
    query = query.where(subject_is_visible_to(person, on))
    for one, surname in session.execute(query.order_by(Inquiry.answered_at.desc()).limit(MOST)):
        said = one.answered_at.date() if one.answered_at else on
        yield Answer("inquiry", one.addressee, surname or "", said, f"/subjects/{one.subject_id}/inquiries")


def _orders(session: Session, person: Person, on: date) -> Iterator[Answer]:
    query = select(Order, Family.surname).join(Subject, Subject.id == Order.subject_id)
    query = query.outerjoin(Family, Family.id == Subject.family_id).where(Order.returned_on > on - LATELY)
    query = query.where(or_(Order.given_by_id == person.id, _works_with(person, on, Order.subject_id)))
    query = query.where(subject_is_visible_to(person, on))
    for one, surname in session.execute(query.order_by(Order.returned_on.desc()).limit(MOST)):
        yield Answer("order", one.addressee, surname or "", one.returned_on or on, f"/subjects/{one.subject_id}/orders")


def _requests(session: Session, person: Person, on: date) -> Iterator[Answer]:
    """Yield requests of families that wait for this person's answer; their curator sees none."""
    query = FamilyRequest.visible_to(person, on).where(FamilyRequest.answered_at.is_(None))
    query = query.options(joinedload(FamilyRequest.family)).order_by(FamilyRequest.received_at.desc()).limit(MOST)
    for one in session.scalars(query):
        yield Answer("request", "", one.family.surname, one.received_at.date(), f"/requests/{one.id}")


def _works_with(person: Person, on: date, subject_id: InstrumentedAttribute[uuid.UUID]) -> ColumnElement[bool]:
    """Ask whether the person carries it: whom others asked is a paper of the check, which no group member reads."""
    mine = select(Assignment.subject_id).where(Assignment.person_id == person.id, Assignment.since_on <= on)
    mine = mine.where(Assignment.role.in_(CASE_ROLES))
    return subject_id.in_(mine.where(or_(Assignment.until_on.is_(None), Assignment.until_on >= on)))
