"""A call for people and what came of it; who went out of reach and until when."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from curator_app.auth.models import Organisation, Person, Role
from curator_app.database import Base
from curator_app.families.models import Family
from curator_app.subjects.doors import INTAKE_ROLE, territory_ids
from curator_app.urgent.episode_models import AlarmNotice

DUTY_ROLES = frozenset({"duty", "head"})
"""Who answers alarms of an organisation; a substitute holds the role with dates."""
OPEN = "open"
CONFIRMED = "confirmed"
CANCELLED = "cancelled"


def duty_organisations(person: Person, on: date) -> Select[uuid.UUID]:
    """Select ids of the organisations whose duty person or head this is on that day."""
    return select(Role.organisation_id).where(
        Role.person_id == person.id,
        Role.role.in_(DUTY_ROLES),
        Role.since_on <= on,
        Role.until_on.is_(None) | (Role.until_on >= on),
    )


def answered_by(person: Person, on: date, organisation: Any, author: Any) -> ColumnElement[bool]:
    """Tell whether the person answers what comes from an organisation: its duty person or head.

    Where it has nobody but who calls, the intake of its territory answers: a call that reaches nobody is none.
    `organisation` and `author` are columns.
    """
    own: ColumnElement[bool] = organisation.in_(duty_organisations(person, on))
    if not person.has_role(INTAKE_ROLE, on):
        return own
    here = select(Organisation.id).where(Organisation.territory_id.in_(territory_ids(person, on, (INTAKE_ROLE,))))
    other = aliased(Role)
    held = (other.since_on <= on) & (other.until_on.is_(None) | (other.until_on >= on))
    hears = select(other.id).where(other.organisation_id == organisation, other.person_id != author, held)
    near: ColumnElement[bool] = organisation.in_(here)
    return own | (near & ~hears.where(other.role.in_(DUTY_ROLES)).exists())


class Alarm(Base):
    """«Срочно»: the id is the phone's. It calls people; it sets no level and opens no case."""

    __tablename__ = "alarm"
    __table_args__ = (
        Index("ix_alarm_organisation", "organisation_id", "state"),
        Index("ix_alarm_received", "organisation_id", "received_at"),
        Index("ix_alarm_newest", "received_at"),
    )
    family_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("family.id"))
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"))
    """The case, or the author where the family is not known."""
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    """Whose duty person answers."""
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    enrolment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("enrolment.id"))
    raised_at: Mapped[datetime]
    """By the phone's clock."""
    received_at: Mapped[datetime]
    need: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=OPEN)
    """open → confirmed by a named person; cancelled by its author («отбой»)."""
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    confirmed_how: Mapped[str] = mapped_column(default="")
    """duty_took | duty_called | duty_passed."""
    confirmed_name: Mapped[str] = mapped_column(default="")
    """Who took it over, with the post: somebody else than confirmed_by where it was passed on."""
    reply: Mapped[str] = mapped_column(default="")
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    """The emergency was over, as a named person decided."""
    closed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    closed_as_decided_by: Mapped[str] = mapped_column(default="", server_default="")
    closing: Mapped[str] = mapped_column(default="", server_default="")
    """How it ended, in words."""

    family: Mapped[Family | None] = relationship()
    organisation: Mapped[Organisation] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    seen_by: Mapped[Person | None] = relationship(foreign_keys=[seen_by_id])
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=[confirmed_by_id])
    notices: Mapped[list[AlarmNotice]] = relationship(order_by="AlarmNotice.created_at, AlarmNotice.id")
    steps: Mapped[list[AlarmStep]] = relationship(order_by="AlarmStep.at, AlarmStep.id", back_populates="alarm")

    @property
    def code(self) -> str:
        """What a phone is told without words: open, seen, confirmed or cancelled."""
        return "seen" if self.state == OPEN and self.seen_at else self.state

    @property
    def is_episode(self) -> bool:
        """Tell whether somebody still has to see to it: a slip that was called off at once tells nobody anything."""
        return self.closed_at is None and (self.state != CANCELLED or bool(self.notices))

    @property
    def facts(self) -> dict[str, str]:
        """What was last written of each fact."""
        return {name: str(value) for line in self.steps for name, value in line.data.get("facts", {}).items()}

    @classmethod
    def at_duty_of(cls, person: Person, on: date) -> Select[Alarm]:
        """Select the alarms that the person answers on that day."""
        return select(cls).where(answered_by(person, on, cls.organisation_id, cls.author_id))

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[Alarm]:
        """Select one's own alarms and those that one answers."""
        mine = answered_by(person, on, cls.organisation_id, cls.author_id)
        return select(cls).where(or_(cls.author_id == person.id, mine))


class AlarmStep(Base):
    """One line of what was done; never changed. The phone mints the ids of its own lines."""

    __tablename__ = "alarm_step"
    alarm_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("alarm.id"), index=True)
    kind: Mapped[str]
    """raised | call | facts | cancelled (the author's); seen | duty_took | duty_called | duty_passed | done | closed
    (the duty's)."""
    at: Mapped[datetime]
    """When it happened, by the clock of who says so."""
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """call: who, when, said, outcome · raised, facts: facts · cancelled: reason, told · duty_*: reply, to ·
    done: text · closed: text, by."""

    alarm: Mapped[Alarm] = relationship(back_populates="steps")
    author: Mapped[Person] = relationship()


class CheckIn(Base):
    """«Вернусь на связь»: until when somebody is out of reach. The id is the phone's."""

    __tablename__ = "check_in"
    __table_args__ = (
        Index("ix_check_in_open", "organisation_id", "closed_at"),
        Index("ix_check_in_due", "until_at"),
        Index("ix_check_in_received", "organisation_id", "received_at"),
    )
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"))
    """The person's own subject."""
    family_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("family.id"))
    opened_at: Mapped[datetime]
    """By the phone's clock."""
    received_at: Mapped[datetime]
    until_at: Mapped[datetime]
    missed_at: Mapped[datetime | None]
    """The hour passed without a word; a later word closes it and leaves this."""
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    """Themselves, or the duty person who reached them."""
    tried_at: Mapped[datetime | None]
    """The duty person called and did not reach them."""

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    closed_by: Mapped[Person | None] = relationship(foreign_keys=[closed_by_id])
    family: Mapped[Family | None] = relationship()
    organisation: Mapped[Organisation] = relationship()

    @property
    def code(self) -> str:
        """What a phone is told without words: open, missed, closed, or closed_late (they were looked for)."""
        if self.closed_at:
            return "closed_late" if self.missed_at else "closed"
        return "missed" if self.missed_at else "open"

    @classmethod
    def at_duty_of(cls, person: Person, on: date) -> Select[CheckIn]:
        """Select the check-ins that the person looks after on that day."""
        return select(cls).where(answered_by(person, on, cls.organisation_id, cls.person_id))
