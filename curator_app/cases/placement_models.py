"""Where each child lives while a case goes on, what a court says of it, and when child and parents see each other.

All of it is the raw layer: events tell the others that a child was placed, never where or with whom.
"""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import ForeignKey, Index, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.auth.models import Person
from curator_app.database import Base
from curator_app.families.models import Family, FamilyMember
from curator_app.subjects.models import Subject


class Placement(Base):
    """Where one child lives away from home, from a day to a day."""

    __tablename__ = "placement"
    __table_args__ = (Index("ix_placement_subject", "subject_id", "until_on"),)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"))
    family_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family.id"), index=True)
    """The child's own family, whose people must not learn a hidden address."""
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family_member.id"), index=True)
    kind: Mapped[str]
    """unknown (removed, not placed yet) | relatives | shelter | hospital | institution | guardian |
    substitute_family | other."""
    since_on: Mapped[date]
    until_on: Mapped[date | None]
    """The last day there; the day itself belongs to the next place."""
    named: Mapped[str] = mapped_column(default="")
    """Who or which institution, in words."""
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    is_hidden: Mapped[bool] = mapped_column(default=False)
    """Name, address and phone stay with those who carry the case."""
    rights: Mapped[str] = mapped_column(default="")
    """parents | limited | guardian | body | institution | adopters: who decides for the child now."""
    basis: Mapped[str] = mapped_column(default="")
    """Which act or order says so."""
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    subject: Mapped[Subject] = relationship()
    member: Mapped[FamilyMember] = relationship()
    visits: Mapped[list[PlacementVisit]] = relationship(
        back_populates="placement", order_by="PlacementVisit.on.desc(), PlacementVisit.id.desc()"
    )

    def covers(self, on: date) -> bool:
        """Tell whether the child lives there on that day."""
        return self.since_on <= on and (self.until_on is None or on < self.until_on)

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[Placement]:
        """Select the placements of families whose raw layer the person may read on that day."""
        return select(cls).where(Family.is_raw_visible_to(person, on, cls.family_id))


class PlacementVisit(Base):
    """Somebody was at the child's place and saw how the child lives there."""

    __tablename__ = "placement_visit"
    placement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("placement.id"), index=True)
    on: Mapped[date]
    words: Mapped[str] = mapped_column(default="")
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    placement: Mapped[Placement] = relationship(back_populates="visits")
    author: Mapped[Person] = relationship()


class CourtDate(Base):
    """A day in court about a child or the parents' rights, and what was decided there."""

    __tablename__ = "court_date"
    __table_args__ = (Index("ix_court_date_subject", "subject_id", "on"),)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"))
    family_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family.id"), index=True)
    member_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("family_member.id"))
    """None: about all of them."""
    about: Mapped[str]
    """removal | limiting | termination | restoring | guardianship | adoption | contacts | other."""
    on: Mapped[date]
    time: Mapped[str] = mapped_column(String(5), default="")
    court: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="awaited")
    """awaited | held | moved | dropped."""
    decided: Mapped[str] = mapped_column(default="")
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    member: Mapped[FamilyMember | None] = relationship()
    author: Mapped[Person] = relationship()

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[CourtDate]:
        """Select the days in court of families whose raw layer the person may read on that day."""
        return select(cls).where(Family.is_raw_visible_to(person, on, cls.family_id))


class ContactSchedule(Base):
    """How often one child and somebody of the family see each other while the child lives elsewhere."""

    __tablename__ = "contact_schedule"
    __table_args__ = (Index("ix_contact_schedule_subject", "subject_id", "until_on"),)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"))
    family_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family.id"), index=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family_member.id"))
    with_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family_member.id"))
    way: Mapped[str] = mapped_column(default="meeting")
    """meeting | call | letter."""
    every_days: Mapped[int]
    place: Mapped[str] = mapped_column(default="")
    is_accompanied: Mapped[bool] = mapped_column(default=False)
    """Somebody is there when they meet."""
    basis: Mapped[str] = mapped_column(default="")
    """Who allowed it: guardianship's decision, court's order."""
    since_on: Mapped[date]
    until_on: Mapped[date | None]
    """The last day it holds."""
    ended_why: Mapped[str] = mapped_column(default="")
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    member: Mapped[FamilyMember] = relationship(foreign_keys=[member_id])
    with_whom: Mapped[FamilyMember] = relationship(foreign_keys=[with_id])
    meetings: Mapped[list[ScheduledContact]] = relationship(
        back_populates="schedule", order_by="ScheduledContact.on.desc(), ScheduledContact.id.desc()"
    )

    def holds(self, on: date) -> bool:
        """Tell whether it is in force on that day; the last day counts."""
        return self.since_on <= on and (self.until_on is None or on <= self.until_on)

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[ContactSchedule]:
        """Select the schedules of families whose raw layer the person may read on that day."""
        return select(cls).where(Family.is_raw_visible_to(person, on, cls.family_id))


class ScheduledContact(Base):
    """One turn of a schedule: it took place, or it did not and why."""

    __tablename__ = "scheduled_contact"
    schedule_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contact_schedule.id"), index=True)
    on: Mapped[date]
    took_place: Mapped[bool]
    words: Mapped[str] = mapped_column(default="")
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    schedule: Mapped[ContactSchedule] = relationship(back_populates="meetings")
    author: Mapped[Person] = relationship()
