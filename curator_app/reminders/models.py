"""What was said to whom, and what is on its way to them: rows that make a second run of any job say nothing twice."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Select, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.auth.models import Enrolment, Person
from curator_app.database import Base
from curator_app.subjects.doors import subject_is_visible_to
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Subject

PUSH = "push"
MAIL = "mail"

DEADLINE = "deadline"
PASSED = "deadline_passed"
TOLD = "told"
"""Somebody else's day has passed, and this person is told of it."""
ANSWER = "answer"
NEW_WORK = "new_work"
UNSENT = "unsent"
NEEDS_YOU = "needs_you"
PROMISE = "promise"
AGREED = "agreed_day"
"""A day that somebody set: a court, a review, a turn."""
ALARM = "alarm"
ALARM_CONFIRMED = "alarm_confirmed"
CHECK_IN = "check_in"
CHECK_IN_LATE = "check_in_late"
AT_ONCE = frozenset({ANSWER, ALARM, ALARM_CONFIRMED, CHECK_IN, CHECK_IN_LATE})
"""Kinds that do not wait for the day's one message."""
LOUD = frozenset({ALARM, CHECK_IN_LATE})
"""Kinds that are said by every channel, quiet hours or not."""
OF_CALLS = LOUD | {ALARM_CONFIRMED, CHECK_IN}
"""Kinds that wait for no other: whoever called hears soon that somebody comes."""


class Reminder(Base):
    """One thing said to one person, once: the step makes the same moment of the same thing one row.

    No personal data: what it is about is read from the row it names when it is shown, by whoever may read that.
    """

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("person_id", "about_id", "kind", "step"),)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    about_id: Mapped[uuid.UUID]
    """The duty, promise, alarm, check-in, signal … that it speaks of."""
    step: Mapped[str] = mapped_column(default="")
    duty_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("duty.id", ondelete="CASCADE"), index=True)
    """Of a duty: with it the reminder goes, and once it is met nothing waits any more."""
    subject_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("subject.id"))
    """Who may not open it is told that there is something, not what."""
    path: Mapped[str] = mapped_column(default="/today")
    """Where a tap leads."""
    due_on: Mapped[date | None]
    read_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    """Nothing is to be done about it any more."""

    person: Mapped[Person] = relationship()
    duty: Mapped[DutyRow | None] = relationship()
    subject: Mapped[Subject | None] = relationship()

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[Reminder]:  # noqa: ARG003 - every door takes the day
        """Select what was said to the person: nobody reads another's."""
        return select(cls).where(cls.person_id == person.id)

    @classmethod
    def waiting_for(cls, person: Person, on: date) -> Select[Reminder]:
        """Select what a person has not read and that still waits.

        A duty waits for nobody once it is met, while it is paused, when its subject is closed, and for whoever may not
        open that any more: a former curator is not reminded of a case in other hands.
        """
        query = select(cls).outerjoin(DutyRow, DutyRow.id == cls.duty_id).outerjoin(Subject, DutyRow.subject)
        going_on = DutyRow.met_on.is_(None) & DutyRow.paused_since.is_(None) & Subject.closed_on.is_(None)
        theirs = subject_is_visible_to(person, on) | (Subject.person_id == person.id)
        waits = or_(cls.duty_id.is_(None), going_on & theirs)
        return query.where(cls.person_id == person.id, cls.read_at.is_(None), cls.settled_at.is_(None), waits)


class Subscription(Base):
    """A browser that shows notifications (W3C Push API; RFC 8030, RFC 8291)."""

    __tablename__ = "push_subscription"
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    enrolment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    """A browser that is switched off is told nothing more."""
    endpoint: Mapped[str] = mapped_column(unique=True)
    p256dh: Mapped[bytes] = mapped_column(LargeBinary)
    """The browser's public key: a 65-byte uncompressed P-256 point."""
    auth: Mapped[bytes] = mapped_column(LargeBinary)
    """16 bytes shared with the browser."""

    person: Mapped[Person] = relationship()
    enrolment: Mapped[Enrolment] = relationship()


class Parcel(Base):
    """One message on one channel to one person: the key makes a day's message, or an urgent one, one row."""

    __tablename__ = "parcel"
    __table_args__ = (UniqueConstraint("person_id", "channel", "target", "key"),)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[str]
    """push | mail."""
    target: Mapped[str] = mapped_column(default="")
    """push: the subscription's id."""
    key: Mapped[str]
    """The day in the person's zone, 2026-11-23, or «kind:reminder id» of what does not wait for the day's message."""
    next_at: Mapped[datetime]
    """Not before; later after a failure."""
    claimed_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")
    """sent | nothing (all was read or done before) | gone (no such address any more) | given_up."""

    person: Mapped[Person] = relationship()

    @property
    def reminder_id(self) -> uuid.UUID | None:
        """Return the one reminder that it carries; None for a day's message."""
        _kind, colon, key = self.key.partition(":")
        return uuid.UUID(key) if colon else None


class AddressCheck(Base):
    """An e-mail address that somebody wants letters at, until the code that was sent there comes back."""

    __tablename__ = "address_check"
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    email: Mapped[str]
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)


class CalendarLink(Base):
    """An address by which somebody's calendar program reads the days of their work; only a hash of it is kept."""

    __tablename__ = "calendar_link"
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)

    person: Mapped[Person] = relationship()


class Cursor(Base):
    """How far somebody has looked through what is recorded."""

    __tablename__ = "reminder_cursor"
    source: Mapped[str] = mapped_column(unique=True)
    seen_at: Mapped[datetime]


Index("ix_reminder_person", Reminder.person_id, Reminder.created_at)
Index(
    "ix_reminder_calls",
    Reminder.kind,
    Reminder.about_id,
    postgresql_where=Reminder.settled_at.is_(None),
    sqlite_where=Reminder.settled_at.is_(None),
)
Index(
    "ix_parcel_due",
    Parcel.next_at,
    postgresql_where=Parcel.done_at.is_(None),
    sqlite_where=Parcel.done_at.is_(None),
)
