"""What somebody owes, as a table: the projection of a subject's events, never written by hand."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.auth.models import Person
from curator_app.database import Base
from curator_app.procedures.facts import State
from curator_app.subjects.doors import subject_is_visible_to
from curator_app.subjects.models import Event, Subject

DAY = timedelta(days=1)


class DutyRow(Base):
    """A duty by its key (subject, rule, anchor, period).

    It never says «late»: how it stands is a question of the day on which one asks.
    """

    __tablename__ = "duty"
    __table_args__ = (UniqueConstraint("subject_id", "rule", "anchor_id", "period"),)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"))
    rule: Mapped[str]
    anchor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("event.id"))
    period: Mapped[str] = mapped_column(default="")
    owner: Mapped[str]
    """Role of the profile."""
    opened_on: Mapped[date]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    """Where hours count; `due_on` is then its day in the territory's zone."""
    aim_on: Mapped[date | None]
    at_once: Mapped[bool] = mapped_column(default=False)
    """Asked for immediately: time runs, and it is never late."""
    met_on: Mapped[date | None]
    met_at: Mapped[datetime | None]
    met_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("event.id"))
    paused_since: Mapped[date | None]
    paused_at: Mapped[datetime | None]
    """The pause's moment, where it was written down."""
    pauses: Mapped[list[Any]] = mapped_column(default=list)
    """Pauses that are over and leave days out of being late: [first day, day on which work went on]."""
    procedure: Mapped[str]
    calendar: Mapped[str]
    """Versions by which it was counted."""
    remind_at: Mapped[datetime | None]
    """When something is to be said of it next; None once it is met or nothing more is said. Kept by the reminders."""

    subject: Mapped[Subject] = relationship()
    anchor: Mapped[Event] = relationship(foreign_keys=[anchor_id])
    met_by: Mapped[Event | None] = relationship(foreign_keys=[met_by_id])

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[DutyRow]:
        """Select the duties of the subjects that the person may open, and of one's own working life."""
        mine = or_(subject_is_visible_to(person, on), Subject.person_id == person.id)
        return select(cls).join(Subject, Subject.id == cls.subject_id).where(mine)

    def state_on(self, day: date, moment: datetime | None = None) -> State:
        """Say how it stands at the end of a day, or on that day at a moment."""
        if self.met_on is not None and self.met_on <= day:
            return "met"
        if self.at_once:
            return "elapsed"
        if self.late_days_on(day, moment):
            return "late"
        if self.paused_since is not None and self.paused_since <= day:
            return "paused"
        return "undated" if self.due_on is None else "open"

    def late_days_on(self, day: date, moment: datetime | None = None) -> int:
        """Count full days after the last one, without those of pauses; after hours, a day that has begun counts."""
        if self.due_on is None or self.at_once:
            return 0
        if self.due_at is None:
            return max(0, (day - self.due_on).days - self._days_paused(self.due_on, day))
        passed = moment > self.due_at if moment else day >= self.due_on
        if not passed or self._held_by_pause(self.due_at):
            return 0
        return max(1, (day - self.due_on).days - self._days_paused(self.due_on, day))

    def _held_by_pause(self, due: datetime) -> bool:
        """Say whether the work stood still when the hours ran out."""
        if self.paused_since is None or self.due_on is None:
            return False
        return due >= self.paused_at if self.paused_at else self.due_on >= self.paused_since

    def _days_paused(self, after: date, last: date) -> int:
        spans = [(date.fromisoformat(first), date.fromisoformat(end) - DAY) for first, end in self.pauses]
        if self.paused_since is not None:
            spans.append((self.paused_since, last))
        return sum(max(0, (min(last, end) - max(first, after + DAY)).days + 1) for first, end in spans)


class Recount(Base):
    """A walk over the subjects that owe something, because the calendar changed: how far it has come."""

    __tablename__ = "recount"
    reason: Mapped[str]
    total: Mapped[int | None]
    """None until somebody began to walk."""
    done: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[uuid.UUID | None]
    """The last subject that was done; it moves in the transaction that did it."""
    claimed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


Index(
    "ix_duty_open", DutyRow.subject_id, postgresql_where=DutyRow.met_on.is_(None), sqlite_where=DutyRow.met_on.is_(None)
)
Index("ix_duty_remind", DutyRow.remind_at)
Index("ix_duty_due", DutyRow.due_on, postgresql_where=DutyRow.met_on.is_(None), sqlite_where=DutyRow.met_on.is_(None))
