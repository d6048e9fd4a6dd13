"""Who may open a subject: the only door to these rows."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import aliased

from curator_app.auth.models import Organisation, Person, Role
from curator_app.families.models import Family
from curator_app.subjects.models import Assignment, Subject

COMMISSION_ROLES = ("commission_secretary", "commission_chair")
INTAKE_ROLE = "intake_officer"
FAMILY_WIDE = ("case", "aftercare")
"""Kinds that everybody sees who works with the family; a signal and early help are for their own people only."""
COMMISSION_KINDS = ("signal", "case", "aftercare", "body")


def subjects_visible_to(person: Person, on: date) -> Select[Subject]:
    """Select the subjects that the person may open on that day, for one row or a few that the query names."""
    return select(Subject).where(subject_is_visible_to(person, on))


def subject_is_visible_to(person: Person, on: date) -> ColumnElement[bool]:
    """Ask of one row of Subject in an enclosing query whether the person may open it."""
    assigned = aliased(Assignment)
    current = (assigned.since_on <= on) & (assigned.until_on.is_(None) | (assigned.until_on >= on))
    own = select(assigned.id).where(assigned.subject_id == Subject.id, assigned.person_id == person.id, current)
    of_family = Subject.kind.in_(FAMILY_WIDE) & Family.is_visible_to(person, on, Subject.family_id)
    commission = Subject.kind.in_(COMMISSION_KINDS) & Subject.territory_id.in_(
        territory_ids(person, on, COMMISSION_ROLES)
    )
    intake = Subject.territory_id.in_(territory_ids(person, on, (INTAKE_ROLE,))) & (Subject.kind != "person")
    return or_(own.exists(), of_family, commission, intake)


def subjects_of_family(person: Person, on: date, family_id: uuid.UUID) -> Select[Subject]:
    """Select a family's cases, early help and aftercare that the person may open, the oldest first."""
    kinds = (*FAMILY_WIDE, "early_help")
    query = subjects_visible_to(person, on).where(Subject.family_id == family_id, Subject.kind.in_(kinds))
    return query.order_by(Subject.created_at)


def is_told_in_dossier(person: Person, on: date) -> ColumnElement[bool]:
    """Ask of one row of Subject whether a family's dossier tells this reader of it.

    That a signal came while a case is open is told to those who carry it; early help to its own people only.
    """
    return or_(Subject.kind.in_((*FAMILY_WIDE, "signal")), subject_is_visible_to(person, on))


def territory_ids(person: Person, on: date, roles: tuple[str, ...]) -> Select[uuid.UUID]:
    """Select the territories in which the person holds one of the roles."""
    role, place = aliased(Role), aliased(Organisation)
    held = (role.since_on <= on) & (role.until_on.is_(None) | (role.until_on >= on))
    query: Select[Any] = select(place.territory_id).join(role, role.organisation_id == place.id)
    return query.where(role.person_id == person.id, role.role.in_(roles), held)
