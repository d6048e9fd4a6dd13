"""Working groups of a territory, with duties of their own; and the curators that a resource centre looks after."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from curator_app.audit.service import record
from curator_app.auth.models import Organisation, Person, Role, SignIn, Territory
from curator_app.cases.curators import Seat
from curator_app.procedures.profiles_loader import profile_of
from curator_app.subjects.doors import subject_is_visible_to, territory_ids
from curator_app.subjects.line_models import CaseLine
from curator_app.subjects.models import Assignment, Subject

BODY = "body"
CHAIR, MEMBER = "group_chair", "group_member"
MOST = 100


@dataclass(frozen=True, slots=True)
class Body:
    """A working group: who is in it now, the chair first."""

    subject: Subject
    members: Sequence[Assignment]


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who sits in a new group, from which day."""

    chair: Seat
    members: Collection[Seat]
    since: date


@dataclass(frozen=True, slots=True)
class Colleague:
    """A curator as the resource centre knows them: from where, how to call, how many cases; no family comes with it."""

    person: Person
    organisation: Organisation
    cases: int


def bodies_of(session: Session, person: Person, on: date) -> list[Body]:
    """Return the working groups that the person sits in, or that work in the territory of their commission."""
    # Those without a family are few: the condition is what an index can begin at.
    query = select(Subject).where(Subject.family_id.is_(None), Subject.kind == BODY, Subject.closed_on.is_(None))
    query = query.where(subject_is_visible_to(person, on)).options(joinedload(Subject.territory))
    return [Body(one, members_of(session, one, on)) for one in session.scalars(query.order_by(Subject.id).limit(MOST))]


def members_of(session: Session, subject: Subject, on: date) -> list[Assignment]:
    """Return who sits in a group on a day, the chair first."""
    query = select(Assignment).where(Assignment.subject_id == subject.id, Assignment.since_on <= on)
    query = query.where(Assignment.until_on.is_(None) | (Assignment.until_on >= on))
    found = session.scalars(query.options(joinedload(Assignment.person), joinedload(Assignment.organisation)))
    return sorted(found, key=lambda one: (one.role != CHAIR, one.person.name))


def begin_body(session: Session, territory: Territory, sitting: Sitting, by: SignIn) -> Subject:
    """Make a working group of a territory: what it owes is its own, once, not once in each of its cases."""
    subject = Subject(kind=BODY, territory=territory, procedure=profile_of(territory.procedure).key)
    session.add(subject)
    session.flush()
    chair = sitting.chair
    seats = {chair.key: (CHAIR, chair)} | {one.key: (MEMBER, one) for one in sitting.members if one.key != chair.key}
    for role, seat in seats.values():
        whose = {"person_id": seat.person.id, "organisation_id": seat.organisation.id}
        session.add(Assignment(subject_id=subject.id, **whose, role=role, since_on=sitting.since))
    marks = {"person_id": by.person_id, "enrolment_id": by.enrolment_id}
    record(session, "body:made", **marks, object_id=subject.id, data={"members": len(seats)})
    return subject


def colleagues(session: Session, person: Person, on: date) -> list[Colleague]:
    """Return the curators of all organisations in the territories of a resource centre, by organisation and name."""
    around = territory_ids(person, on, ("resource_centre",))
    query = select(Person, Organisation).join(Role, Role.person_id == Person.id)
    query = query.join(Organisation, Organisation.id == Role.organisation_id)
    query = query.where(Organisation.territory_id.in_(around), Role.role == "case_curator", Role.held_on(on))
    rows = session.execute(query.order_by(Organisation.name, Person.name)).all()
    counted = select(CaseLine.curator_id, func.count()).where(CaseLine.kind == "case")
    counted = counted.where(CaseLine.curator_id.in_([one.id for one, _place in rows])).group_by(CaseLine.curator_id)
    cases: dict[uuid.UUID | None, int] = dict(session.execute(counted).all())
    return [Colleague(one, place, cases.get(one.id, 0)) for one, place in rows]
