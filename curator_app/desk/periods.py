"""Visits and attempts against the period that the territory's document names: facts about time, never about people."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, contains_eager, joinedload

from curator_app.auth.models import Person, Role, shortened
from curator_app.errors import NotVisible
from curator_app.families.layers import raw_among
from curator_app.families.models import Family
from curator_app.families.scope import scope_of
from curator_app.subjects.ceilings import Ceiling, ceilings_of
from curator_app.subjects.models import CASE_ROLES, Assignment, Subject
from curator_app.visits.meetings import Meeting, agreed_meetings
from curator_app.visits.models import VISIT, Visit

PAGE = 50
MONTHS_SHOWN = 12
CURATORS_SHOWN = 1000
LOOK_BACK = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a family stands against the period on a day."""

    last_on: date | None
    attempts: list[date]
    """Days of attempts since the last visit, the oldest first."""
    ceiling: Ceiling | None
    """None where the document names no period or nothing began one yet."""
    days_left: int | None
    """Days until the ceiling; negative once it has passed."""


@dataclass(slots=True)
class Month:
    """A month with its visits and its attempts, by day."""

    first: date
    visits: list[date] = field(default_factory=list)
    attempts: list[date] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """A family on the overview."""

    family: Family
    curator: Person | None
    standing: Standing
    agreed: Meeting | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody whose families one may look at: a line of a list that can have hundreds."""

    id: uuid.UUID
    short_name: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Some families, the longest unseen first, and the one after which the next page begins."""

    rows: list[Row]
    after: uuid.UUID | None
    asks_whose: bool = False
    """There are thousands: they are looked at one colleague's at a time."""


def months_of(session: Session, family: Family, on: date) -> list[Month]:
    """Return the last twelve months, the newest first, as far back as anybody came."""
    came = session.execute(
        select(Visit.on, Visit.outcome)
        .where(Visit.family_id == family.id, Visit.superseded_at.is_(None), Visit.on <= on)
        .where(Visit.on > on.replace(day=1) - LOOK_BACK)
        .order_by(Visit.on)
    ).all()
    months = {first: Month(first) for first in _firsts(on)}
    for day, outcome in came:
        month = months.get(day.replace(day=1))
        if month is not None:
            (month.visits if outcome == VISIT else month.attempts).append(day)
    begun = [month.first for month in months.values() if month.visits or month.attempts]
    return [month for month in months.values() if begun and month.first >= min(begun)]


def standing_of(session: Session, family: Family, on: date) -> Standing:
    """Return where one family stands."""
    return _standings(session, [family], on)[family.id]


def overview(
    session: Session, person: Person, on: date, *, curator: uuid.UUID | None = None, after: uuid.UUID | None = None
) -> Overview:
    """Return the families whose raw layer the person reads, those first that nobody has seen for longest.

    `curator` narrows to one colleague's families; who reads thousands has to name one. Raises NotVisible when `after`
    is no family of the person's.
    """
    scope = scope_of(session, person, on)
    if curator is None and scope.ids is None:
        return Overview([], None, asks_whose=True)
    taken_place = (Visit.outcome == VISIT) & Visit.superseded_at.is_(None)
    last = select(func.max(Visit.on)).where(Visit.family_id == Family.id, taken_place).scalar_subquery()
    seen = func.coalesce(last, date.min)
    whose = scope.holds(Family.id) if curator is None else Family.id.in_(_carried_by(curator, on))
    query = Family.raw_visible_to(person, on).where(whose)
    if after is not None:
        mark = session.execute(query.add_columns(seen).where(Family.id == after)).first()
        if mark is None:
            raise NotVisible
        query = query.where(tuple_(seen, Family.id) > (mark[1], after))
    families = session.scalars(query.order_by(seen, Family.id).limit(PAGE + 1)).all()
    shown = families[:PAGE]
    return Overview(_rows(session, shown, on), shown[-1].id if len(families) > PAGE else None)


def curators_seen_by(session: Session, person: Person, on: date) -> list[Colleague]:
    """Return who carries the cases that the person reads, by name: the overview is narrowed by one of them.

    Who reads thousands is offered those who work in the organisations she heads, and carry a case there.
    """
    scope = scope_of(session, person, on)
    if scope.ids is not None:
        carried = _current(on).where(Subject.family_id.in_(raw_among(session, person, on, scope.ids)))
        ids = carried.with_only_columns(Assignment.person_id)
    else:
        carries = _current(on).where(Assignment.person_id == Role.person_id).exists()
        ids = select(Role.person_id).where(Role.organisation_id.in_(Role.ids_led_by(person, on)), carries)
    named = select(Person.id, Person.name).where(Person.id.in_(ids)).order_by(Person.name).limit(CURATORS_SHOWN)
    return [Colleague(key, shortened(name)) for key, name in session.execute(named).all()]


def _rows(session: Session, families: Sequence[Family], on: date) -> list[Row]:
    ids = [family.id for family in families]
    standings = _standings(session, families, on)
    meetings = agreed_meetings(session, ids, on)
    carried = _current(on).where(Subject.family_id.in_(ids), Assignment.role == "case_curator")
    carried = carried.options(contains_eager(Assignment.subject), joinedload(Assignment.person))
    curators = {one.subject.family_id: one.person for one in session.scalars(carried)}
    return [Row(family, curators.get(family.id), standings[family.id], meetings.get(family.id)) for family in families]


def _standings(session: Session, families: Iterable[Family], on: date) -> dict[uuid.UUID, Standing]:
    chosen = list(families)
    ids = [family.id for family in chosen]
    seen = dict(
        session.execute(
            select(Visit.family_id, func.max(Visit.on))
            .where(Visit.family_id.in_(ids), Visit.outcome == VISIT, Visit.superseded_at.is_(None))
            .group_by(Visit.family_id)
        ).all()
    )
    attempts: dict[uuid.UUID, list[date]] = defaultdict(list)
    tried = select(Visit.family_id, Visit.on).where(Visit.family_id.in_(ids), Visit.outcome != VISIT)
    tried = tried.where(Visit.superseded_at.is_(None), Visit.on > on - LOOK_BACK).order_by(Visit.on)
    for family_id, day in session.execute(tried).all():
        if day >= seen.get(family_id, date.min):
            attempts[family_id].append(day)
    ceilings = ceilings_of(session, ids)
    return {
        family.id: _standing(seen.get(family.id), attempts[family.id], ceilings.get(family.id), on) for family in chosen
    }


def _standing(last_on: date | None, attempts: list[date], ceiling: Ceiling | None, on: date) -> Standing:
    return Standing(last_on, attempts, ceiling, (ceiling.on - on).days if ceiling else None)


def _carried_by(person_id: uuid.UUID, on: date) -> Select[uuid.UUID | None]:
    return _current(on).where(Assignment.person_id == person_id).with_only_columns(Subject.family_id)


def _current(on: date) -> Select[Assignment]:
    """Select the assignments of those who carry cases on that day, with their subjects."""
    return (
        select(Assignment)
        .join(Subject, Subject.id == Assignment.subject_id)
        .where(
            Assignment.role.in_(CASE_ROLES),
            Assignment.since_on <= on,
            Assignment.until_on.is_(None) | (Assignment.until_on >= on),
        )
    )


def _firsts(on: date) -> list[date]:
    """Return the first days of the last twelve months, the newest first."""
    months = [on.year * 12 + on.month - 1 - back for back in range(MONTHS_SHOWN)]
    return [date(month // 12, month % 12 + 1, 1) for month in months]
