"""What was put right in the calendar: rows are only ever added, the last one about a day is in force."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.auth.models import Person
from curator_app.database import Base


class CalendarChange(Base):
    """Somebody said what a day is, or took that back."""

    __tablename__ = "calendar_change"
    number: Mapped[int] = mapped_column(unique=True)
    """The version of the calendar that begins with it."""
    layer: Mapped[str]
    """Layer of the calendar: ru is the whole country."""
    on: Mapped[date]
    working: Mapped[bool | None]
    """None: taken back, the calendar's own day holds again."""
    reason: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    """The paper that says so."""
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    author: Mapped[Person] = relationship()


class CalendarVersion(Base):
    """The one number that grows with each change; its row is locked until the change is committed."""

    __tablename__ = "calendar_version"
    name: Mapped[str] = mapped_column(unique=True)
    number: Mapped[int]


Index("ix_calendar_change_day", CalendarChange.layer, CalendarChange.on)
