"""What a check of a signal leaves: questions to bodies, orders, acts of survey, findings, conclusions, decisions."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.auth.models import Organisation, Person
from curator_app.database import Base
from curator_app.subjects.models import Subject

FAMILY = -1
"""Number of a child in a signal's list that stands for the family as a whole."""


class Inquiry(Base):
    """A question to a body: due on a day, answered once by a link or written in by whoever heard the answer."""

    __tablename__ = "inquiry"
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"), index=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    addressee: Mapped[str]
    """As it is written on the letter."""
    question: Mapped[str]
    asked_on: Mapped[date]
    due_on: Mapped[date]
    asked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    """Of the one-time link; None once it was used or written in by hand."""
    link_until: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[str] = mapped_column(default="")
    """Who answered, as they name themselves."""
    answered_at: Mapped[datetime | None]

    subject: Mapped[Subject] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    asked_by: Mapped[Person | None] = relationship()

    @property
    def body(self) -> str:
        """What a rule matches its two events by."""
        return str(self.organisation_id or self.addressee)

    def late_days(self, on: date) -> int:
        """Return how many days the body has been silent beyond the term; 0 while there is time or an answer."""
        return max(0, (on - self.due_on).days) if self.answered_at is None else 0


class Order(Base):
    """An order of the commission to a body (поручение): what, by when, and the act that came back."""

    __tablename__ = "commission_order"
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"), index=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    addressee: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    """survey | responsible | other: what the profile's rules wait for."""
    what: Mapped[str]
    given_on: Mapped[date]
    due_on: Mapped[date]
    given_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    returned_on: Mapped[date | None]
    act: Mapped[str] = mapped_column(default="")
    """What was done, by the act that came back."""
    act_number: Mapped[str] = mapped_column(default="")

    subject: Mapped[Subject] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    given_by: Mapped[Person | None] = relationship()

    @property
    def body(self) -> str:
        """What a rule matches its two events by."""
        return str(self.organisation_id or self.addressee)

    def late_days(self, on: date) -> int:
        """Return how many days it has been owed beyond its term."""
        return max(0, (on - self.due_on).days) if self.returned_on is None else 0


class SurveyAct(Base):
    """An act on the living conditions of a child and the family (акт обследования), on a form kept as data."""

    __tablename__ = "survey_act"
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"), index=True)
    form: Mapped[str]
    """Form and version that was filled in: survey@1."""
    surveyed_on: Mapped[date]
    drawn_up_on: Mapped[date]
    surveyed_by: Mapped[str]
    """Names and posts of those who were there."""
    organisation: Mapped[str] = mapped_column(default="")
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    subject: Mapped[Subject] = relationship()
    author: Mapped[Person | None] = relationship()


class Finding(Base):
    """One item of an instrument: whether it is so, by what fact, from whom, of which day. The newest of an item holds.

    Nothing is counted up of them: they stand side by side, and a person decides.
    """

    __tablename__ = "finding"
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"))
    child: Mapped[int] = mapped_column(default=FAMILY)
    """Place in the signal's list of children; FAMILY for the family as a whole."""
    instruments: Mapped[str]
    """Set and version of the items: instruments_content@1."""
    item: Mapped[str]
    mark: Mapped[str]
    """mark_present | mark_absent | mark_unknown."""
    fact: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    seen_on: Mapped[date | None]
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    subject: Mapped[Subject] = relationship()
    author: Mapped[Person | None] = relationship()


class Investigation(Base):
    """The short plan of those who look into a signal; the group and its reasoned conclusion are events."""

    __tablename__ = "investigation"
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"), unique=True)
    formed_on: Mapped[date]
    members: Mapped[str]
    """Who helps beside the group: names, posts and bodies, one a line."""
    plan: Mapped[list[Any]] = mapped_column(default=list)
    """[{"what", "who", "until"}] in order."""

    subject: Mapped[Subject] = relationship()


class Decision(Base):
    """What a named person or group decided about a signal, and why."""

    __tablename__ = "signal_decision"
    __table_args__ = (UniqueConstraint("subject_id", "outcome"),)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"))
    outcome: Mapped[str]
    """Of the profile's [[intake_outcomes]]."""
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Classification → value of the family; "<classification>:<child>" for one child."""
    criteria: Mapped[list[Any]] = mapped_column(default=list)
    """Of the profile's open/not-open criteria, those that the deciding person named."""
    reason: Mapped[str]
    decided_by: Mapped[str]
    decided_on: Mapped[date]
    resolution_no: Mapped[str] = mapped_column(default="")
    leads_to_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("subject.id"))
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    subject: Mapped[Subject] = relationship(foreign_keys=[subject_id])
    author: Mapped[Person | None] = relationship()


Index("ix_finding", Finding.subject_id, Finding.child, Finding.item)
