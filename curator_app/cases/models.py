"""A case as papers know it: its number and ground, its children, who handed it over, where copies went, services."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.auth.models import Organisation, Person
from curator_app.database import Base
from curator_app.families.models import FamilyMember
from curator_app.subjects.models import Subject

HOME = "home"


class CaseFile(Base):
    """The cover of a case or of early help: its number, since when, on what ground."""

    __tablename__ = "case_file"
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"), unique=True)
    number: Mapped[int]
    """Of the territory's own series; a family's second case has another."""
    opened_on: Mapped[date]
    ground: Mapped[str]
    """resolution | decision: of a commission's sitting, or of a named person by the level of risk."""
    reason: Mapped[str] = mapped_column(default="")
    resolution_no: Mapped[str] = mapped_column(default="")
    resolution_on: Mapped[date | None]
    resolution_text: Mapped[str] = mapped_column(default="")
    signal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("subject.id"))
    """The signal from which it came."""
    opened_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    subject: Mapped[Subject] = relationship(foreign_keys=[subject_id])
    opened_by: Mapped[Person | None] = relationship()


class CaseChild(Base):
    """One child of a case: what concerns a child is kept per child, also how it ended for this one."""

    __tablename__ = "case_child"
    __table_args__ = (UniqueConstraint("subject_id", "member_id"),)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"))
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family_member.id"), index=True)
    since_on: Mapped[date]
    until_on: Mapped[date | None]
    """The last day in the case: came of age, died, moved, the case was closed."""
    status: Mapped[str] = mapped_column(default="")
    """Value of the profile's classification that was decided about this child; empty: the family's holds."""
    placement: Mapped[str] = mapped_column(default=HOME)
    """Where the child lives now: home, or what the decision on placement names."""
    placed_with: Mapped[str] = mapped_column(default="")
    """With whom or where, in words."""
    outcome: Mapped[str] = mapped_column(default="")
    outcome_on: Mapped[date | None]

    subject: Mapped[Subject] = relationship()
    member: Mapped[FamilyMember] = relationship()

    def is_in(self, on: date) -> bool:
        """Tell whether the child belongs to the case on that day; the last day counts."""
        return self.since_on <= on and (self.until_on is None or on <= self.until_on)


class Handover(Base):
    """What one curator leaves to the next: read and acknowledged by the new one."""

    __tablename__ = "handover"
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"))
    from_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    on: Mapped[date]
    ground: Mapped[str]
    """Of the profile's replacement grounds."""
    reason: Mapped[str] = mapped_column(default="")
    under_way: Mapped[str] = mapped_column(default="")
    """What is begun and waits for somebody."""
    careful: Mapped[str] = mapped_column(default="")
    """What to mind with this family."""
    contacts: Mapped[str] = mapped_column(default="")
    """Who helps and knows the family."""
    acknowledged_at: Mapped[datetime | None]

    subject: Mapped[Subject] = relationship()
    from_person: Mapped[Person] = relationship(foreign_keys=[from_id])
    to_person: Mapped[Person] = relationship(foreign_keys=[to_id])


class PaperCopy(Base):
    """A copy of a paper on its way to one addressee."""

    __tablename__ = "paper_copy"
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"))
    paper: Mapped[str]
    """resolution | plan."""
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    addressee: Mapped[str]
    """As it is written on the envelope."""
    way: Mapped[str]
    """by_hand | by_post | by_system."""
    number: Mapped[str] = mapped_column(default="")
    sent_on: Mapped[date]
    received_on: Mapped[date | None]
    received_by: Mapped[str] = mapped_column(default="")

    subject: Mapped[Subject] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class ServicesProgramme(Base):
    """Individual programme of social services (ИППСУ): for whom, from when until when."""

    __tablename__ = "services_programme"
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"))
    number: Mapped[str] = mapped_column(default="")
    since_on: Mapped[date]
    until_on: Mapped[date]
    drawn_up_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    subject: Mapped[Subject] = relationship()
    services: Mapped[list[Service]] = relationship(order_by="Service.position", back_populates="programme")


class Service(Base):
    """One service of a programme: what, how much, in what term, by whom."""

    __tablename__ = "service"
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("services_programme.id"), index=True)
    position: Mapped[int]
    what: Mapped[str]
    volume: Mapped[str] = mapped_column(default="")
    term: Mapped[str] = mapped_column(default="")
    provider: Mapped[str] = mapped_column(default="")

    programme: Mapped[ServicesProgramme] = relationship(back_populates="services")


Index("ix_case_child_subject", CaseChild.subject_id, CaseChild.until_on)
Index("ix_handover_subject", Handover.subject_id)
Index("ix_paper_copy_subject", PaperCopy.subject_id)
Index("ix_services_programme_subject", ServicesProgramme.subject_id)
