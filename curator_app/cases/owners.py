"""Who carries early help: named by intake, and one after another. Nobody else of the owner's house reads of it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from curator_app import texts
from curator_app.cases.curators import DAY, seats
from curator_app.cases.opening import OWNER
from curator_app.cases.stepping import Effect, StepRefused, Taken
from curator_app.subjects.models import Assignment, Subject


def owners_of(session: Session, subject: Subject) -> list[Assignment]:
    """Return who has carried it, the last one first."""
    query = select(Assignment).where(Assignment.subject_id == subject.id, Assignment.role == OWNER)
    query = query.options(joinedload(Assignment.person), joinedload(Assignment.organisation))
    return list(session.scalars(query.order_by(Assignment.since_on.desc(), Assignment.id.desc())))


def owner_on(session: Session, subject: Subject, on: date) -> Assignment | None:
    """Return who carries it on a day; of two on the day of a change, the new one."""
    return next((one for one in owners_of(session, subject) if one.covers(on)), None)


def named(taken: Taken) -> None:
    """Put somebody in charge, in the place of whoever was before."""
    held = seats(taken.session, taken.subject.territory_id, taken.on, (OWNER,))
    seat = next((one for one in held if one.person.id == taken.answers.get("person")), None)
    if seat is None:
        raise StepRefused(texts.text("owners.not_an_owner"), field_name="person")
    old = next((one for one in owners_of(taken.session, taken.subject) if _goes_on(one, taken.on)), None)
    if old is not None:
        if seat.person.id == old.person_id:
            raise StepRefused(texts.text("owners.same", name=old.person.short_name), field_name="person")
        _end(taken, old)
    begun = {"subject_id": taken.subject.id, "person_id": seat.person.id, "organisation_id": seat.organisation.id}
    taken.session.add(Assignment(**begun, role=OWNER, since_on=taken.on))
    taken.data |= {"person": str(seat.person.id), "organisation": str(seat.organisation.id)}


def _end(taken: Taken, old: Assignment) -> None:
    if taken.on < old.since_on:
        day = old.since_on.strftime("%d.%m.%Y")
        raise StepRefused(texts.text("owners.too_early", name=old.person.short_name, day=day), field_name="on")
    # The days before stay theirs; the day of a first one too, or what was written on it would be nobody's.
    old.until_on = max(taken.on - DAY, old.since_on)
    taken.data["before"] = str(old.person_id)


def _goes_on(one: Assignment, on: date) -> bool:
    return one.until_on is None or one.until_on >= on


EFFECTS: dict[str, Effect] = {"owner_named": named}
