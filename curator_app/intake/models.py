"""A signal: what somebody noticed about a child, from whomever it came; and who may read which part of it."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Select, SmallInteger, Table, UniqueConstraint, Uuid, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.auth.models import Organisation, Person, Role, Territory
from curator_app.database import BYTEWISE, Base
from curator_app.families.models import Family
from curator_app.subjects.doors import subject_is_visible_to
from curator_app.subjects.models import Subject

INTAKE = "intake_officer"
COMMISSION = ("commission_secretary", "commission_chair")

NOTICE, CALL, PHONE, PUBLIC = "notice", "call", "phone", "public"
WAYS = (NOTICE, CALL, PHONE, PUBLIC)
"""How it came: a specialist's own notice, a call at the office, offline from a phone, the page without an account."""

SENT, TAKEN, CHECKING, PASSED = "sent", "taken", "checking", "passed"
STATES = (SENT, TAKEN, CHECKING, PASSED)
"""Nobody has read it yet · in the journal · being checked · what was found went on. The one who told sees no more."""

JOINED, NOT_CONFIRMED, REPEATED = "joined", "not_confirmed", "repeated"
"""Outcomes that every territory has, whatever its profile: a case under way · nothing found · told already."""

WORKED_WITH = ("case", "early_help", "aftercare")
"""What may be under way with a family that a signal is about."""


class Signal(Base):
    """One message about a child. Its id is its subject's: the clock of a signal runs there."""

    __tablename__ = "signal"
    __table_args__ = (UniqueConstraint("territory_id", "year", "number"),)
    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    territory_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("territory.id"))
    way: Mapped[str]
    source: Mapped[str]
    """What kind of person or body noticed it: texts/signals.toml [signals.sources]."""
    known_on: Mapped[date]
    """The day it became known to a specialist, in the territory's zone: the clock runs from here …"""
    known_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    """… not from the moment it reached the office …"""
    registered_at: Mapped[datetime | None]
    """… nor from its line in the journal."""
    year: Mapped[int | None]
    number: Mapped[int | None]
    """Number in the journal of the territory's year; None until somebody has taken it."""
    phone_at: Mapped[datetime | None]
    """By the clock of the phone it was written on."""
    facts: Mapped[str]
    """What was seen or heard, in the words of whoever told."""
    signs: Mapped[list[Any]] = mapped_column(default=list)
    """What of the list was ticked: texts/signals.toml [signals.signs]."""
    safe_now: Mapped[str]
    """yes | no | unknown: whether the child is safe at this moment."""
    measures: Mapped[str] = mapped_column(default="")
    """What was done already."""
    children: Mapped[list[Any]] = mapped_column(default=list)
    """[{"name", "age", "place"}] as told: full name or less, age in words, school or kindergarten."""
    adults: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who told it, of those with an account; None for the public page."""
    enrolment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("enrolment.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    registered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(default=SENT)
    outcome: Mapped[str] = mapped_column(default="")
    """joined, repeated, not_confirmed, or an outcome of the profile; "" while it is open."""
    family_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("family.id"), index=True)
    """Whom it is about, once somebody has said so; a signal that was not confirmed does not follow a family."""
    leads_to_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("subject.id"), index=True)
    """The case or early help it joined or began, or the earlier signal that it repeats."""
    erase_on: Mapped[date | None] = mapped_column(index=True)
    """The day on which a signal that was not confirmed loses its words; its line in the journal stays."""
    erased_at: Mapped[datetime | None]

    subject: Mapped[Subject] = relationship(foreign_keys="Signal.id")
    leads_to: Mapped[Subject | None] = relationship(foreign_keys=[leads_to_id])
    territory: Mapped[Territory] = relationship()
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
    registered_by: Mapped[Person | None] = relationship(foreign_keys=[registered_by_id])
    organisation: Mapped[Organisation | None] = relationship()
    family: Mapped[Family | None] = relationship()
    informant: Mapped[Informant | None] = relationship(back_populates="signal", uselist=False)

    @property
    def journal_no(self) -> str:
        """«2026-0017», or nothing while it is not in the journal."""
        return f"{self.year}-{self.number:04}" if self.number is not None else ""

    @property
    def is_open(self) -> bool:
        """Tell whether nobody has decided yet what follows from it."""
        return not self.outcome

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[Signal]:
        """Select the signals the person may open: her intake's or commission's, and those of families she works with.

        Those families are the ones whose raw layer she reads, and of them the signals that led to what she may open:
        early help is its owner's alone. Who told it has a door of her own: `told_by`.
        """
        office = cls.territory_id.in_(territories_of(person, on, (INTAKE, *COMMISSION)))
        opens = select(Subject.id).where(Subject.id == cls.leads_to_id, subject_is_visible_to(person, on)).exists()
        return select(cls).where(or_(office, Family.is_raw_visible_to(person, on, cls.family_id) & opens))

    @classmethod
    def taken_in_by(cls, person: Person, on: date) -> Select[Signal]:
        """Select the signals of the territories whose intake officer the person is: she writes them, and reads all."""
        return select(cls).where(cls.territory_id.in_(territories_of(person, on, (INTAKE,))))

    @classmethod
    def told_by(cls, person: Person) -> Select[Signal]:
        """Select what the person told herself: a line of feedback is all she learns of it."""
        return select(cls).where(cls.author_id == person.id, cls.way.in_((NOTICE, PHONE)))


class Informant(Base):
    """Who told it and how to ask back. Nobody but intake reads this; who stays unnamed has no such row."""

    __tablename__ = "informant"
    signal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("signal.id"), unique=True)
    name: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")

    signal: Mapped[Signal] = relationship(back_populates="informant")

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[Informant]:
        """Select the informants of signals that the person takes in."""
        return select(cls).where(cls.signal_id.in_(Signal.taken_in_by(person, on).with_only_columns(Signal.id)))


class Knock(Base):
    """Somebody wrote on the page without an account: a code of where from that lasts a day, never an address."""

    __tablename__ = "knock"
    territory_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("territory.id"))
    code: Mapped[str]
    at: Mapped[datetime]


def territories_of(person: Person, on: date, roles: tuple[str, ...]) -> Select[uuid.UUID]:
    """Select the ids of the territories where the person holds one of the roles on that day."""
    query = select(Organisation.territory_id).join(Role, Role.organisation_id == Organisation.id)
    return query.where(Role.person_id == person.id, Role.role.in_(roles), Role.held_on(on))


signal_word = Table(
    "signal_word",
    Base.metadata,
    Column("place", SmallInteger, primary_key=True, autoincrement=False),
    Column("word", BYTEWISE, primary_key=True),
    Column("signal_id", Uuid, ForeignKey("signal.id"), primary_key=True),
)
"""What another signal about the same child is recognised by; rows are made from signals and go with their words."""
Index("ix_signal_word_signal", signal_word.c.signal_id, signal_word.c.word)

Index("ix_signal_journal", Signal.territory_id, Signal.received_at, Signal.id)
Index("ix_signal_state", Signal.territory_id, Signal.state, Signal.received_at, Signal.id)
Index("ix_signal_order", Signal.received_at, Signal.id)
Index("ix_signal_state_order", Signal.state, Signal.received_at, Signal.id)
Index("ix_signal_way_order", Signal.way, Signal.received_at, Signal.id)
Index("ix_signal_author", Signal.author_id, Signal.received_at)
Index("ix_knock", Knock.territory_id, Knock.at)
