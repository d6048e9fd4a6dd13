"""Who carries a case: the curator as person and organisation, and one after another on the document's grounds."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from curator_app import texts
from curator_app.auth.models import Organisation, Person, Role
from curator_app.cases.models import Handover
from curator_app.cases.stepping import Effect, StepRefused, Taken
from curator_app.families.models import Family
from curator_app.subjects.models import Assignment, Subject
from curator_app.subjects.service import record_event

CURATOR = "case_curator"
SUBSTITUTE = "substitute"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody in the place from which they work."""

    person: Person
    organisation: Organisation

    @property
    def key(self) -> str:
        """Return what a form posts for it: a person may work at two places."""
        return f"{self.person.id}@{self.organisation.id}"

    @property
    def words(self) -> str:
        """Return the name with the organisation."""
        return f"{self.person.short_name}, {self.organisation.name}"


Carried = tuple[Assignment, Family]
"""A case in somebody's hands, with its family."""


def seats(session: Session, territory_id: uuid.UUID, on: date, roles: Collection[str] = (CURATOR,)) -> list[Seat]:
    """Return who holds one of the roles in a territory on a day, by name."""
    query = select(Person, Organisation).join(Role, Role.person_id == Person.id)
    query = query.join(Organisation, Organisation.id == Role.organisation_id)
    query = query.where(Organisation.territory_id == territory_id, Role.role.in_(roles), Role.held_on(on))
    rows = session.execute(query.order_by(Person.name, Organisation.name))
    return list({(person.id, place.id): Seat(person, place) for person, place in rows}.values())


def curators_of(session: Session, subject: Subject) -> list[Assignment]:
    """Return who has carried the case, the last one first."""
    query = select(Assignment).where(Assignment.subject_id == subject.id, Assignment.role == CURATOR)
    query = query.options(joinedload(Assignment.person), joinedload(Assignment.organisation))
    return list(session.scalars(query.order_by(Assignment.since_on.desc(), Assignment.id.desc())))


def curator_on(session: Session, subject: Subject, on: date) -> Assignment | None:
    """Return who carries the case on a day; of two on the day of a replacement, the new one."""
    return next((one for one in curators_of(session, subject) if one.covers(on)), None)


def substitutes_of(session: Session, subject: Subject, on: date) -> list[Assignment]:
    """Return who stands in on that day or will."""
    query = select(Assignment).where(Assignment.subject_id == subject.id, Assignment.role == SUBSTITUTE)
    query = query.where(Assignment.until_on.is_(None) | (Assignment.until_on >= on))
    return [one for one in session.scalars(query.order_by(Assignment.since_on)) if _not_taken_back(one)]


def loads(session: Session, among: Iterable[Seat], on: date) -> dict[uuid.UUID, int]:
    """Return how many open cases each of them carries: who is asked for one more may be carrying twenty."""
    query = (
        select(Assignment.person_id, func.count())
        .join(Subject)
        .where(
            Assignment.person_id.in_({seat.person.id for seat in among}),
            Assignment.role == CURATOR,
            Assignment.since_on <= on,
            Assignment.until_on.is_(None) | (Assignment.until_on >= on),
            Subject.closed_on.is_(None),
        )
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(Assignment.person_id))}


def carried_by(session: Session, curator: Person, head: Person, on: date) -> list[Carried]:
    """Return the open cases of a curator in the organisations that the head leads, by the family's surname."""
    query = select(Assignment, Family).join(Assignment.subject).join(Family, Family.id == Subject.family_id)
    query = query.where(
        Assignment.person_id == curator.id,
        Assignment.role == CURATOR,
        Assignment.organisation_id.in_(Role.ids_led_by(head, on)),
        Assignment.until_on.is_(None) | (Assignment.until_on >= on),
        Subject.kind == "case",
        Subject.closed_on.is_(None),
    )
    rows = session.execute(query.options(joinedload(Assignment.subject)).order_by(Family.listed_as, Family.id))
    return [(assignment, family) for assignment, family in rows]


def assigned(taken: Taken) -> None:
    """Put the first curator in charge."""
    standing = _standing(taken)
    if standing is not None:
        raise StepRefused(texts.text("curators.has_one", name=standing.person.short_name))
    _put(taken, _seat(taken))


def replaced(taken: Taken) -> None:
    """Put another curator in the place of the one before, who leaves a brief to the new one."""
    old, seat = _standing(taken), _seat(taken)
    if old is None:
        raise StepRefused(texts.text("curators.has_none"))
    if (seat.person.id, seat.organisation.id) == (old.person_id, old.organisation_id):
        raise StepRefused(texts.text("curators.same", name=old.person.short_name), field_name="person")
    if taken.on < old.since_on:
        day = old.since_on.strftime("%d.%m.%Y")
        raise StepRefused(texts.text("curators.too_early", name=old.person.short_name, day=day), field_name="on")
    ground = str(taken.answers.get("ground", ""))
    if ground not in {one.id for one in taken.profile.replacement_grounds}:
        raise StepRefused(texts.text("curators.no_ground", procedure=taken.profile.short_title), field_name="ground")
    # The days before stay theirs; the day of a first assignment too, or what was written in it would be nobody's.
    old.until_on = max(taken.on - DAY, old.since_on)
    _end_substitutes(taken)
    _put(taken, seat)
    taken.data["before"] = str(old.person_id)
    _leave_brief(taken, old, seat, ground)


def _standing(taken: Taken) -> Assignment | None:
    """Return the curator who is in charge or will be: the last one, unless their term is over."""
    last = next(iter(curators_of(taken.session, taken.subject)), None)
    return last if last is not None and (last.until_on is None or last.until_on >= taken.on) else None


def _seat(taken: Taken) -> Seat:
    wanted, place = taken.answers.get("person"), taken.answers.get("organisation")
    for seat in seats(taken.session, taken.subject.territory_id, taken.ground.today):
        if seat.person.id == wanted and place in (None, seat.organisation.id):
            return seat
    raise StepRefused(texts.text("curators.not_a_curator"), field_name="person")


def _put(taken: Taken, seat: Seat) -> None:
    taken.session.add(
        Assignment(
            subject_id=taken.subject.id,
            person_id=seat.person.id,
            organisation_id=seat.organisation.id,
            role=CURATOR,
            since_on=taken.on,
        )
    )
    taken.data |= {"person": str(seat.person.id), "organisation": str(seat.organisation.id)}


def _end_substitutes(taken: Taken) -> None:
    """Let those go who stood in for the curator before: the new one is there."""
    for one in substitutes_of(taken.session, taken.subject, taken.on):
        one.until_on = taken.on - DAY
        data = {"person": str(one.person_id), "text": one.person.short_name}
        record_event(
            taken.subject, "substitute_ended", on=taken.on, data=data, author=taken.by, enrolment=taken.enrolment
        )


def _leave_brief(taken: Taken, old: Assignment, seat: Seat, ground: str) -> None:
    said = taken.answers
    taken.session.add(
        Handover(
            subject_id=taken.subject.id,
            from_id=old.person_id,
            to_id=seat.person.id,
            on=taken.on,
            ground=ground,
            reason=str(said.get("reason") or ""),
            under_way=str(said.get("under_way") or ""),
            careful=str(said.get("careful") or ""),
            contacts=str(said.get("contacts") or ""),
        )
    )


def _not_taken_back(one: Assignment) -> bool:
    return one.until_on is None or one.until_on >= one.since_on


EFFECTS: dict[str, Effect] = {"curator_assigned": assigned, "curator_replaced": replaced}
