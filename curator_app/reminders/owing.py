"""Who of the app's people is meant by a role of a document: whom a duty's reminders reach."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.auth.models import HEAD, Organisation, Role
from curator_app.cases.hats import OF_HEADS, OWED_BY, RESOURCE_CENTRE_ROLE
from curator_app.cases.steps import Hat
from curator_app.subjects.doors import COMMISSION_ROLES, INTAKE_ROLE
from curator_app.subjects.models import HEADED_ROLES, STAND_IN, Subject

ASSIGNED: dict[Hat, tuple[str, ...]] = {
    "curator": ("case_curator",),
    "substitute": ("substitute",),
    "owner": ("early_help_owner", STAND_IN),
    "group_chair": ("group_chair",),
    "group": ("group_member",),
}
OFFICES: dict[Hat, tuple[str, ...]] = {
    "commission": COMMISSION_ROLES,
    "intake": (INTAKE_ROLE,),
    "resource_centre": (RESOURCE_CENTRE_ROLE,),
}
"""Offices in the subject's territory; of several roles the first that anybody holds."""
COMMISSION_OWNER = "kdn_commission"


def people_owing(session: Session, subject: Subject, owner: str, on: date) -> list[uuid.UUID]:
    """Return the ids of the people whom a role of the subject's document means on that day; empty for outsiders.

    `head` is whoever leads the organisation that carries the subject.
    """
    if owner in OF_HEADS:
        return _heads(session, subject, on)
    if subject.person_id is not None:
        return [subject.person_id]
    hats = OWED_BY.get(owner, frozenset())
    if "group_chair" in hats:
        # What a group owes, its chair sees to; the members are asked where there is none.
        hats = frozenset({"group_chair"}) if _assigned(subject, ("group_chair",), on) else hats
    found = _assigned(subject, [role for hat in hats for role in ASSIGNED.get(hat, ())], on)
    for hat in hats & OFFICES.keys():
        found += _in_office(session, subject.territory_id, OFFICES[hat], on)
    return sorted(set(found))


def _assigned(subject: Subject, roles: Collection[str], on: date) -> list[uuid.UUID]:
    return [one.person_id for one in subject.assignments if one.role in roles and one.covers(on)]


def _in_office(session: Session, territory_id: uuid.UUID, roles: Sequence[str], on: date) -> list[uuid.UUID]:
    for role in roles:
        query = select(Role.person_id).join(Organisation, Organisation.id == Role.organisation_id)
        query = query.where(Organisation.territory_id == territory_id, Role.role == role, Role.held_on(on))
        found = list(session.scalars(query))
        if found:
            return found
    return []


def _heads(session: Session, subject: Subject, on: date) -> list[uuid.UUID]:
    carrying = {one.organisation_id for one in subject.assignments if one.role in HEADED_ROLES and one.covers(on)}
    led = select(Role.person_id).where(Role.organisation_id.in_(carrying), Role.role == HEAD, Role.held_on(on))
    return sorted(set(session.scalars(led)))
