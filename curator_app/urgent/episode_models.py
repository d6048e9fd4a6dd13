"""Whom an alarm made somebody tell: each body once more whenever something is said of it, nothing ever changed."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.auth.models import Person
from curator_app.database import Base

MUST = "must"
TOLD = "told"
NOT_NEEDED = "not_needed"
OTHER = "tell_other"


class AlarmNotice(Base):
    """One line: this body must be told now, was told (when, how, who took it down), or need not be told, and why."""

    __tablename__ = "alarm_notice"
    alarm_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("alarm.id"), index=True)
    addressee: Mapped[str]
    """tell_police, tell_guardianship…: ids of the content; tell_other is named by `name`."""
    name: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    """must | told | not_needed."""
    at: Mapped[datetime]
    """When they were told, or when it was decided that they must or need not be."""
    how: Mapped[str] = mapped_column(default="")
    """told_by_phone | told_by_letter | told_in_person."""
    accepted_by: Mapped[str] = mapped_column(default="")
    """Who took it down, in words."""
    words: Mapped[str] = mapped_column(default="")
    """What was said, or why they need not be told."""
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    author: Mapped[Person] = relationship()
