"""First measures and the safety plan of one child: what threatens, who does what against it and until when."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Select, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.auth.models import Person
from curator_app.database import Base
from curator_app.families.models import Family, FamilyMember
from curator_app.subjects.doors import subject_is_visible_to
from curator_app.subjects.models import Subject

FIRST_MEASURES = "first_measures"
SAFETY_PLAN = "safety_plan"
KEPT = "kept"
BROKEN = "broken"
UNSEEN = "unseen"
LATER = "later"
"""The adult who does it has not been asked yet: good enough for first measures, not for a plan."""


class SafetyPlan(Base):
    """What protects one child now. It stands until a named person decides that it ends, or a newer one replaces it."""

    __tablename__ = "safety_plan"
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("subject.id"), index=True)
    """The signal or the case under which it was set; a signal's plan goes on in the case of its family."""
    kind: Mapped[str]
    """first_measures | safety_plan."""
    child_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("family_member.id"))
    child_name: Mapped[str] = mapped_column(default="")
    """As a signal names a child whose family is not known yet."""
    set_on: Mapped[date]
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    place: Mapped[str]
    """Where the child is: home | relatives | friends | hospital | shelter | other."""
    place_words: Mapped[str] = mapped_column(default="")
    place_address: Mapped[str] = mapped_column(default="")
    """Raw layer: a shelter's or a relative's door is nobody's business but theirs who go there."""
    with_whom: Mapped[str]
    child_knows: Mapped[str] = mapped_column(default="")
    """Raw layer: whom the child calls, where it goes."""
    review_on: Mapped[date | None]
    replaced_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("safety_plan.id"))
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(default="")
    """threat_gone | other_protection | child_grown | mistaken; replaced when a newer one took its place."""
    end_words: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[str] = mapped_column(default="")
    """Who decided that it ends: name and post."""
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    subject: Mapped[Subject] = relationship()
    child: Mapped[FamilyMember | None] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    measures: Mapped[list[SafetyMeasure]] = relationship(order_by="SafetyMeasure.position", back_populates="plan")

    @property
    def of_child(self) -> str:
        """The child's name."""
        return self.child.name if self.child else self.child_name

    @property
    def holds(self) -> bool:
        """Tell whether it is in force."""
        return self.ended_on is None

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[SafetyPlan]:
        """Select the plans of subjects that the person may open, and of families whose card is open to them."""
        card = Family.is_visible_to(person, on, Subject.family_id)
        query = select(cls).join(Subject, Subject.id == cls.subject_id)
        return query.where(or_(subject_is_visible_to(person, on), card))


class SafetyMeasure(Base):
    """One threat and what is done against it: by whom, until when, and how that adult agreed."""

    __tablename__ = "safety_measure"
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("safety_plan.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    threat: Mapped[str]
    measure: Mapped[str]
    who: Mapped[str]
    until_on: Mapped[date]
    agreed: Mapped[str] = mapped_column(default=LATER)
    """in_person | by_phone | in_writing | later."""
    agreed_on: Mapped[date | None]

    plan: Mapped[SafetyPlan] = relationship(back_populates="measures")
    checks: Mapped[list[MeasureCheck]] = relationship(
        order_by="MeasureCheck.on, MeasureCheck.created_at", back_populates="measure"
    )

    @property
    def last(self) -> MeasureCheck | None:
        """The latest word on whether it holds; what was not looked at and what a correction replaced says nothing."""
        said = [one for one in self.checks if one.state != UNSEEN and one.set_aside_at is None]
        return said[-1] if said else None


class MeasureCheck(Base):
    """What was found of a measure at a visit or heard at a contact; a corrected record's word is set aside."""

    __tablename__ = "measure_check"
    measure_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("safety_measure.id"), index=True)
    state: Mapped[str]
    """kept | broken | unseen."""
    fact: Mapped[str] = mapped_column(default="")
    """What hindered, as it was seen: the raw layer."""
    on: Mapped[date]
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    visit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("visit.id"), index=True)
    contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("contact.id"), index=True)
    set_aside_at: Mapped[datetime | None]

    measure: Mapped[SafetyMeasure] = relationship(back_populates="checks")
    author: Mapped[Person] = relationship()


Index("ix_safety_plan_child", SafetyPlan.child_id)
