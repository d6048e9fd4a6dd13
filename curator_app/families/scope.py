"""How many families a reader may open: few enough to name them all, or so many that one walks along an index."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Uuid, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from curator_app.auth.models import Person
from curator_app.families.models import Family, FamilyId

FEW = 2000
"""So many are gathered and sorted in a few milliseconds. Above it a list is walked in its order until a page is full:
then every fiftieth row or so belongs to the reader, whatever the size of the table."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The families one reader may open on one day."""

    person: Person
    on: date
    ids: frozenset[uuid.UUID] | None
    """All of them, or None where there are more than a few."""
    dialect: str
    """Of the database that is asked."""

    def holds(self, family_id: FamilyId) -> ColumnElement[bool]:
        """Narrow a query to them; `family_id` is a column of it."""
        if self.ids is None:
            return Family.is_visible_to(self.person, self.on, family_id)
        return among(family_id, self.ids, self.dialect)


def among(family_id: FamilyId, ids: Iterable[uuid.UUID], dialect: str) -> ColumnElement[bool]:
    """Name families, all in one value: a statement with a thousand of them takes longer to send than to answer."""
    if dialect == "sqlite":
        named = func.json_each(json.dumps([key.hex for key in ids])).table_valued("value")
        return family_id.in_(select(named.c.value))
    return family_id == any_(literal(list(ids), ARRAY(Uuid())))


def scope_of(session: Session, person: Person, on: date) -> Scope:
    """Return what the person may open on that day; looks no further than it must."""
    found = session.scalars(Family.some_ids_visible_to(person, on, FEW + 1)).all()
    ids = frozenset(key for key in found if key is not None)
    return Scope(person, on, ids if len(found) <= FEW else None, session.get_bind().dialect.name)


def own_scope_of(session: Session, person: Person, on: date) -> frozenset[uuid.UUID]:
    """Return the families that are in the person's own hands on that day: nobody carries thousands."""
    found = session.scalars(Family.own_ids(person, on).limit(FEW))
    return frozenset(key for key in found if key is not None)
