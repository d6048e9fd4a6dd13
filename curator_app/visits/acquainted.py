"""Acquainting a family with its case: with the resolution, the group, the programme, each an act of its own."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.auth.models import Person
from curator_app.database import Base
from curator_app.families.models import Family


class CaseAcquaintance(Base):
    """One act: with what, when, who was there, how it was made clear, what they said. The id is the phone's."""

    __tablename__ = "case_acquaintance"
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"))
    family_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family.id"))
    event_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("event.id"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    enrolment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("enrolment.id"))
    about: Mapped[str]
    """resolution | group | programme, and what else the profile names."""
    on: Mapped[date]
    present: Mapped[list[Any]] = mapped_column(default=list)
    """Ids of the family's people who were there."""
    how: Mapped[list[Any]] = mapped_column(default=list)
    """read_aloud | plain_words | copy_given | shown."""
    signed: Mapped[str] = mapped_column(default="")
    """paper | later | declined | disagrees | "" where nobody was asked."""
    words: Mapped[str] = mapped_column(default="")
    """What the family said, in its own words: the raw layer."""
    card_given: Mapped[bool] = mapped_column(default=False)
    form_version: Mapped[str]
    fields: Mapped[list[Any]] = mapped_column(default=list)
    phone_at: Mapped[datetime | None]
    received_at: Mapped[datetime]

    family: Mapped[Family] = relationship()
    author: Mapped[Person] = relationship()

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[CaseAcquaintance]:
        """Select the acts of families whose raw records the person may read on that day."""
        return select(cls).where(Family.is_raw_visible_to(person, on, cls.family_id))


Index("ix_case_acquaintance_family", CaseAcquaintance.family_id, CaseAcquaintance.on)
