"""What stood in the way of a duty whose day has passed, and who asks for somebody to talk to."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.auth.models import Organisation, Person, Role
from curator_app.database import Base
from curator_app.subjects.models import Subject

REASONS = ("not_opened", "illness", "no_road", "nobody_stands_in", "another_body", "family_asked", "too_much", "other")


class DelayReason(Base):
    """Why a duty was not met in time, in the words of who owes it; the newest of a duty holds.

    By the duty's key, not its row: a table that was worked out anew keeps what people said.
    """

    __tablename__ = "delay_reason"
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"))
    rule: Mapped[str]
    anchor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("event.id"))
    period: Mapped[str] = mapped_column(default="")
    reason: Mapped[str]
    """One of REASONS."""
    note: Mapped[str] = mapped_column(default="")
    """In a few words; who carries the case and their head read it."""
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    subject: Mapped[Subject] = relationship()
    author: Mapped[Person] = relationship()


class SupportRequest(Base):
    """Somebody asks for supervision after a hard day; the head sees it, and nobody else."""

    __tablename__ = "support_request"
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    held_on: Mapped[date | None]
    """The day that was offered."""
    word: Mapped[str] = mapped_column(default="")
    """What the head writes back: where, with whom."""

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])
    organisation: Mapped[Organisation] = relationship()

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[SupportRequest]:
        """Select one's own, and those of the people of the organisations that one heads."""
        return select(cls).where((cls.person_id == person.id) | cls.organisation_id.in_(Role.ids_led_by(person, on)))


Index(
    "ix_support_request_open",
    SupportRequest.person_id,
    unique=True,
    postgresql_where=SupportRequest.answered_at.is_(None),
    sqlite_where=SupportRequest.answered_at.is_(None),
)
"""Asked twice at once is asked once."""
Index("ix_delay_reason_subject", DelayReason.subject_id, DelayReason.rule)
