"""Who sits in a territory's commission and working groups, from which day to which: an administrator's business.

A seat in the commission is a role in its organisation; a seat in a group is an assignment to the group.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from curator_app.audit.service import record
from curator_app.auth.models import Organisation, Person, Role, SignIn, Territory
from curator_app.errors import Refused
from curator_app.people import service
from curator_app.subjects.models import Assignment, Subject

COMMISSION = ("commission_chair", "commission_secretary")
GROUP = ("group_chair", "group_member")
CHAIRS = frozenset({"commission_chair", "group_chair"})
BODY = "body"
SHOWN = timedelta(days=30)
"""Who left stands there for so long, so that a wrong end is seen and taken back."""


@dataclass(frozen=True, slots=True)
class Body:
    """A commission or a working group with its seats, the chair first."""

    made: Organisation | Subject
    name: str
    roles: tuple[str, ...]
    rows: Sequence[Role | Assignment]


@dataclass(frozen=True, slots=True)
class Seat:
    """Who shall sit where, as what, from which day to which."""

    person: Person
    organisation: Organisation
    role: str
    since: date
    until: date | None = None


def bodies_in(session: Session, territory: Territory, on: date) -> list[Body]:
    """Return the commissions and the working groups of a territory."""
    places = select(Organisation).where(Organisation.territory_id == territory.id, Organisation.kind == "commission")
    found = [
        Body(one, one.name, COMMISSION, _rows(session, one, on))
        for one in session.scalars(places.order_by(Organisation.name))
    ]
    groups = select(Subject).where(Subject.family_id.is_(None), Subject.kind == BODY, Subject.closed_on.is_(None))
    groups = groups.where(Subject.territory_id == territory.id).order_by(Subject.created_at)
    return found + [Body(one, "", GROUP, _rows(session, one, on)) for one in session.scalars(groups)]


def people_in(session: Session, territory: Territory, on: date) -> list[tuple[Person, Organisation]]:
    """Return who works in a territory, and where, by name."""
    query = select(Person, Organisation).join(Role, Role.person_id == Person.id)
    query = query.join(Organisation, Organisation.id == Role.organisation_id)
    query = query.where(Organisation.territory_id == territory.id, Role.held_on(on)).distinct()
    return [(person, place) for person, place in session.execute(query.order_by(Person.name, Organisation.name))]


def sit(session: Session, body: Body, seat: Seat, by: SignIn) -> None:
    """Give somebody else a seat; raise Refused where they have one in those days, or another is in the chair."""
    service.refuse_oneself(seat.person.id, by, "seat")
    _hold(session, body)
    _refuse_second(session, body, seat)
    if isinstance(body.made, Organisation):
        term = service.Term(body.made, seat.role, seat.since, seat.until)
        service.give_role(session, seat.person, term, by)
        return
    row = Assignment(
        subject_id=body.made.id,
        person_id=seat.person.id,
        organisation_id=seat.organisation.id,
        role=seat.role,
        since_on=seat.since,
        until_on=seat.until,
    )
    session.add(row)
    session.flush()
    _note(session, "seat:given", by, row)


def leave(session: Session, row: Role | Assignment, last_day: date, by: SignIn) -> None:
    """Let a seat end with that day; the day before its first one says that it never was."""
    if last_day < row.since_on - timedelta(days=1):
        raise Refused(fields={"until": "until"})
    if last_day > (row.until_on or date.max):
        service.refuse_oneself(row.person_id, by, "until")
    row.until_on = last_day
    _note(session, "seat:ended", by, row)


def keep(session: Session, body: Body, row: Role | Assignment, by: SignIn) -> None:
    """Take an end back; raise Refused where somebody else has come into the chair since, and to oneself."""
    service.refuse_oneself(row.person_id, by, "until")
    _hold(session, body)
    _refuse_second(session, body, Seat(row.person, row.organisation, row.role, row.since_on), row.id)
    row.until_on = None
    _note(session, "seat:kept", by, row)


def _hold(session: Session, body: Body) -> None:
    """Let two who write at once come one after another: the second finds who came into the chair."""
    kind = type(body.made)
    session.execute(select(kind.id).where(kind.id == body.made.id).with_for_update(key_share=True))


def _refuse_second(session: Session, body: Body, seat: Seat, but: uuid.UUID | None = None) -> None:
    last = seat.until or date.max
    for row in _rows(session, body.made, date.min + SHOWN):  # all there ever were
        if row.id == but or row.since_on > last or (row.until_on or date.max) < seat.since:
            continue
        if row.person_id == seat.person.id:
            raise Refused(fields={"seat": "sits_already"})
        if seat.role in CHAIRS and row.role == seat.role:
            raise Refused(fields={"role": "has_chair"})


def _rows(session: Session, made: Organisation | Subject, on: date) -> list[Role | Assignment]:
    """Return the seats that are taken, will be, or were until a short time ago, the chair first."""
    found: list[Role | Assignment] = []
    if isinstance(made, Organisation):
        held = select(Role).where(Role.organisation_id == made.id, Role.role.in_(COMMISSION))
        held = held.where(Role.until_on.is_(None) | (Role.until_on >= on - SHOWN))
        found += session.scalars(held.options(joinedload(Role.person), joinedload(Role.organisation)))
    else:
        seats = select(Assignment).where(Assignment.subject_id == made.id, Assignment.role.in_(GROUP))
        seats = seats.where(Assignment.until_on.is_(None) | (Assignment.until_on >= on - SHOWN))
        found += session.scalars(seats.options(joinedload(Assignment.person), joinedload(Assignment.organisation)))
    return sorted(found, key=lambda one: (one.role not in CHAIRS, one.person.name, one.since_on))


def _note(session: Session, act: str, by: SignIn, row: Role | Assignment) -> None:
    data = {"role": row.role, "since": str(row.since_on), "until": str(row.until_on) if row.until_on else None}
    data["person"] = str(row.person_id)
    whose = row.organisation_id if isinstance(row, Role) else row.subject_id
    record(session, act, person_id=by.person_id, enrolment_id=by.enrolment_id, object_id=whose, data=data)
