"""The term of keeping is over: whose content may be erased, and the act by which somebody does."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from curator_app.auth.models import Person, Territory
from curator_app.cases.course_models import KEEPING_ROLES, RetentionAct, territories_of
from curator_app.cases.erasing import erase_content
from curator_app.cases.noting import Hand, note
from curator_app.clock import now
from curator_app.errors import Conflict
from curator_app.families.models import Family
from curator_app.procedures.counting import add_months
from curator_app.subjects.models import Subject
from curator_app.subjects.numbers import next_in

SERIES = "retention_act"
PAGE = 50
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Over:
    """A family whose term is over."""

    family: Family
    closed_on: date
    kept_until: date


@dataclass(frozen=True, slots=True)
class OverPage:
    """Some of them, and the family behind which the next ones begin."""

    rows: list[Over]
    after: uuid.UUID | None


def over(session: Session, person: Person, on: date, after: uuid.UUID | None = None) -> OverPage:
    """Return the families of the person's districts whose term is over."""
    found: list[Over] = []
    keeping = territories_of(person, on, KEEPING_ROLES)
    for territory in session.scalars(select(Territory).where(Territory.id.in_(keeping)).order_by(Territory.id)):
        ended = _ended(territory, on)
        if after is not None:
            ended = ended.where(Family.id > after)
        for family, closed_on in session.execute(ended.order_by(Family.id).limit(PAGE + 1)).all():
            if closed_on is not None:
                found.append(Over(family, closed_on, kept_until(closed_on, territory)))
    found.sort(key=lambda one: one.family.id)
    return OverPage(found[:PAGE], found[PAGE - 1].family.id if len(found) > PAGE else None)


def over_of(session: Session, person: Person, on: date, family_id: uuid.UUID) -> Over | None:
    """Return one such family; None for any other."""
    family = session.get(Family, family_id)
    keeping = set(session.scalars(territories_of(person, on, KEEPING_ROLES)))
    if family is None or family.territory_id not in keeping:
        return None
    row = session.execute(_ended(family.territory, on).where(Family.id == family_id)).first()
    return Over(row[0], row[1], kept_until(row[1], family.territory)) if row and row[1] else None


def kept_until(closed_on: date, territory: Territory) -> date:
    """Return the last day on which content is kept."""
    return add_months(closed_on, territory.kept_years * MONTHS)


def erase(session: Session, one: Over, basis: str, on: date, by: Hand) -> RetentionAct:
    """Erase a family's content by an act; raise Conflict where somebody works with them again or did it already."""
    key = one.family.id
    family = session.scalars(select(Family).where(Family.id == key).with_for_update(key_share=True)).one()
    if family.erased_on is not None or _works_on(session, key):
        raise Conflict("still_open")
    counts = erase_content(session, family)
    family.erased_on = on
    act = RetentionAct(
        family_id=key,
        territory_id=family.territory_id,
        year=on.year,
        number=next_in(session, SERIES, on.year),
        closed_on=one.closed_on,
        kept_years=family.territory.kept_years,
        erased_at=now(),
        basis=basis,
        counts=counts,
        by_id=by.person_id,
    )
    session.add(act)
    session.flush()
    note(session, "family:erased", by, key, act.id)
    return act


def acts(session: Session, person: Person, on: date) -> Sequence[RetentionAct]:
    """Return the latest acts of the person's districts."""
    query = RetentionAct.visible_to(person, on).options(joinedload(RetentionAct.by))
    return session.scalars(query.order_by(RetentionAct.id.desc()).limit(PAGE)).all()


def _ended(territory: Territory, on: date) -> Select[Family, date | None]:
    """Select families and the day on which the last work with them ended, where the term since then is over."""
    last = add_months(on, -territory.kept_years * MONTHS)
    own, ended, open_one = aliased(Subject), aliased(Subject), aliased(Subject)
    closed_on = select(func.max(own.closed_on)).where(own.family_id == Family.id).scalar_subquery()
    among = select(ended.family_id).where(ended.territory_id == territory.id, ended.closed_on < last)
    return (
        select(Family, closed_on)
        .where(Family.id.in_(among), Family.territory_id == territory.id, Family.erased_on.is_(None))
        .where(~exists().where(open_one.family_id == Family.id, open_one.closed_on.is_(None)))
        .where(closed_on < last)
    )


def _works_on(session: Session, family_id: uuid.UUID) -> bool:
    open_ones = select(Subject.id).where(Subject.family_id == family_id, Subject.closed_on.is_(None))
    return session.scalars(open_ones.limit(1)).first() is not None
