"""What a family and its curator agreed on: promises of both sides, and how the family was acquainted with the text."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.auth.models import Person
from curator_app.database import Base
from curator_app.families.models import Family
from curator_app.visits.models import Contact, Visit


class Promise(Base):
    """One thing that one side does by one day. The id is the phone's."""

    __tablename__ = "promise"
    __table_args__ = (
        Index("ix_promise_open", "family_id", "closed_on"),
        Index(
            "ix_promise_due",
            "due_on",
            postgresql_where=text("closed_on IS NULL"),
            sqlite_where=text("closed_on IS NULL"),
        ),
    )
    family_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family.id"))
    visit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("visit.id"), index=True)
    contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("contact.id"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    side: Mapped[str]
    """ours | theirs."""
    what: Mapped[str]
    who: Mapped[str] = mapped_column(default="")
    """Who does it, in words; "" is the author (ours) or the family (theirs)."""
    made_on: Mapped[date]
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="open")
    """open | partly | not_yet | kept | dropped. not_yet and partly stay open."""
    reason: Mapped[str] = mapped_column(default="")
    closed_on: Mapped[date | None]
    told_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("visit.id"))
    """The visit at which its state was last told."""
    position: Mapped[int] = mapped_column(default=0)

    family: Mapped[Family] = relationship()
    visit: Mapped[Visit | None] = relationship(back_populates="promises", foreign_keys=[visit_id])
    contact: Mapped[Contact | None] = relationship(back_populates="promises")
    author: Mapped[Person] = relationship()

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[Promise]:
        """Select the promises of families whose raw records the person may read on that day."""
        return select(cls).where(Family.is_raw_visible_to(person, on, cls.family_id))


class Acquaintance(Base):
    """How the family was acquainted with the text that was frozen at the visit: every outcome is equal."""

    __tablename__ = "acquaintance"
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"), unique=True)
    outcome: Mapped[str]
    """paper_two_copies | read_aloud_marked | mark_on_screen | sign_later | not_signed | disagree_with."""
    text: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    """Of `text` in UTF-8, hex; `mark` is bound to it."""
    member_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("family_member.id"))
    """The adult who was acquainted."""
    beside_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("family_member.id"))
    """The minor who marked it too, always beside the representative."""
    mark: Mapped[list[Any]] = mapped_column(default=list)
    """Strokes of the mark on the screen: [[[x, y], …], …] in thousandths of the field's width."""
    words: Mapped[str] = mapped_column(default="")
    """What the family said to it, as it was said."""
    minor_opinion: Mapped[str] = mapped_column(default="")

    visit: Mapped[Visit] = relationship(back_populates="acquaintance")
