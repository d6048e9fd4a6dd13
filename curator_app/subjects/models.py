"""Subject, event, assignment: everything with a clock, whatever its kind."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.auth.models import Organisation, Person, Territory
from curator_app.clock import now
from curator_app.database import Base

HEADED_ROLES = frozenset({"case_curator", "substitute"})
"""Assignments whose work the head of their organisation answers for."""
STAND_IN = "early_help_stand_in"
"""In the place of the owner of early help for some days; no head answers for it, nobody else learns of the family."""
CASE_ROLES = HEADED_ROLES | {"early_help_owner", STAND_IN}
"""Assignments of those who carry a case or early help: they write its records and read its raw layer."""
CARD_ROLES = CASE_ROLES | {"group_member", "group_chair"}
"""Assignments that open the shared card of a family; who reported a signal gets a line of feedback and no card."""


class Subject(Base):
    """A signal, early help, a case, aftercare, a body, an organisation or a person: it has events."""

    __tablename__ = "subject"
    kind: Mapped[str]
    family_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("family.id"), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), unique=True)
    """Of kind person: whose working life it is; made when the first thing happens in it."""
    territory_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("territory.id"))
    procedure: Mapped[str]
    """Profile and version it began under; it stays so until somebody moves it."""
    last_event_no: Mapped[int] = mapped_column(default=0)
    closed_on: Mapped[date | None]
    reproject_on: Mapped[date | None] = mapped_column(index=True)
    """The day on which time alone changes what is owed: something that was announced happens, a new month begins."""
    reproject_claimed_at: Mapped[datetime | None]
    """When somebody last tried to do so; a worker that died, or a fault, is tried again later."""
    projection_fault: Mapped[str] = mapped_column(default="", server_default="")
    """Why the duties could not be worked out: profile | events; the table then shows them as they last stood."""

    territory: Mapped[Territory] = relationship()
    assignments: Mapped[list[Assignment]] = relationship(viewonly=True)
    """To be read, of many subjects together; a new one is added to the session, not to this."""


class Event(Base):
    """One fact about a subject. Never changed: a correction is another event."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("subject_id", "no"),)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"))
    no: Mapped[int]
    """1, 2, 3… within the subject, in the order of recording."""
    type: Mapped[str]
    on: Mapped[date]
    """The day it happened, in the territory's zone."""
    at: Mapped[datetime | None]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    enrolment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("enrolment.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=now)

    subject: Mapped[Subject] = relationship()
    author: Mapped[Person | None] = relationship()


class Assignment(Base):
    """Who works with a subject, from which organisation, since when and until when."""

    __tablename__ = "assignment"
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str]
    since_on: Mapped[date]
    until_on: Mapped[date | None]

    subject: Mapped[Subject] = relationship()
    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation] = relationship()

    def covers(self, on: date) -> bool:
        """Tell whether it is in force on that day; the last day counts."""
        return self.since_on <= on and (self.until_on is None or on <= self.until_on)

    def carries_case(self, on: date) -> bool:
        """Tell whether its person carried the case on that day; a member of the working group does not."""
        return self.role in CASE_ROLES and self.covers(on)


Index("ix_assignment_person", Assignment.person_id, Assignment.until_on)
Index("ix_assignment_organisation", Assignment.organisation_id, Assignment.until_on)
Index("ix_assignment_subject", Assignment.subject_id, Assignment.until_on)
_STANDS_IN = Assignment.role == STAND_IN
Index("ix_assignment_stand_in", Assignment.since_on, postgresql_where=_STANDS_IN, sqlite_where=_STANDS_IN)
ASKS_AGAIN = ("consent_refused", "consent_withdrawn", "paused")
"""Events that may name a day on which somebody asks again."""
_ASKS = Event.type.in_(ASKS_AGAIN)
Index("ix_event_asks_again", Event.type, postgresql_where=_ASKS, sqlite_where=_ASKS)
Index("ix_subject_closed", Subject.territory_id, Subject.closed_on)
