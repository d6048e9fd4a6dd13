"""A home visit (or an attempt at one), what was observed by sections, and its photos."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.auth.models import Enrolment, Person
from curator_app.cases.safety_models import MeasureCheck
from curator_app.database import Base
from curator_app.families.models import Family, FamilyMember

if TYPE_CHECKING:
    from curator_app.visits.agreements import Acquaintance, Promise

VISIT = "visit"


class Visit(Base):
    """What a curator wrote down. The id is the one the phone minted when the visit began."""

    __tablename__ = "visit"
    __table_args__ = (UniqueConstraint("year", "number"),)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"))
    family_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family.id"))
    event_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("event.id"))
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    enrolment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("enrolment.id"))
    year: Mapped[int]
    number: Mapped[int]
    outcome: Mapped[str]
    """visit, or the kind of an attempt: not_opened, nobody_home…"""
    on: Mapped[date]
    started: Mapped[str] = mapped_column(String(5), default="")
    ended: Mapped[str] = mapped_column(String(5), default="")
    """HH:MM as the curator set them, in the territory's zone."""
    form_version: Mapped[str]
    fields: Mapped[list[Any]] = mapped_column(default=list)
    """The posted pairs as they came, [[name, value], …]: the record as written."""
    phone_at: Mapped[datetime | None]
    """By the phone's own clock; shown, never used for order."""
    received_at: Mapped[datetime]
    applied_at: Mapped[datetime]
    supersedes_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("visit.id"))
    superseded_at: Mapped[datetime | None]
    planned: Mapped[str] = mapped_column(default="")
    """planned | invited | unplanned, or "" when nobody said."""
    unfinished: Mapped[bool] = mapped_column(default=False)
    """«Готово, допишу»: the author means to supplement it."""
    paper_by: Mapped[str] = mapped_column(default="")
    """Who wrote the paper that the office copied; "" for a record that was never on paper."""
    next_on: Mapped[date | None]
    next_time: Mapped[str] = mapped_column(String(5), default="")
    """When the family and the curator agreed to meet next; HH:MM or ""."""

    family: Mapped[Family] = relationship()
    author: Mapped[Person] = relationship()
    enrolment: Mapped[Enrolment | None] = relationship()
    observations: Mapped[list[Observation]] = relationship(back_populates="visit", order_by="Observation.position")
    notes: Mapped[list[SectionNote]] = relationship(back_populates="visit", order_by="SectionNote.position")
    statements: Mapped[list[Statement]] = relationship(back_populates="visit", order_by="Statement.position")
    mentions: Mapped[list[Mention]] = relationship(back_populates="visit", order_by="Mention.position")
    child_words: Mapped[list[ChildWords]] = relationship(back_populates="visit", order_by="ChildWords.position")
    promises: Mapped[list[Promise]] = relationship(
        back_populates="visit", order_by="Promise.position", foreign_keys="Promise.visit_id"
    )
    acquaintance: Mapped[Acquaintance | None] = relationship(back_populates="visit")
    photos: Mapped[list[Photo]] = relationship(back_populates="visit", order_by="Photo.position")
    found: Mapped[list[MeasureCheck]] = relationship(
        order_by="MeasureCheck.created_at", primaryjoin="MeasureCheck.visit_id == Visit.id", viewonly=True
    )
    """What it said of the measures that protect the children."""

    @property
    def label(self) -> str:
        """The number people quote: «2026-00418»."""
        return f"{self.year}-{self.number:05d}"

    @property
    def is_attempt(self) -> bool:
        """Tell an attempt from a visit that took place."""
        return self.outcome != VISIT

    def value(self, name: str) -> str:
        """Return the posted value of a field, or an empty string."""
        return next((value for key, value in self.fields if key == name), "")

    def values(self, name: str) -> list[str]:
        """Return every posted value of a field."""
        return [value for key, value in self.fields if key == name]

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[Visit]:
        """Select the visits of families whose raw records the person may read on that day."""
        return select(cls).where(Family.is_raw_visible_to(person, on, cls.family_id))


class Observation(Base):
    """One chip: a strength or a worry seen in a section, of the family or of one of its people."""

    __tablename__ = "observation"
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    member_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("family_member.id"))
    section: Mapped[str]
    side: Mapped[str]
    """strength | worry."""
    item: Mapped[str]
    carried: Mapped[bool] = mapped_column(default=False)
    """Said by «так же» from last time, not chosen anew."""
    position: Mapped[int] = mapped_column(default=0)

    visit: Mapped[Visit] = relationship(back_populates="observations")


class SectionNote(Base):
    """What was written in a section: own words, change, the fact and its source, the conclusion apart."""

    __tablename__ = "section_note"
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    member_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("family_member.id"))
    """About one child; None is about the whole family."""
    section: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    strengths_own: Mapped[str] = mapped_column(default="")
    worries_own: Mapped[str] = mapped_column(default="")
    change: Mapped[str] = mapped_column(default="")
    fact: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    conclusion: Mapped[str] = mapped_column(default="")

    visit: Mapped[Visit] = relationship(back_populates="notes")


class Statement(Base):
    """An answered statement on safety now or on living conditions, with the fact where the answer was «нет»."""

    __tablename__ = "statement"
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    member_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("family_member.id"))
    part: Mapped[str]
    """safety | living."""
    statement: Mapped[str]
    answer: Mapped[str]
    """yes | no | not_known | not_seen | asked_not_to_record | not_applicable."""
    fact: Mapped[str] = mapped_column(default="")
    carried: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)

    visit: Mapped[Visit] = relationship(back_populates="statements")


class Mention(Base):
    """A topic talked about or a right explained, so that nobody repeats it for form's sake."""

    __tablename__ = "mention"
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    kind: Mapped[str]
    """topic | right."""
    item: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)

    visit: Mapped[Visit] = relationship(back_populates="mentions")


class ChildWords(Base):
    """What a child said, word for word: the restricted layer, kept apart from the visit's own fields."""

    __tablename__ = "child_words"
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family_member.id"))
    verbatim: Mapped[str] = mapped_column(default="")
    context: Mapped[str] = mapped_column(default="")
    """spontaneous | asked | in_play | by_message."""
    question: Mapped[str] = mapped_column(default="")
    present: Mapped[list[Any]] = mapped_column(default=list)
    """Ids of the form's present_…: who heard it."""
    wish: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)

    visit: Mapped[Visit] = relationship(back_populates="child_words")
    member: Mapped[FamilyMember] = relationship()

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[ChildWords]:
        """Select the words that this person may read: curator, substitute and head of the family's case."""
        return select(cls).join(Visit).where(Family.is_raw_visible_to(person, on, Visit.family_id))


class Contact(Base):
    """A contact beside visits: a call, a meeting elsewhere, a letter. The id is the phone's."""

    __tablename__ = "contact"
    __table_args__ = (Index("ix_contact_family", "family_id", "on"),)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"))
    family_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family.id"))
    event_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("event.id"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    enrolment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("enrolment.id"))
    kind: Mapped[str]
    """contact_call, contact_letter…: ids of the form."""
    on: Mapped[date]
    time: Mapped[str] = mapped_column(String(5), default="")
    with_whom: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    next_on: Mapped[date | None]
    next_time: Mapped[str] = mapped_column(String(5), default="")
    """When they agreed to meet next; HH:MM or ""."""
    form_version: Mapped[str]
    fields: Mapped[list[Any]] = mapped_column(default=list)
    phone_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    applied_at: Mapped[datetime]

    family: Mapped[Family] = relationship()
    author: Mapped[Person] = relationship()
    promises: Mapped[list[Promise]] = relationship(back_populates="contact", order_by="Promise.position")
    found: Mapped[list[MeasureCheck]] = relationship(
        order_by="MeasureCheck.created_at", primaryjoin="MeasureCheck.contact_id == Contact.id", viewonly=True
    )

    def value(self, name: str) -> str:
        """Return the posted value of a field, or an empty string."""
        return next((value for key, value in self.fields if key == name), "")

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[Contact]:
        """Select the contacts of families whose raw records the person may read on that day."""
        return select(cls).where(Family.is_raw_visible_to(person, on, cls.family_id))


class Photo(Base):
    """A picture announced by a visit. The id is the phone's; the bytes come in their own envelope."""

    __tablename__ = "photo"
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the JPEG that the phone sealed, hex."""
    place: Mapped[str] = mapped_column(default="")
    purpose: Mapped[str] = mapped_column(default="")
    caption: Mapped[str] = mapped_column(default="")
    taken_at: Mapped[str] = mapped_column(default="")
    """EXIF's own text (with offset if there was one): the camera's clock is a claim, not a time."""
    allowed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("family_member.id"))
    """The adult who said that this place may be photographed."""
    shown: Mapped[bool] = mapped_column(default=False)
    """The family saw it before «Готово»."""
    withdrawn_at: Mapped[datetime | None]
    """The family took its permission back: the content is erased, that there was a picture stays."""
    erased_at: Mapped[datetime | None]
    """When nothing of it was left in the photo store."""
    state: Mapped[str] = mapped_column(default="announced")
    """announced → received → ready | refused; withdrawn at any time."""
    refusal: Mapped[str] = mapped_column(default="")
    width: Mapped[int | None]
    height: Mapped[int | None]
    bytes: Mapped[int | None]

    visit: Mapped[Visit] = relationship(back_populates="photos")

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[Photo]:
        """Select the photos of visits the person may open on that day."""
        return select(cls).join(Visit).where(Family.is_raw_visible_to(person, on, Visit.family_id))


Index("ix_visit_family", Visit.family_id, Visit.on)
Index("ix_visit_event", Visit.event_id)
Index("ix_visit_supersedes", Visit.supersedes_id)
Index("ix_visit_author", Visit.author_id, Visit.unfinished)
Index("ix_visit_subject", Visit.subject_id)
