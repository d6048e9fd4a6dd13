"""Three layers of a dossier: what of a family this reader may see. Pages ask here, never the columns."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app import texts
from curator_app.auth.models import Person
from curator_app.families.models import Family


@dataclass(frozen=True, slots=True)
class Sight:
    """How deep one reader sees into the families asked about, on one day."""

    raw: frozenset[uuid.UUID]
    """Families whose visits, child's words, door and hidden address the reader may read."""

    def sees_raw(self, family: Family) -> bool:
        """Tell whether the raw layer is open; otherwise only the shared card is."""
        return family.id in self.raw

    def address(self, family: Family) -> str:
        """Return where they live, or words instead of it: the one way an address reaches a page."""
        if family.address_hidden and not self.sees_raw(family):
            return texts.text("layers.address_hidden")
        return family.address


def sight_of(session: Session, person: Person, on: date, families: Iterable[Family]) -> Sight:
    """Return what the person sees of these families on that day."""
    return Sight(raw_among(session, person, on, [family.id for family in families]))


def raw_among(session: Session, person: Person, on: date, ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return those of the families whose raw layer the person may read; asks of no others, however many there are."""
    open_to_them = Family.is_raw_visible_to(person, on, Family.id)
    return frozenset(session.scalars(select(Family.id).where(Family.id.in_(ids), open_to_them))) if ids else frozenset()
