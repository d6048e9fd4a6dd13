"""Verbs of an administrator and a head: people, their dated roles, organisations, one-time links."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session, selectinload

from curator_app.audit.service import record
from curator_app.auth.models import ADMINISTRATOR, HEAD, METHODOLOGIST, Organisation, Person, Role, SignIn, Territory
from curator_app.errors import Refused

CURATOR = "case_curator"
DUTY = "duty"
OFFICES = ("intake_officer", "commission_secretary", "commission_chair", "resource_centre", "group_chair")
"""Roles that open other organisations' families or papers: an administrator gives them."""
ROLES_OF_A_HEAD = (CURATOR, DUTY, "specialist", "early_help_owner", "group_member")
"""What a head may give in her own organisation; the rest is an administrator's business."""
ROLES = (*ROLES_OF_A_HEAD, *OFFICES, HEAD, METHODOLOGIST, ADMINISTRATOR)
ORGANISATIONS_SHOWN = 10
PEOPLE_SHOWN = 40
"""A region has hundreds of organisations: a page ends with the one that fills it, so that it costs the same there."""


@dataclass(frozen=True)
class Details:
    """Who somebody is."""

    name: str
    post: str
    phone: str


@dataclass(frozen=True)
class Term:
    """A role in an organisation from one day to another; without the latter, for good."""

    organisation: Organisation
    role: str
    since: date
    until: date | None = None


@dataclass(frozen=True)
class Group:
    """An organisation and those who work there now or soon."""

    organisation: Organisation
    people: Sequence[Person]


@dataclass(frozen=True)
class PeoplePage:
    """Some organisations with their people, in the order of names, and the last of them where the list goes on."""

    groups: list[Group]
    after: uuid.UUID | None = None
    last: uuid.UUID | None = None


def people_of(session: Session, person: Person, on: date, after: uuid.UUID | None = None) -> PeoplePage:
    """Return those whom the person looks after, by organisation, behind the one named; who is in two stands in both."""
    query = Organisation.visible_to(person, on)
    mark = session.scalars(query.where(Organisation.id == after)).first() if after else None
    if mark is not None:
        query = query.where(tuple_(Organisation.name, Organisation.id) > (mark.name, mark.id))
    found = session.scalars(query.order_by(Organisation.name, Organisation.id).limit(ORGANISATIONS_SHOWN + 1)).all()
    organisations = _filling_a_page(session, found[:ORGANISATIONS_SHOWN], on)
    here = select(Role.person_id).where(Role.organisation_id.in_([one.id for one in organisations]))
    theirs = Person.visible_to(person, on).where(Person.id.in_(here))
    everybody = session.scalars(theirs.options(selectinload(Person.roles)).order_by(Person.name)).all()
    groups = [Group(place, [one for one in everybody if _works_at(one, place, on)]) for place in organisations]
    return PeoplePage(groups, mark.id if mark else None, organisations[-1].id if len(found) > len(groups) else None)


def organisations_of(session: Session, person: Person, on: date) -> list[Organisation]:
    """Return the organisations whose people the person looks after."""
    query = Organisation.visible_to(person, on).options(selectinload(Organisation.territory))
    return list(session.scalars(query.order_by(Organisation.name)))


def territories(session: Session) -> list[Territory]:
    """Return all territories by name."""
    return list(session.scalars(select(Territory).order_by(Territory.name)))


def may_give(person: Person, on: date) -> tuple[str, ...]:
    """Return the roles that the person may give and end."""
    return ROLES if person.has_role(ADMINISTRATOR, on) else ROLES_OF_A_HEAD


def may_change(person: Person, other: Person, on: date) -> bool:
    """Tell whether the person may change the account: a head does not touch heads, administrators and outsiders."""
    if person.has_role(ADMINISTRATOR, on):
        return True
    led = {role.organisation_id for role in person.roles if role.role == HEAD and role.is_held(on)}
    held = [role for role in other.roles if role.until_on is None or role.until_on >= on]
    return all(role.organisation_id in led and role.role in ROLES_OF_A_HEAD for role in held)


def add_person(session: Session, details: Details, term: Term, by: SignIn) -> Person:
    """Make an account with a first role; the link to enter comes apart."""
    person = Person(name=details.name, post=details.post, phone=details.phone)
    session.add(person)
    session.flush()
    _note(session, "person:made", by, person.id, {})
    give_role(session, person, term, by)
    return person


def change_person(session: Session, person: Person, details: Details, by: SignIn) -> None:
    """Correct who somebody is."""
    person.name, person.post, person.phone = details.name, details.post, details.phone
    _note(session, "person:changed", by, person.id, {})


def give_role(session: Session, person: Person, term: Term, by: SignIn) -> Role:
    """Give a dated role; raise Refused to oneself, and when the person holds it there in those days already."""
    refuse_oneself(person.id, by, "role")
    if any(_overlaps(held, term) for held in person.roles):
        raise Refused(fields={"role": "role_held"})
    given = Role(organisation=term.organisation, role=term.role, since_on=term.since, until_on=term.until)
    person.roles.append(given)
    session.flush()
    dates = {"since": str(term.since), "until": str(term.until) if term.until else None}
    data = {"role": term.role, "organisation": str(term.organisation.id), **dates}
    _note(session, "role:given", by, person.id, data)
    return given


def end_role(session: Session, role: Role, last_day: date, by: SignIn) -> None:
    """Let a role end with that day; raise Refused for the last administrator, who would lock everybody out.

    One's own may be given up, never be made longer.
    """
    if last_day > (role.until_on or date.max):
        refuse_oneself(role.person_id, by, "until")
    if role.role == ADMINISTRATOR and _administrators(session, role.person_id) == 0:
        raise Refused(fields={"until": "last_administrator"})
    role.until_on = last_day
    data = {"role": role.role, "organisation": str(role.organisation_id), "until": str(last_day)}
    _note(session, "role:ended", by, role.person_id, data)


def refuse_oneself(person_id: uuid.UUID, by: SignIn, field: str) -> None:
    """Refuse who gives to themselves: what an account opens, somebody else has decided."""
    if person_id == by.person_id:
        raise Refused(fields={field: "oneself"})


def save_organisation(session: Session, organisation: Organisation, by: SignIn) -> None:
    """Keep an organisation that was made or corrected."""
    session.add(organisation)
    session.flush()
    _note(session, "organisation:saved", by, organisation.id, {})


def _filling_a_page(session: Session, organisations: Sequence[Organisation], on: date) -> list[Organisation]:
    """Return the first of them, up to the one with whose people a page is full."""
    ids = [one.id for one in organisations]
    count = select(Role.organisation_id, func.count(Role.person_id.distinct())).group_by(Role.organisation_id)
    here = count.where(Role.organisation_id.in_(ids), Role.until_on.is_(None) | (Role.until_on >= on))
    working = dict(session.execute(here).all())
    shown: list[Organisation] = []
    for one in organisations:
        if sum(working.get(before.id, 0) for before in shown) >= PEOPLE_SHOWN:
            break
        shown.append(one)
    return shown


def _works_at(person: Person, organisation: Organisation, on: date) -> bool:
    roles = [role for role in person.roles if role.organisation_id == organisation.id]
    return any(role.until_on is None or role.until_on >= on for role in roles)


def _overlaps(held: Role, term: Term) -> bool:
    if (held.role, held.organisation_id) != (term.role, term.organisation.id):
        return False
    return held.since_on <= (term.until or date.max) and term.since <= (held.until_on or date.max)


def _administrators(session: Session, but: uuid.UUID) -> int:
    others = select(func.count()).where(Role.role == ADMINISTRATOR, Role.until_on.is_(None), Role.person_id != but)
    return session.scalar(others) or 0


def _note(session: Session, act: str, by: SignIn, object_id: uuid.UUID, data: dict[str, Any]) -> None:
    record(session, act, person_id=by.person_id, enrolment_id=by.enrolment_id, object_id=object_id, data=data)
