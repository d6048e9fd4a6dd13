"""A real start: the first territory, organisation and administrator of an empty installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.audit.service import record
from curator_app.auth.models import ADMINISTRATOR, OFFICE, Organisation, Person, Role, Territory
from curator_app.auth.service import invite


@dataclass(frozen=True)
class First:
    """Who begins, and where."""

    territory: str
    zone: str
    procedure: str
    organisation: str
    name: str
    post: str


def is_begun(session: Session) -> bool:
    """Tell whether anybody works here: then this is no beginning."""
    return session.scalars(select(Person.id).limit(1)).first() is not None


def begin(session: Session, first: First, on: date) -> str:
    """Make the first three and return the token of the administrator's one-time link to a desk."""
    territory = Territory(name=first.territory, zone=first.zone, procedure=first.procedure)
    organisation = Organisation(name=first.organisation, kind="social_service", territory=territory)
    person = Person(name=first.name, post=first.post)
    person.roles.append(Role(organisation=organisation, role=ADMINISTRATOR, since_on=on))
    session.add_all([territory, organisation, person])
    session.flush()
    record(session, "installation:begun", object_id=person.id)
    return invite(session, person, OFFICE)
