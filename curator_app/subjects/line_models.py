"""A case as one line of the office's list: written with the duties, so that a list of thousands is read by an index."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, and_, func, select, true
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, relationship

from curator_app.auth.models import HEAD, Organisation, Person, Role, Territory
from curator_app.database import Base
from curator_app.families.models import Family
from curator_app.subjects.doors import COMMISSION_ROLES, FAMILY_WIDE, INTAKE_ROLE, territory_ids
from curator_app.subjects.models import HEADED_ROLES, Assignment, Subject

LINED = frozenset({"case", "early_help", "aftercare"})
"""Kinds of subjects that the list shows; those that are closed leave it."""
NOTHING_DUE = date(9999, 12, 31)
FEW_PLACES = 5
"""So many organisations or territories are asked one by one; above it the whole list is walked in its order."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody answers for cases: organisations that she heads, territories of her offices."""

    led: tuple[uuid.UUID, ...] = ()
    commission: tuple[uuid.UUID, ...] = ()
    intake: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """One reason for which somebody finds a line: an index leads to it, or a walk in the list's order."""

    found: ColumnElement[bool]
    asked: ColumnElement[bool] | None = None
    """The same of a line that was found by something else; None where it is few lines anyhow."""
    walked: bool = False


class CaseLine(Base):
    """An open case, early help or aftercare: its stage, what is due first, and in whose hands it is."""

    __tablename__ = "case_line"
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"), unique=True)
    family_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family.id"), index=True)
    kind: Mapped[str]
    territory_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("territory.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    curator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who carries it, and from where; of early help its owner."""
    procedure: Mapped[str]
    stage: Mapped[str] = mapped_column(default="")
    """Of the profile, by its id; empty where no event has begun one."""
    next_on: Mapped[date] = mapped_column(default=NOTHING_DUE)
    """The first day of all that is owed and not paused."""

    subject: Mapped[Subject] = relationship()
    family: Mapped[Family] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    curator: Mapped[Person | None] = relationship()
    territory: Mapped[Territory] = relationship()

    @classmethod
    def ways(cls, person: Person, on: date, reach: Reach) -> list[Way]:
        """Return the reasons for which the person finds a line: they are asked one by one."""
        own = select(Assignment.subject_id).where(Assignment.person_id == person.id, _holds(on))
        found = [Way(cls.subject_id.in_(own))]
        # Said by what it is not: PostgreSQL takes that for nearly all lines, as it is, and walks in their order.
        wide = and_(*(unsought(cls.kind) != kind for kind in sorted(LINED.difference(FAMILY_WIDE))))
        if reach.led:
            found += _within(cls.organisation_id, reach.led, Role.ids_led_by(person, on), wide)
            found.append(Way(wide & cls.subject_id.in_(_headed(person, on))))
        if reach.commission:
            found += _within(cls.territory_id, reach.commission, territory_ids(person, on, COMMISSION_ROLES), wide)
        if reach.intake:
            found += _within(cls.territory_id, reach.intake, territory_ids(person, on, (INTAKE_ROLE,)), true())
        return found


def reach_of(session: Session, person: Person, on: date) -> Reach:
    """Look up where the person answers for cases on that day."""
    held = select(Role.role, Organisation.id, Organisation.territory_id).join(Role.organisation)
    led, commission, intake = set(), set(), set()
    for role, organisation, territory in session.execute(held.where(Role.person_id == person.id, Role.held_on(on))):
        if role == HEAD:
            led.add(organisation)
        elif role in COMMISSION_ROLES:
            commission.add(territory)
        elif role == INTAKE_ROLE:
            intake.add(territory)
    return Reach(tuple(led), tuple(commission), tuple(intake))


def unsought(column: Any) -> ColumnElement[Any]:
    """Hide a column from its indexes: something else is what the rows are found by."""
    return func.coalesce(column, column)


def _within(column: Any, few: Sequence[uuid.UUID], many: Select[uuid.UUID], kind: ColumnElement[bool]) -> list[Way]:
    """Return a way for each of a few places, whose lines lie in order in an index; many are one walk through all."""
    if len(few) > FEW_PLACES:
        return [Way(kind & unsought(column).in_(many), unsought(column).in_(many) & kind, walked=True)]
    return [Way(kind & (column == one), kind & (unsought(column) == one)) for one in few]


def _holds(on: date) -> ColumnElement[bool]:
    return (Assignment.since_on <= on) & (Assignment.until_on.is_(None) | (Assignment.until_on >= on))


def _headed(person: Person, on: date) -> Select[uuid.UUID]:
    """Select what those of her organisation stand in for: the line itself names the curator's."""
    other = aliased(Assignment)
    held = (other.since_on <= on) & (other.until_on >= on)
    named = other.role.in_(HEADED_ROLES - {"case_curator"}) & other.organisation_id.in_(Role.ids_led_by(person, on))
    return select(other.subject_id).where(held, named)


Index("ix_case_line_order", CaseLine.next_on, CaseLine.id)
for _name, _columns in {
    "organisation": (CaseLine.organisation_id,),
    "organisation_stage": (CaseLine.organisation_id, CaseLine.stage),
    "territory": (CaseLine.territory_id,),
    "territory_stage": (CaseLine.territory_id, CaseLine.stage),
    "curator": (CaseLine.curator_id,),
    "stage": (CaseLine.stage,),
    "kind": (CaseLine.kind,),
}.items():
    # Each in the order of the list: a page of what it names is read as it lies, and ends where the page is full.
    Index(f"ix_case_line_{_name}", *_columns, CaseLine.next_on, CaseLine.id)
