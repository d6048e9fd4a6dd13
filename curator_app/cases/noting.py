"""Who does something in a case, whether in a session of their own or by a step, and the audit's row about it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from curator_app import texts
from curator_app.audit.service import record
from curator_app.auth.models import Enrolment, Person
from curator_app.cases.stepping import StepRefused, Taken
from curator_app.families.models import FamilyMember


class Hand(Protocol):
    """Who does it and from which browser: a session says so, and so does a step."""

    @property
    def person_id(self) -> uuid.UUID:
        """Who."""

    @property
    def enrolment_id(self) -> uuid.UUID | None:
        """From which browser."""

    @property
    def person(self) -> Person:
        """Who, as a row."""

    @property
    def enrolment(self) -> Enrolment | None:
        """From which browser, as a row."""


@dataclass(frozen=True, slots=True)
class By:
    """The hand that takes a step."""

    person: Person
    enrolment: Enrolment | None

    @property
    def person_id(self) -> uuid.UUID:
        """Who."""
        return self.person.id

    @property
    def enrolment_id(self) -> uuid.UUID | None:
        """From which browser."""
        return self.enrolment.id if self.enrolment else None


def hand_of(taken: Taken) -> Hand:
    """Return who takes a step; raise StepRefused where nobody in particular does."""
    if taken.by is None:
        raise StepRefused(texts.text("course.wrong.nobody"))
    return By(taken.by, taken.enrolment)


def member_of(taken: Taken, name: str = "child") -> FamilyMember:
    """Return whom of the family a step is about; raise StepRefused for anybody else."""
    key = taken.answers.get(name)
    member = taken.session.get(FamilyMember, uuid.UUID(str(key))) if key else None
    if member is None or member.family_id != taken.subject.family_id:
        raise StepRefused(texts.text("course.wrong.child"), field_name=name)
    return member


def note(session: Session, act: str, by: Hand, family_id: uuid.UUID | None, object_id: uuid.UUID) -> None:
    """Add the audit's row to the change's own transaction."""
    marks: dict[str, Any] = {"person_id": by.person_id, "enrolment_id": by.enrolment_id}
    record(session, act, **marks, family_id=family_id, object_id=object_id)
