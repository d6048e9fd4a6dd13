"""The family's own channel: a card with a number, and what came by it. It goes past who works with the family."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Select, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.auth.models import Organisation, Person, Role, Territory
from curator_app.database import Base
from curator_app.families.models import Family
from curator_app.subjects.doors import FAMILY_WIDE, INTAKE_ROLE
from curator_app.subjects.models import CASE_ROLES, Assignment, Subject

COMMISSION = ("commission_secretary", "commission_chair")


class FamilyCard(Base):
    """The card of one family. Its number is worked out from the installation's secret; only a hash lies here."""

    __tablename__ = "family_card"
    family_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family.id"), unique=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    generation: Mapped[int] = mapped_column(default=1)
    """A lost card is made anew: the next number, and the one before opens nothing."""

    family: Mapped[Family] = relationship()


class FamilyRequest(Base):
    """What a family asked for by its card. Its curator does not read it: the head and the commission do."""

    __tablename__ = "family_request"
    family_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    """The one that carried the case when it came, if any did: its head answers."""
    territory_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("territory.id"))
    kind: Mapped[str]
    """other_curator | change | attend | object | complain | other."""
    words: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    """How to reach them, if they want that."""
    received_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(default="")

    family: Mapped[Family] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    territory: Mapped[Territory] = relationship()
    answered_by: Mapped[Person | None] = relationship()

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[FamilyRequest]:
        """Select what the head of that organisation and the commission of that territory read.

        Never who carries the family's case, whatever else they are. Of a family with early help alone nobody but
        intake knows: its requests are intake's.
        """
        own = select(Assignment.id).join(Subject).where(Subject.family_id == cls.family_id)
        own = own.where(Assignment.person_id == person.id, Assignment.role.in_(CASE_ROLES), Assignment.since_on <= on)
        own = own.where(Assignment.until_on.is_(None) | (Assignment.until_on >= on))
        commissions = select(Organisation.territory_id).join(Role, Role.organisation_id == Organisation.id)
        commissions = commissions.where(Role.person_id == person.id, Role.role.in_(COMMISSION), Role.held_on(on))
        intakes = select(Organisation.territory_id).join(Role, Role.organisation_id == Organisation.id)
        intakes = intakes.where(Role.person_id == person.id, Role.role == INTAKE_ROLE, Role.held_on(on))
        case = select(Subject.id).where(Subject.family_id == cls.family_id, Subject.kind.in_(FAMILY_WIDE)).exists()
        office = cls.organisation_id.in_(Role.ids_led_by(person, on)) | cls.territory_id.in_(commissions)
        reads = (case & office) | (~case & cls.territory_id.in_(intakes))
        return select(cls).where(reads, ~own.exists())


Index("ix_family_request_family", FamilyRequest.family_id, FamilyRequest.received_at)
Index("ix_family_request_newest", FamilyRequest.received_at)
Index("ix_family_request_organisation", FamilyRequest.organisation_id, FamilyRequest.answered_at)
Index("ix_family_request_territory", FamilyRequest.territory_id, FamilyRequest.answered_at)
