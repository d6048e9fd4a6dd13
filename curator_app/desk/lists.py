"""Lists of families: by whose turn it is, by surname page by page, and what a search found.

Only the rows that are shown are loaded whole: what orders them is read as bare columns, and nothing counts them all.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from curator_app.auth.models import Person
from curator_app.desk.service import current_curators
from curator_app.families.findable import card_words
from curator_app.families.layers import raw_among, sight_of
from curator_app.families.models import Family
from curator_app.families.scope import Scope, own_scope_of, scope_of
from curator_app.families.search import find_families
from curator_app.families.search_models import INITIAL
from curator_app.visits.meetings import Meeting, agreed_meetings
from curator_app.visits.models import VISIT, Visit

SOON = timedelta(days=7)
ATTEMPTS_LOOK_BACK = timedelta(days=120)
Ids = Sequence[uuid.UUID]


@dataclass(frozen=True)
class FamilyRow:
    """A family on a list: the last visit that took place, how many days ago, and the attempts since."""

    family: Family
    address: str
    """As this reader may know it."""
    last_visit_on: date | None
    days_since: int | None
    curator: Person | None
    raw: bool
    """Whether the reader may see more than the shared card."""
    attempts: int
    """Attempts since the last visit: counted apart, nobody's fault and no visit."""
    agreed: Meeting | None
    """When they agreed to meet, where that is within the week or has passed."""

    @property
    def words(self) -> str:
        """What a phone finds the row by without a network: the same words that the server keeps."""
        return " ".join(sorted({word for place, word in card_words(self.family) if place != INITIAL}))


@dataclass(frozen=True)
class FamilyPage:
    """Some families of a longer list, by surname."""

    rows: list[FamilyRow]
    after: uuid.UUID | None = None
    """The family behind which the page begins; None at the beginning of the list."""
    last: uuid.UUID | None = None
    """Its own last family where the list goes on."""

    @property
    def is_whole(self) -> bool:
        """Tell whether this is all there is."""
        return self.after is None and self.last is None


@dataclass(frozen=True)
class Turns:
    """Whose turn it is, the first ones only."""

    rows: list[FamilyRow] = field(default_factory=list)
    is_whole: bool = True
    """Whether no family was left out."""


def families_of(session: Session, person: Person, on: date, most: int | None = None) -> list[FamilyRow]:
    """Return the families a person may open: agreed meetings first, then the longest unseen; at most so many."""
    return turns_of(session, person, on, most).rows


def turns_of(session: Session, person: Person, on: date, most: int | None = None) -> Turns:
    """Return whose turn it is. Who may open thousands of families is told of those in their own hands."""
    scope = scope_of(session, person, on)
    whole = scope.ids is not None
    ids = list(scope.ids if scope.ids is not None else own_scope_of(session, person, on))
    seen = _last_visits(session, ids)
    raw = raw_among(session, person, on, ids)
    soon = _soon(session, [key for key in ids if key in raw], on)
    names = dict(session.execute(select(Family.id, Family.listed_as).where(Family.id.in_(ids))).all())

    def turn(key: uuid.UUID) -> tuple[bool, date, str, str]:
        if meeting := soon.get(key):
            return False, meeting.on, meeting.time, names[key]
        return True, seen.get(key, date.min), "", names[key]

    first = sorted(names, key=turn)[:most]
    return Turns(rows_of(session, person, on, first), whole and len(first) == len(names))


def family_page(session: Session, person: Person, on: date, most: int, after: uuid.UUID | None = None) -> FamilyPage:
    """Return so many families by surname, those behind the family `after`; a place, not a number, is the cursor."""
    scope = scope_of(session, person, on)
    order = select(Family.id).where(scope.holds(Family.id)).order_by(Family.listed_as, Family.id)
    place = _place(session, scope, after)
    if place is not None:
        # The first condition is what an index can begin at.
        behind = or_(Family.listed_as > place, Family.id > after)
        order = order.where(Family.listed_as >= place, behind)
    ids = session.scalars(order.limit(most + 1)).all()
    rows = rows_of(session, person, on, ids[:most])
    return FamilyPage(rows, after if place is not None else None, ids[most - 1] if len(ids) > most else None)


def found_families(session: Session, person: Person, on: date, text: str) -> list[FamilyRow]:
    """Return the families that fit what was typed, the likeliest first."""
    return rows_of(session, person, on, find_families(session, person, on, text))


def rows_of(session: Session, person: Person, on: date, ids: Ids) -> list[FamilyRow]:
    """Load what a list shows of these families, in this order; the caller knows that they may be shown."""
    families = session.scalars(select(Family).where(Family.id.in_(ids)).options(selectinload(Family.members))).all()
    seen = _last_visits(session, ids)
    attempts = _attempts_since(session, seen, ids, on)
    curators = {family_id: curator for family_id, curator in session.execute(current_curators(on, ids)) if family_id}
    sight = sight_of(session, person, on, families)
    soon = _soon(session, ids, on)
    rows = {
        family.id: FamilyRow(
            family,
            sight.address(family),
            seen.get(family.id),
            (on - seen[family.id]).days if family.id in seen else None,
            curators.get(family.id),
            raw=sight.sees_raw(family),
            attempts=attempts[family.id],
            agreed=soon.get(family.id) if sight.sees_raw(family) else None,
        )
        for family in families
    }
    return [rows[key] for key in ids if key in rows]


def _place(session: Session, scope: Scope, after: uuid.UUID | None) -> str | None:
    """Return where a family stands in the list; None for one that the reader does not find there (any more)."""
    if after is None:
        return None
    return session.scalars(select(Family.listed_as).where(Family.id == after, scope.holds(Family.id))).first()


def _last_visits(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, date]:
    return dict(
        session.execute(
            select(Visit.family_id, func.max(Visit.on))
            .where(Visit.family_id.in_(ids), Visit.outcome == VISIT, Visit.superseded_at.is_(None))
            .group_by(Visit.family_id)
        ).all()
    )


def _soon(session: Session, ids: Ids, on: date) -> dict[uuid.UUID, Meeting]:
    return {key: meeting for key, meeting in agreed_meetings(session, ids, on).items() if meeting.on <= on + SOON}


def _attempts_since(session: Session, seen: dict[uuid.UUID, date], ids: Ids, on: date) -> Counter[uuid.UUID]:
    """Count each family's attempts since its last visit, or within four months where there was none."""
    tried = session.execute(
        select(Visit.family_id, Visit.on).where(
            Visit.family_id.in_(ids),
            Visit.outcome != VISIT,
            Visit.superseded_at.is_(None),
            Visit.on > on - ATTEMPTS_LOOK_BACK,
        )
    ).all()
    return Counter(family_id for family_id, day in tried if day >= seen.get(family_id, date.min))
