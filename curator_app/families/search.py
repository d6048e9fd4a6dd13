"""Find families by surname, name, number or address, also with a wrong letter; only those the reader may open."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from curator_app.auth.models import Person
from curator_app.families.models import Family, FamilyId
from curator_app.families.scope import scope_of
from curator_app.families.search_models import ADDRESS, INITIAL, NAME, NUMBER, SURNAME, family_word, word_variant
from curator_app.families.words import asked, may_be_misspelt, one_letter_apart, shortened

MOST = 20
"""More are not looked for: whoever finds twenty writes another letter."""
MOST_ALIKE = 8
"""So many words may stand behind a misspelt one."""
EVERYWHERE = (SURNAME, NUMBER, NAME, ADDRESS)
BEHIND_EVERYTHING = "\uffff"


class Holds(Protocol):
    """What a search stays within."""

    def holds(self, family_id: FamilyId) -> ColumnElement[bool]:
        """Narrow a query to the families of the scope; `family_id` is a column of it."""


@dataclass(frozen=True, slots=True)
class Within:
    """Where a search looks: in which families, and in which words of their cards, the likeliest first."""

    scope: Holds
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """A word that was typed: those that begin so are meant (who types still sees them), and those that are like it."""

    word: str
    alike: tuple[str, ...] = ()

    def ways(self, column: ColumnElement[str]) -> list[ColumnElement[bool]]:
        """Ask of a column of words whether it is meant: one condition for each way, as an index answers only one."""
        begins = and_(column >= self.word, column < self.word + BEHIND_EVERYTHING)
        return [begins, *(column == word for word in self.alike)]


def find_families(session: Session, person: Person, on: date, text: str) -> list[uuid.UUID]:
    """Return the ids of families that the person may open and that fit what was typed, the likeliest first."""
    return find_within(session, scope_of(session, person, on), text) if asked(text).words else []


def find_within(session: Session, scope: Holds, text: str, places: tuple[int, ...] = EVERYWHERE) -> list[uuid.UUID]:
    """Return the ids of a scope's families that fit what was typed, the likeliest first, at most MOST.

    As typed and with these initials, then without regard to initials, and only when nothing fits with a letter wrong.
    """
    wanted = asked(text)
    if not wanted.words:
        return []
    within = Within(scope, places)
    exact = [Meant(word) for word in wanted.words]
    initials = wanted.initials if NAME in places else ()
    found = _matching(session, within, exact, initials) if initials else []
    if len(found) < MOST:
        found = _more(found, _matching(session, within, exact))
    return found or _matching(session, within, [_with_alike(session, word) for word in wanted.words])


def _matching(session: Session, within: Within, meant: list[Meant], initials: tuple[str, ...] = ()) -> list[uuid.UUID]:
    """Return families that have every word; the longest one leads, from the surname down to the address."""
    found: list[uuid.UUID] = []
    for place in within.places:
        for leads in meant[0].ways(family_word.c.word):
            rows = session.scalars(_having(within, leads & (family_word.c.place == place), meant[1:], initials))
            found = _more(found, list(rows))
        if len(found) == MOST:
            break
    return found


def _having(
    within: Within, leads: ColumnElement[bool], others: list[Meant], initials: tuple[str, ...]
) -> Select[uuid.UUID]:
    column = family_word.c
    query = select(column.family_id).where(leads, within.scope.holds(column.family_id))
    # The words of a hidden address are not kept; nor would they be found.
    hidden = select(Family.id).where(Family.id == column.family_id, Family.address_hidden.is_(True)).exists()
    query = query.where((column.place != ADDRESS) | ~hidden)
    for meant in others:
        other = family_word.alias()
        same = (other.c.family_id == column.family_id) & other.c.place.in_(within.places)
        query = query.where(select(other.c.word).where(same, or_(*meant.ways(other.c.word))).exists())
    for letter in initials:
        other = family_word.alias()
        same = (other.c.family_id == column.family_id) & (other.c.place == INITIAL)
        query = query.where(select(other.c.word).where(same, other.c.word == letter).exists())
    return query.order_by(column.word, column.family_id).limit(MOST)


def _with_alike(session: Session, word: str) -> Meant:
    """Look up the words that are one letter away."""
    if not may_be_misspelt(word):
        return Meant(word)
    near = select(word_variant.c.word).where(word_variant.c.variant.in_(shortened(word))).distinct()
    alike = sorted(other for other in session.scalars(near) if one_letter_apart(word, other))
    return Meant(word, tuple(alike[:MOST_ALIKE]))


def _more(found: list[uuid.UUID], others: list[uuid.UUID]) -> list[uuid.UUID]:
    return list(dict.fromkeys([*found, *others]))[:MOST]
