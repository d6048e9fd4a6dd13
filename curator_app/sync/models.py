"""What arrived from phones, exactly as it arrived, and what became of it."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    String,
    UniqueConstraint,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from curator_app.auth.models import Enrolment, Person, Role
from curator_app.database import Base

RECEIVED = "received"
APPLIED = "applied"
NEEDS_REPAIR = "needs_repair"
UNREADABLE = "unreadable"


NOBODYS = uuid.UUID(int=0)
"""What stands for the family of a record that names none."""


class Envelope(Base):
    """One sealed envelope: the proof of what a phone sent, kept beside what was made of it.

    Text lies in ``body``; the sealed bytes of a photo lie in the photo store under ``store_key``.
    """

    __tablename__ = "envelope"
    __table_args__ = (
        # Ids are minted on phones: unique per enrolment, so that nobody can occupy another's id.
        UniqueConstraint("enrolment_id", "envelope_id"),
        UniqueConstraint("seq"),
        Index("ix_envelope_waiting", "state", "kind", "seq"),
        Index("ix_envelope_about", "about_id"),
        Index("ix_envelope_family", "family_id"),
    )

    enrolment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrolment.id"))
    envelope_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(String(32))
    #: the header's exact bytes: they are part of the HPKE info and of what is signed
    header: Mapped[bytes] = mapped_column(LargeBinary)
    kid: Mapped[str] = mapped_column(String(64))
    #: bytes of the sealed message and its SHA-256
    length: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    state: Mapped[str] = mapped_column(String(16), default=RECEIVED)
    #: codes, never text: [{"code": "family_handed_over"}, {"code": "field", "field": "on"}]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    #: grows in the order of commits, for "everything up to here is in the backup"
    seq: Mapped[int] = mapped_column(BigInteger)
    #: № 2026-00418, given at receipt to a visit; None for everything else
    number_year: Mapped[int | None]
    number: Mapped[int | None]
    body: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    store_key: Mapped[str | None] = mapped_column(String(200))
    #: the phone's own clock, and ours
    phone_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    #: envelope id that this one corrects
    supersedes: Mapped[uuid.UUID | None]
    #: the visit's or photo's own id, known once the envelope was opened
    about_id: Mapped[uuid.UUID | None]
    #: whose words it carries, also where nothing was made of it: known once it was opened; NOBODYS where it names none
    family_id: Mapped[uuid.UUID | None]
    #: a job took it at this moment; a job that died gives it back after a while
    claimed_at: Mapped[datetime | None]

    enrolment: Mapped[Enrolment] = relationship()
    repair_notes: Mapped[list[RepairNote]] = relationship(order_by="RepairNote.id", back_populates="envelope")

    @property
    def number_text(self) -> str | None:
        """«2026-00418», or None when no number was given."""
        if self.number is None:
            return None
        return f"{self.number_year}-{self.number:05d}"

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[Envelope]:
        """Select the envelopes of one's own phones and, for a head, of her organisation's people."""
        return cls._of(or_(Enrolment.person_id == person.id, Enrolment.person_id.in_(_led_people(person, on))))

    @classmethod
    def led_by(cls, person: Person, on: date) -> Select[Envelope]:
        """Select the envelopes of a head's own people: hers to settle."""
        return cls._of(Enrolment.person_id.in_(_led_people(person, on)))

    @classmethod
    def _of(cls, whose: ColumnElement[bool]) -> Select[Envelope]:
        return select(cls).join(Enrolment, cls.enrolment_id == Enrolment.id).where(whose)


class RepairNote(Base):
    """What somebody at the office wrote to an envelope that could not be applied; the original stays as it came."""

    __tablename__ = "repair_note"

    envelope_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("envelope.id"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str]
    #: the head is done with it: nothing more is asked of anybody
    closes: Mapped[bool] = mapped_column(default=False)

    envelope: Mapped[Envelope] = relationship(back_populates="repair_notes")
    author: Mapped[Person] = relationship()


class VerifiedBackup(Base):
    """A copy of the database that was opened and compared: everything up to `seq` is in it."""

    __tablename__ = "verified_backup"

    seq: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(200))


class Counter(Base):
    """A named number that only grows; its row is locked until the transaction that took it commits."""

    __tablename__ = "sync_counter"

    name: Mapped[str] = mapped_column(String(32), unique=True)
    value: Mapped[int] = mapped_column(BigInteger)


def _led_people(person: Person, on: date) -> Select[uuid.UUID]:
    """Select the people of the organisations that the person heads on that day."""
    held = (Role.since_on <= on) & (Role.until_on.is_(None) | (Role.until_on >= on))
    led = select(Role.organisation_id).where(held, Role.person_id == person.id, Role.role == "head")
    return select(Role.person_id).where(Role.organisation_id.in_(led))
