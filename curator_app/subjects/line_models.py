"""A case as one line of the office's list: written with the duties, so that a list of thousands is read by an index."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, func, select
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from curator_app.auth.models import Organisation, Person, Role, Territory
from curator_app.database import Base
from curator_app.families.models import Family
from curator_app.subjects.doors import COMMISSION_ROLES, FAMILY_WIDE, INTAKE_ROLE, territory_ids
from curator_app.subjects.models import HEADED_ROLES, Assignment, Subject

LINED = frozenset({"case", "early_help", "aftercare"})
"""Kinds of subjects that the list shows; those that are closed leave it."""
NOTHING_DUE = date(9999, 12, 31)
FEW_PLACES = 3
"""So many organisations or territories are looked up by an index; above it the whole list is walked in its order."""


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
    def ways(cls, person: Person, on: date, led: int, offices: int) -> list[ColumnElement[bool]]:
        """Return the conditions under which the person finds a line, one for each reason: they are asked one by one.

        `led` and `offices` say in how many organisations and territories: a few are found by their index.
        """
        own = select(Assignment.subject_id).where(Assignment.person_id == person.id, _holds(on))
        found: list[ColumnElement[bool]] = [cls.subject_id.in_(own)]
        wide = cls.kind.in_(FAMILY_WIDE)
        if led:
            found.append(wide & _of(cls.organisation_id, led).in_(Role.ids_led_by(person, on)))
            found.append(wide & cls.subject_id.in_(_headed(person, on)))
        if offices:
            place = _of(cls.territory_id, offices)
            found.append(wide & place.in_(territory_ids(person, on, COMMISSION_ROLES)))
            found.append(place.in_(territory_ids(person, on, (INTAKE_ROLE,))))
        return found


def _of(column: Any, places: int) -> ColumnElement[Any]:
    """Hide a column from its index where the person has many places: then the order of the list is walked."""
    return column if places <= FEW_PLACES else func.coalesce(column, column)


def _holds(on: date) -> ColumnElement[bool]:
    return (Assignment.since_on <= on) & (Assignment.until_on.is_(None) | (Assignment.until_on >= on))


def _headed(person: Person, on: date) -> Select[uuid.UUID]:
    """Select what those of her organisation stand in for: the line itself names the curator's."""
    other = aliased(Assignment)
    held = (other.since_on <= on) & (other.until_on >= on)
    named = other.role.in_(HEADED_ROLES - {"case_curator"}) & other.organisation_id.in_(Role.ids_led_by(person, on))
    return select(other.subject_id).where(held, named)


Index("ix_case_line_order", CaseLine.next_on, CaseLine.id)
Index("ix_case_line_organisation", CaseLine.organisation_id, CaseLine.next_on)
Index("ix_case_line_territory", CaseLine.territory_id, CaseLine.next_on)
Index("ix_case_line_curator", CaseLine.curator_id, CaseLine.next_on)
Index("ix_case_line_stage", CaseLine.stage, CaseLine.next_on)
