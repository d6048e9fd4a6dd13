"""Keep families findable: called by whatever writes a family or its people, in the same transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, selectinload

from curator_app.families.models import Family
from curator_app.families.search_models import (
    ADDRESS,
    INITIAL,
    NAME,
    NUMBER,
    SURNAME,
    family_word,
    word_variant,
)
from curator_app.families.words import is_dictionary_word, shortened, words

CHUNK = 500
Row = tuple[int, str]


def card_words(family: Family) -> set[Row]:
    """Return the words a family is found by, each with its place: the shared card, and never a hidden address."""
    rows = {(SURNAME, word) for word in words(family.surname)}
    if family.case_no is not None:
        rows.add((NUMBER, str(family.case_no)))
    for member in family.members:
        rows |= name_words(member.name)
    if not family.address_hidden:
        rows |= address_words(f"{family.settlement} {family.address}")
    return rows


def address_words(address: str) -> set[Row]:
    """Return the words and numbers of an address; a letter alone («с.», «д.») is none."""
    return {(ADDRESS, word) for word in words(address) if len(word) > 1 or word.isdigit()}


def name_words(name: str) -> set[Row]:
    """Return the words and initials of a person's name."""
    return {row for word in words(name) for row in ((NAME, word), (INITIAL, word[0]))}


def keep_findable(session: Session, family: Family) -> None:
    """Bring the words of one family up to date with its card."""
    session.flush()
    kept = select(family_word.c.place, family_word.c.word).where(family_word.c.family_id == family.id)
    old = {(row.place, row.word) for row in session.execute(kept)}
    new = card_words(family)
    for place, word in old - new:
        gone = (family_word.c.place == place) & (family_word.c.word == word)
        session.execute(delete(family_word).where(gone, family_word.c.family_id == family.id))
    if new - old:
        session.execute(insert(family_word), word_rows(family.id, new - old))
        learn(session, {word for _place, word in new - old})


def make_findable(session: Session) -> int:
    """Make every family's words anew, with the dictionary; return how many families there are."""
    session.execute(delete(family_word))
    session.execute(delete(word_variant))
    known: set[str] = set()
    count = 0
    families = session.scalars(select(Family).options(selectinload(Family.members)).execution_options(yield_per=CHUNK))
    for some in families.partitions():
        rows = [row for family in some for row in word_rows(family.id, card_words(family))]
        session.execute(insert(family_word), rows)
        fresh = {str(row["word"]) for row in rows} - known
        learn(session, fresh)
        known |= fresh
        count += len(some)
    return count


def nothing_findable(session: Session) -> bool:
    """Tell whether there are families of which no word is kept: they were written before there was a search."""
    family = session.scalars(select(Family.id).limit(1)).first()
    return family is not None and session.execute(select(family_word.c.word).limit(1)).first() is None


def word_rows(family_id: uuid.UUID, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return rows of `family_word`."""
    return [{"place": place, "word": word, "family_id": family_id} for place, word in sorted(rows)]


def learn(session: Session, fresh: Iterable[str]) -> None:
    """Put words into the dictionary; those it has stay as they are, whoever else learns them at this moment."""
    pairs = sorted((short, word) for word in fresh if is_dictionary_word(word) for short in shortened(word))
    if pairs:
        session.execute(_insert_new(session, word_variant), [{"variant": short, "word": word} for short, word in pairs])


def _insert_new(session: Session, table: Table) -> Any:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table).on_conflict_do_nothing()
