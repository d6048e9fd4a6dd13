"""What becomes of a case: another district, the card index, help afterwards, and the day its content is erased."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.auth.models import Organisation, Person, Role, Territory
from curator_app.database import Base
from curator_app.subjects.models import Subject

RECEIVING_ROLES = frozenset({"head", "intake_officer", "commission_secretary", "commission_chair"})
"""Who answers for a district that a family moves to."""
KEEPING_ROLES = frozenset({"commission_secretary", "commission_chair"})
"""Who keeps a district's card index and its files."""


class Transfer(Base):
    """A case handed to another district: until somebody there accepts it, it stays where it is."""

    __tablename__ = "transfer"
    __table_args__ = (Index("ix_transfer_to", "to_id", "decided_on"),)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"), index=True)
    from_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("territory.id"))
    to_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("territory.id"))
    sent_on: Mapped[date]
    reason: Mapped[str]
    sent_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    decided_on: Mapped[date | None]
    is_accepted: Mapped[bool] = mapped_column(default=False)
    """Of one that was decided."""
    answer: Mapped[str] = mapped_column(default="")
    """Why it goes back."""
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    subject: Mapped[Subject] = relationship()
    source: Mapped[Territory] = relationship(foreign_keys=[from_id])
    target: Mapped[Territory] = relationship(foreign_keys=[to_id])
    sent_by: Mapped[Person] = relationship(foreign_keys=[sent_by_id])

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[Transfer]:
        """Select what waits for an answer of the districts in which the person receives cases."""
        return select(cls).where(cls.decided_on.is_(None), cls.to_id.in_(territories_of(person, on, RECEIVING_ROLES)))


class CaseClosing(Base):
    """What was said when somebody decided how a case goes on or ends; the outcome itself is the event's."""

    __tablename__ = "case_closing"
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"), index=True)
    on: Mapped[date]
    outcome: Mapped[str]
    """Of the profile's closing outcomes."""
    goals: Mapped[str] = mapped_column(default="")
    """met | partly | not_met: how much of what was meant to change has changed."""
    reached: Mapped[str] = mapped_column(default="")
    remains: Mapped[str] = mapped_column(default="")
    """What was not reached, and who goes on with it."""
    family_view: Mapped[str] = mapped_column(default="")
    """What the family says to it, in its own words."""
    agrees: Mapped[str] = mapped_column(default="")
    """yes | partly | no | not_asked."""
    why: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    decided_by: Mapped[Person] = relationship()


class FileControl(Base):
    """A family on the card index: no plan and no visits by a term, somebody looks at it from time to time."""

    __tablename__ = "file_control"
    __table_args__ = (Index("ix_file_control_list", "territory_id", "until_on", "review_on"),)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"), index=True)
    territory_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("territory.id"))
    since_on: Mapped[date]
    review_on: Mapped[date | None]
    """When somebody means to look again; no document names a day."""
    until_on: Mapped[date | None]
    ended_as: Mapped[str] = mapped_column(default="")
    """deregistered | case | moved."""

    subject: Mapped[Subject] = relationship()

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[FileControl]:
        """Select the card index of the districts whose commission the person serves."""
        return select(cls).where(cls.territory_id.in_(territories_of(person, on, KEEPING_ROLES)))


class AftercarePlan(Base):
    """Help after a case: who answers for it, what was agreed, how often somebody looks in, until when."""

    __tablename__ = "aftercare_plan"
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"), unique=True)
    after_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"), index=True)
    """The case that it follows."""
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    agreed: Mapped[str] = mapped_column(default="")
    every_days: Mapped[int]
    until_on: Mapped[date]
    """When its owner decides whether it ends."""
    ended_as: Mapped[str] = mapped_column(default="")
    """stable | case | moved | family_wish."""

    subject: Mapped[Subject] = relationship(foreign_keys=[subject_id])
    organisation: Mapped[Organisation] = relationship()


class RetentionAct(Base):
    """The act by which a family's content was erased: how much of what, never what it said."""

    __tablename__ = "retention_act"
    __table_args__ = (UniqueConstraint("year", "number"),)
    family_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family.id"), unique=True)
    territory_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("territory.id"), index=True)
    year: Mapped[int]
    number: Mapped[int]
    closed_on: Mapped[date]
    """When the last of the family's work ended: the term runs from there."""
    kept_years: Mapped[int]
    erased_at: Mapped[datetime]
    basis: Mapped[str] = mapped_column(default="")
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Kind of content and how many rows of it there were."""
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person] = relationship()

    @property
    def label(self) -> str:
        """The number people quote: «2026-00007»."""
        return f"{self.year}-{self.number:05d}"

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[RetentionAct]:
        """Select the acts of the districts whose commission the person serves."""
        return select(cls).where(cls.territory_id.in_(territories_of(person, on, KEEPING_ROLES)))


def territories_of(person: Person, on: date, roles: frozenset[str]) -> Select[uuid.UUID]:
    """Select the districts in which the person holds one of the roles on that day."""
    held = Role.role.in_(roles) & Role.held_on(on) & (Role.person_id == person.id)
    return select(Organisation.territory_id).join(Role, Role.organisation_id == Organisation.id).where(held)
