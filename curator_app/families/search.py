"""Find families by surname, name, number or address, also with a wrong letter; only those the reader may open."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from curator_app.auth.models import Person
from curator_app.families.models import Family
from curator_app.families.scope import Scope, scope_of
from curator_app.families.search_models import ADDRESS, INITIAL, NAME, NUMBER, SURNAME, family_word, word_variant
from curator_app.families.words import Asked, asked, may_be_misspelt, one_letter_apart, shortened

MOST = 20
"""More are not looked for: whoever finds twenty writes another letter."""
BEHIND_EVERYTHING = "\uffff"
Fits = Callable[[ColumnElement[str]], ColumnElement[bool]]
"""Asks of a column of words whether it is one that was meant."""


def find_families(session: Session, person: Person, on: date, text: str) -> list[uuid.UUID]:
    """Return the ids of families that fit what was typed, the likeliest first, at most MOST.

    As typed and with these initials, then without regard to initials, and only when nothing fits with a letter wrong.
    """
    wanted = asked(text)
    if not wanted.words:
        return []
    scope = scope_of(session, person, on)
    exact = [_begins(word) for word in wanted.words]
    found = _matching(session, scope, exact, wanted) if wanted.initials else []
    found = _more(found, _matching(session, scope, exact, Asked(wanted.words, ())) if len(found) < MOST else [])
    if found:
        return found
    meant = [_meant(session, word) for word in wanted.words]
    return _matching(session, scope, meant, Asked(wanted.words, ()))


def _matching(session: Session, scope: Scope, fits: list[Fits], wanted: Asked) -> list[uuid.UUID]:
    """Return families that have every word; the longest one leads, from the surname down to the address."""
    found: list[uuid.UUID] = []
    for place in (SURNAME, NUMBER, NAME, ADDRESS):
        rows = session.scalars(_having(scope, place, fits, wanted.initials))
        found = _more(found, list(rows))
        if len(found) == MOST:
            break
    return found


def _having(scope: Scope, place: int, fits: list[Fits], initials: tuple[str, ...]) -> Select[uuid.UUID]:
    lead, *others = fits
    column = family_word.c
    query = select(column.family_id).join(Family, Family.id == column.family_id)
    query = query.where(column.place == place, lead(column.word), scope.holds(column.family_id))
    if place == ADDRESS:
        query = query.where(Family.address_hidden.is_(False))  # its words are not kept; nor would they be shown
    for fit in others:
        other = family_word.alias()
        same = other.c.family_id == column.family_id
        query = query.where(select(other.c.word).where(same, other.c.place != INITIAL, fit(other.c.word)).exists())
    for letter in initials:
        other = family_word.alias()
        same = (other.c.family_id == column.family_id) & (other.c.place == INITIAL)
        query = query.where(select(other.c.word).where(same, other.c.word == letter).exists())
    return query.order_by(column.word, column.family_id).limit(MOST)


def _begins(word: str) -> Fits:
    """Ask for words that begin so: who is still typing sees them already."""
    return lambda column: and_(column >= word, column < word + BEHIND_EVERYTHING)


def _meant(session: Session, word: str) -> Fits:
    """Ask for words that begin so or have one letter wrong."""
    begins = _begins(word)
    if not may_be_misspelt(word):
        return begins
    near = select(word_variant.c.word).where(word_variant.c.variant.in_(shortened(word))).distinct()
    alike = [other for other in session.scalars(near) if one_letter_apart(word, other)]
    return lambda column: or_(begins(column), column.in_(alike)) if alike else begins(column)


def _more(found: list[uuid.UUID], others: list[uuid.UUID]) -> list[uuid.UUID]:
    return list(dict.fromkeys([*found, *others]))[:MOST]
