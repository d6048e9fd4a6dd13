"""A curator's own days: which family is visited when, how that was moved, and the month that the head agreed to."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.auth.models import Organisation, Person, Role
from curator_app.database import Base
from curator_app.families.models import Family

MOVED = "moved"
DROPPED = "dropped"
UNDONE = "undone"
HELD = "held"
NO_DAY = "no_day"
SENT = "sent"
APPROVED = "approved"
RETURNED = "returned"
REPLACED = "replaced"


class PlannedVisit(Base):
    """A day on which somebody means to visit a family. What replaced it names it, so that nothing is lost."""

    __tablename__ = "planned_visit"
    family_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    """Who goes, and planned it."""
    on: Mapped[date]
    time: Mapped[str] = mapped_column(String(5), default="")
    """HH:MM in the territory's zone, or ""."""
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("planned_visit.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    """Why the day before this one gave way: an id of texts planning.reasons; "" where none was asked for."""
    word: Mapped[str] = mapped_column(default="")
    """The same in own words, where somebody wrote some."""
    ended_at: Mapped[datetime | None]
    ended_as: Mapped[str] = mapped_column(default="")
    """moved | dropped | undone | held; no_day: a word that there is to be none; "" while it stands."""

    family: Mapped[Family] = relationship()
    person: Mapped[Person] = relationship()
    replaces: Mapped[PlannedVisit | None] = relationship(remote_side="PlannedVisit.id")

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[PlannedVisit]:
        """Select the plans of families whose raw layer the person may read on that day."""
        return select(cls).where(Family.is_raw_visible_to(person, on, cls.family_id))


class MonthSchedule(Base):
    """A month's planned visits as a curator sent them to the head, and what the head said. Each sending is a row."""

    __tablename__ = "month_schedule"
    __table_args__ = (UniqueConstraint("person_id", "month", "number"),)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    month: Mapped[date]
    """Its first day."""
    number: Mapped[int]
    """1 for the first sending, 2 after changes …"""
    lines: Mapped[list[Any]] = mapped_column(default=list)
    """What was sent: [[family id, day, time], …]; no names, those are read when it is shown."""
    state: Mapped[str] = mapped_column(default=SENT)
    """sent → approved | returned; replaced where it was sent anew before anybody said a word."""
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    word: Mapped[str] = mapped_column(default="")
    """Why it came back, or what the head wished to add."""

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    organisation: Mapped[Organisation] = relationship()
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[MonthSchedule]:
        """Select one's own, and those of the organisations that one heads."""
        return select(cls).where(or_(cls.person_id == person.id, cls.organisation_id.in_(Role.ids_led_by(person, on))))


_STANDS = PlannedVisit.ended_at.is_(None)
# A family has one plan at a time: two that plan at once are told, not doubled.
Index("ix_planned_visit_one", PlannedVisit.family_id, unique=True, postgresql_where=_STANDS, sqlite_where=_STANDS)
Index("ix_planned_visit_family", PlannedVisit.family_id, PlannedVisit.id)
Index("ix_planned_visit_person", PlannedVisit.person_id, PlannedVisit.on)
Index("ix_month_schedule_place", MonthSchedule.organisation_id, MonthSchedule.month)
