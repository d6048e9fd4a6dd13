"""Who carries early help: named by intake, one after another, and who stands in for some days.

Nobody else of their houses reads of it. A stand-in outside its dates opens nothing: nothing has to run at midnight.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from curator_app import texts
from curator_app.cases.curators import DAY, seats
from curator_app.cases.hats import hats_of
from curator_app.cases.opening import OWNER
from curator_app.cases.stepping import Effect, StepRefused, Taken
from curator_app.subjects.models import STAND_IN, Assignment, Subject


def owners_of(session: Session, subject: Subject) -> list[Assignment]:
    """Return who has carried it, the last one first."""
    query = select(Assignment).where(Assignment.subject_id == subject.id, Assignment.role == OWNER)
    query = query.options(joinedload(Assignment.person), joinedload(Assignment.organisation))
    return list(session.scalars(query.order_by(Assignment.since_on.desc(), Assignment.id.desc())))


def owner_on(session: Session, subject: Subject, on: date) -> Assignment | None:
    """Return who carries it on a day; of two on the day of a change, the new one."""
    return next((one for one in owners_of(session, subject) if one.covers(on)), None)


def stand_ins_of(session: Session, subject: Subject, on: date) -> list[Assignment]:
    """Return who stands in for the owner on that day or will, the nearest first."""
    query = select(Assignment).where(Assignment.subject_id == subject.id, Assignment.role == STAND_IN)
    query = query.where(Assignment.until_on >= on, Assignment.until_on >= Assignment.since_on)
    query = query.options(joinedload(Assignment.person), joinedload(Assignment.organisation))
    return list(session.scalars(query.order_by(Assignment.since_on, Assignment.id)))


def stood_in(taken: Taken) -> None:
    """Put somebody beside the owner from one day to another, both counted."""
    session, subject = taken.session, taken.subject
    since, until = taken.answers["since"], taken.answers["until"]
    owner = owner_on(session, subject, taken.ground.today)
    _refuse_stand_in(taken)
    if owner is None:
        raise StepRefused(texts.text("owners.nobody_to_stand_in_for"))
    if since < taken.ground.today:
        raise StepRefused(texts.text("owners.since_passed"), field_name="since")
    if until < since:
        raise StepRefused(texts.text("owners.until_before"), field_name="until")
    held = seats(session, subject.territory_id, since, (OWNER,))
    seat = next((one for one in held if one.person.id == taken.answers.get("person")), None)
    if seat is None:
        raise StepRefused(texts.text("owners.not_an_owner"), field_name="person")
    if owner.person_id == seat.person.id:
        raise StepRefused(texts.text("owners.same", name=owner.person.short_name), field_name="person")
    for one in stand_ins_of(session, subject, since):
        if one.person_id == seat.person.id and one.since_on <= until:
            raise StepRefused(texts.text("owners.stands_in_already", name=one.person.short_name), field_name="person")
    begun = {"subject_id": subject.id, "person_id": seat.person.id, "organisation_id": seat.organisation.id}
    session.add(Assignment(**begun, role=STAND_IN, since_on=since, until_on=until))


def stand_in_ended(taken: Taken) -> None:
    """Let stand-ins end before today; those that have not begun never do."""
    _refuse_stand_in(taken)
    if not _end_stand_ins(taken):
        raise StepRefused(texts.text("owners.nobody_stands_in"))


def _refuse_stand_in(taken: Taken) -> None:
    """Refuse whoever only stands in: who comes next is the owner's and the intake's to say."""
    if taken.by is None:
        return
    mine = [
        one for one in stand_ins_of(taken.session, taken.subject, taken.ground.today) if one.person_id == taken.by.id
    ]
    owner = owner_on(taken.session, taken.subject, taken.ground.today)
    owns = owner is not None and owner.person_id == taken.by.id
    if mine and not owns and "intake" not in hats_of(taken.session, taken.by, taken.subject, taken.ground.today):
        raise StepRefused(texts.text("owners.only_stands_in"))


def _end_stand_ins(taken: Taken) -> int:
    found = stand_ins_of(taken.session, taken.subject, taken.ground.today)
    for one in found:
        # The days before stay: what was written in them was written by somebody who carried the family.
        one.until_on = max(taken.ground.today, one.since_on) - DAY
    return len(found)


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
    _end_stand_ins(taken)
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


EFFECTS: dict[str, Effect] = {
    "owner_named": named,
    "owner_stand_in_named": stood_in,
    "owner_stand_in_ended": stand_in_ended,
}
