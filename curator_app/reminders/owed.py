"""What one person owes across all subjects: owing.py read the other way round, in few queries whoever asks."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from curator_app.auth.models import Organisation, Person, Role
from curator_app.cases.hats import OF_HEADS, OWED_BY
from curator_app.errors import NotVisible
from curator_app.reminders.owing import ASSIGNED, OFFICES
from curator_app.subjects.doors import subject_is_visible_to
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import HEADED_ROLES, Assignment, Subject

CHAIR = "group_chair"
MEMBER = "group_member"


@dataclass(frozen=True, slots=True)
class OwedPage:
    """Some of what is owed, the oldest day first, and the duty behind which the next page begins."""

    rows: list[DutyRow]
    after: uuid.UUID | None = None


def owed_by(session: Session, person: Person, on: date, *, until: date, most: int) -> list[DutyRow]:
    """Return what the person owes until a day, the oldest day first; what has no day and runs at once comes before."""
    dated = DutyRow.due_on <= until
    found: dict[uuid.UUID, DutyRow] = {}
    for way in _ways(session, person, on):
        for wanted in (dated, DutyRow.at_once):
            query = _open(person, on).where(way, wanted).order_by(DutyRow.due_on, DutyRow.id).limit(most)
            found |= {row.id: row for row in session.scalars(query)}
    return sorted(found.values(), key=_place)[:most]


def owed_page(session: Session, person: Person, on: date, most: int, after: uuid.UUID | None = None) -> OwedPage:
    """Return a page of everything with a day that the person owes; raise NotVisible where `after` is none of it."""
    behind = _behind(session, person, on, after)
    found: dict[uuid.UUID, DutyRow] = {}
    for way in _ways(session, person, on):
        query = _open(person, on).where(way, DutyRow.due_on.is_not(None), behind)
        query = query.order_by(DutyRow.due_on, DutyRow.id).limit(most + 1)
        found |= {row.id: row for row in session.scalars(query)}
    rows = sorted(found.values(), key=_place)
    return OwedPage(rows[:most], rows[most - 1].id if len(rows) > most else None)


def _behind(session: Session, person: Person, on: date, after: uuid.UUID | None) -> ColumnElement[bool]:
    if after is None:
        return DutyRow.due_on.is_not(None)
    # It may have been done since: its place in the order is still the place to go on from.
    place = session.execute(
        DutyRow.visible_to(person, on).where(DutyRow.id == after).with_only_columns(DutyRow.due_on)
    ).first()
    if place is None or place.due_on is None:
        raise NotVisible
    same_day = and_(DutyRow.due_on == place.due_on, DutyRow.id > after)
    return and_(DutyRow.due_on >= place.due_on, or_(DutyRow.due_on > place.due_on, same_day))


def _open(person: Person, on: date) -> Select[DutyRow]:
    query = select(DutyRow).join(Subject, Subject.id == DutyRow.subject_id)
    query = query.where(DutyRow.met_on.is_(None), DutyRow.paused_since.is_(None), Subject.closed_on.is_(None))
    query = query.where(or_(subject_is_visible_to(person, on), Subject.person_id == person.id))
    return query.options(joinedload(DutyRow.subject).joinedload(Subject.territory))


def _place(row: DutyRow) -> tuple[bool, date, uuid.UUID]:
    return row.due_on is not None, row.due_on or date.min, row.id


def _ways(session: Session, person: Person, on: date) -> Iterator[ColumnElement[bool]]:
    """Yield the reasons for which a duty is this person's, each a condition that an index begins at."""
    yield and_(Subject.person_id == person.id, DutyRow.owner.not_in(OF_HEADS))
    nobodys = Subject.person_id.is_(None)
    for role, subjects in _assigned(session, person, on).items():
        mine = and_(nobodys, DutyRow.subject_id.in_(subjects), DutyRow.owner.in_(_owners_of(role)))
        yield and_(mine, ~_has_chair(on)) if role == MEMBER else mine
    for owners, territories in _offices(session, person, on):
        yield and_(nobodys, DutyRow.owner.in_(owners), Subject.territory_id.in_(territories))
    led = session.scalars(Role.ids_led_by(person, on)).all()
    if led:
        carried = select(Assignment.subject_id).where(Assignment.organisation_id.in_(led), _holds(Assignment, on))
        carried = carried.where(Assignment.role.in_(HEADED_ROLES))
        yield and_(DutyRow.owner.in_(OF_HEADS), DutyRow.subject_id.in_(carried))


def _assigned(session: Session, person: Person, on: date) -> dict[str, Sequence[uuid.UUID]]:
    found: dict[str, list[uuid.UUID]] = {}
    query = select(Assignment.role, Assignment.subject_id).join(Subject)
    query = query.where(Assignment.person_id == person.id, _holds(Assignment, on), Subject.closed_on.is_(None))
    for role, subject_id in session.execute(query):
        found.setdefault(role, []).append(subject_id)
    return {role: subjects for role, subjects in found.items() if _owners_of(role)}


def _owners_of(role: str) -> list[str]:
    """Return the roles of documents that an assignment means."""
    hats = {hat for hat, roles in ASSIGNED.items() if role in roles}
    return [owner for owner, meant in OWED_BY.items() if meant & hats]


def _offices(session: Session, person: Person, on: date) -> Iterator[tuple[list[str], Collection[uuid.UUID]]]:
    """Yield owners with the territories in which the person holds that office, and nobody who comes before them."""
    for hat, roles in OFFICES.items():
        owners = [owner for owner, meant in OWED_BY.items() if hat in meant]
        before: set[uuid.UUID] = set()
        for role in roles:
            places = _territories(session, on, role, person)
            if owned := places - before:
                yield owners, owned
            before |= _territories(session, on, role)


def _territories(session: Session, on: date, role: str, person: Person | None = None) -> set[uuid.UUID]:
    query = select(Organisation.territory_id).join(Role, Role.organisation_id == Organisation.id)
    query = query.where(Role.role == role, Role.held_on(on))
    return set(session.scalars(query.where(Role.person_id == person.id) if person else query))


def _has_chair(on: date) -> ColumnElement[bool]:
    chair = aliased(Assignment)
    seated = select(chair.id).where(chair.subject_id == DutyRow.subject_id, chair.role == CHAIR, _holds(chair, on))
    return seated.exists()


def _holds(row: type[Assignment], on: date) -> ColumnElement[bool]:
    return and_(row.since_on <= on, or_(row.until_on.is_(None), row.until_on >= on))
