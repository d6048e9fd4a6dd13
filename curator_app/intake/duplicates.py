"""Has somebody told of this child already, or is the family known? By name, address and phone, a letter wrong included.

Only for those who take signals in, and within one territory: a hint with its grounds, never a decision.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Column, Select, Table, select
from sqlalchemy.orm import Session, selectinload

from curator_app.families.models import Family
from curator_app.families.search_models import ADDRESS as FAMILY_ADDRESS
from curator_app.families.search_models import INITIAL as FAMILY_INITIAL
from curator_app.families.search_models import NAME as FAMILY_NAME
from curator_app.families.search_models import SURNAME as FAMILY_SURNAME
from curator_app.families.search_models import family_word, word_variant
from curator_app.families.words import may_be_misspelt, one_letter_apart, shortened
from curator_app.intake.models import WORKED_WITH, Signal, signal_word
from curator_app.intake.places import ADDRESS, INITIAL, NAME, SURNAME, TELEPHONE
from curator_app.intake.words import Named, address_parts, named, people, same_address, telephone
from curator_app.subjects.models import Subject

MOST = 6
"""More likenesses help nobody."""
LOOKED_AT = 60

BY_NAME, BY_ADDRESS, BY_PHONE = "name", "address", "phone"


@dataclass(frozen=True, slots=True)
class Sought:
    """Whom a signal is about, as far as anybody said."""

    territory_id: uuid.UUID
    children: Sequence[str] = ()
    adults: str = ""
    address: str = ""
    phone: str = ""
    apart_from: uuid.UUID | None = None
    """The signal itself, once it is kept."""

    @property
    def people(self) -> list[Named]:
        """Everybody who is named."""
        return [*(one for name in self.children if (one := named(name))), *people(self.adults)]


@dataclass(slots=True)
class Alike:
    """A signal or a family that may be the same, and why."""

    signal: Signal | None = None
    family: Family | None = None
    grounds: set[str] = field(default_factory=set)
    work: list[Subject] = field(default_factory=list)
    """What is under way with the family."""


@dataclass(frozen=True, slots=True)
class _Where:
    """A table of words: signals' or families'."""

    table: Table
    key: Column[uuid.UUID]
    surname: int
    name: int
    initial: int
    address: int


_SIGNALS = _Where(signal_word, signal_word.c.signal_id, SURNAME, NAME, INITIAL, ADDRESS)
_FAMILIES = _Where(family_word, family_word.c.family_id, FAMILY_SURNAME, FAMILY_NAME, FAMILY_INITIAL, FAMILY_ADDRESS)


def alike(session: Session, sought: Sought) -> list[Alike]:
    """Return families and signals of the territory that look the same, those with the most grounds first."""
    families = _grounds(session, sought, _FAMILIES, _families_here(sought))
    signals = _grounds(session, sought, _SIGNALS, _signals_here(sought))
    found = [*_families(session, sought, families), *_signals(session, sought, signals)]
    return sorted(found, key=lambda one: -len(one.grounds))[:MOST]


def sought_by(signal: Signal) -> Sought:
    """Return whom a signal is about."""
    names = [str(child.get("name", "")) for child in signal.children]
    return Sought(signal.territory_id, names, signal.adults, signal.address, signal.phone, signal.id)


def _families_here(sought: Sought) -> Select[uuid.UUID]:
    return select(Family.id).where(Family.territory_id == sought.territory_id)


def _signals_here(sought: Sought) -> Select[uuid.UUID]:
    here = select(Signal.id).where(Signal.territory_id == sought.territory_id, Signal.erased_at.is_(None))
    return here.where(Signal.id != sought.apart_from) if sought.apart_from else here


def _grounds(session: Session, sought: Sought, where: _Where, here: Select[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """Return what may be the same, and on what grounds; an address is looked at again by whoever has the rows."""
    queries = [(BY_NAME, query) for person in sought.people for query in _named_alike(session, where, person)]
    queries += [(BY_ADDRESS, query) for query in _lives_alike(session, where, sought.address)]
    if where is _SIGNALS and telephone(sought.phone):
        queries.append((BY_PHONE, _having(where, TELEPHONE, [telephone(sought.phone)])))
    found: dict[uuid.UUID, set[str]] = {}
    for ground, query in queries:
        # Newest first: ids are ordered by time.
        rows = session.scalars(query.where(where.key.in_(here)).order_by(where.key.desc()).limit(LOOKED_AT))
        for key in rows:
            found.setdefault(key, set()).add(ground)
    return found


def _named_alike(session: Session, where: _Where, person: Named) -> Iterator[Select[uuid.UUID]]:
    """Yield the ways in which a name may be written elsewhere: surname and a letter, or two words in any order."""
    for lead in person.words:
        others = [word[0] for word in person.words if word != lead]
        others += sorted(person.letters - {word[0] for word in person.words})
        query = _having(where, where.surname, _spellings(session, lead))
        if others:
            letter = where.table.alias()
            also = (letter.c[where.key.name] == where.key) & (letter.c.place == where.initial)
            query = query.where(select(letter.c.word).where(also, letter.c.word.in_(others)).exists())
        yield query
    if len(person.words) > 1:
        yield _having_all(where, where.name, person.words[:2])


def _lives_alike(session: Session, where: _Where, address: str) -> Iterator[Select[uuid.UUID]]:
    names, numbers = address_parts(address)
    if names and numbers:
        number = where.table.alias()
        also = (number.c[where.key.name] == where.key) & (number.c.place == where.address)
        has_number = select(number.c.word).where(also, number.c.word.in_(sorted(numbers))).exists()
        for name in sorted(names, key=len, reverse=True)[:2]:
            yield _having(where, where.address, _spellings(session, name)).where(has_number)


def _having(where: _Where, place: int, words: Iterable[str]) -> Select[uuid.UUID]:
    column = where.table.c
    return select(where.key).where(column.place == place, column.word.in_(sorted(words))).distinct()


def _having_all(where: _Where, place: int, words: Sequence[str]) -> Select[uuid.UUID]:
    query = _having(where, place, words[:1])
    for word in words[1:]:
        other = where.table.alias()
        also = (other.c[where.key.name] == where.key) & (other.c.place == place) & (other.c.word == word)
        query = query.where(select(other.c.word).where(also).exists())
    return query


def _spellings(session: Session, word: str) -> set[str]:
    """Return a word and those that are one letter away from it."""
    if not may_be_misspelt(word):
        return {word}
    near = select(word_variant.c.word).where(word_variant.c.variant.in_(shortened(word))).distinct()
    return {word, *(other for other in session.scalars(near) if one_letter_apart(word, other))}


def _families(session: Session, sought: Sought, grounds: dict[uuid.UUID, set[str]]) -> Iterator[Alike]:
    query = select(Family).where(Family.id.in_(grounds)).options(selectinload(Family.members))
    for family in session.scalars(query):
        lives = "" if family.address_hidden else f"{family.settlement} {family.address}"
        why = _still(grounds[family.id], sought, lives)
        if why:
            open_work = select(Subject).where(Subject.family_id == family.id, Subject.closed_on.is_(None))
            work = session.scalars(open_work.where(Subject.kind.in_(WORKED_WITH)).order_by(Subject.id))
            yield Alike(family=family, grounds=why, work=list(work))


def _signals(session: Session, sought: Sought, grounds: dict[uuid.UUID, set[str]]) -> Iterator[Alike]:
    for signal in session.scalars(select(Signal).where(Signal.id.in_(grounds)).order_by(Signal.id.desc())):
        why = _still(grounds[signal.id], sought, signal.address)
        if why:
            yield Alike(signal=signal, grounds=why)


def _still(grounds: set[str], sought: Sought, address: str) -> set[str]:
    """Leave an address out that is another one after all: one street and one number make no house."""
    return grounds if same_address(sought.address, address) else grounds - {BY_ADDRESS}
