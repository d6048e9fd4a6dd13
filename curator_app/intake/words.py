"""The words by which two signals about one child are told alike. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from curator_app.families.words import may_be_misspelt, one_letter_apart, words
from curator_app.intake.places import ADDRESS, INITIAL, NAME, SURNAME, TELEPHONE

Row = tuple[int, str]
DIGITS_OF_A_NUMBER = 10
"""Without the country: +7 and 8 are one."""
FEWEST_DIGITS = 5
_GENERIC = frozenset({"город", "сел", "деревн", "поселок", "поселк", "район", "улиц", "переулок", "квартир", "корпус"})
_AND = re.compile(r"[,;/]| и ")


@dataclass(frozen=True, slots=True)
class Named:
    """A person as somebody wrote them: whole words and letters that stand for others."""

    words: tuple[str, ...]
    letters: frozenset[str]
    """First letters of every word and initials as such."""


def named(text: str) -> Named | None:
    """Read one person's name; None where there is none."""
    found = words(text)
    whole = tuple(word for word in found if len(word) > 1)
    return Named(whole, frozenset(word[0] for word in found)) if whole else None


def people(text: str) -> list[Named]:
    """Read several names in one line: «Рябинкина О. П., Рябинкин С. В.»."""
    return [one for part in _AND.split(text) if (one := named(part)) is not None]


def name_rows(text: str) -> set[Row]:
    """Return the rows of one name: papers have the surname first."""
    one = named(text)
    if one is None:
        return set()
    rows = {(NAME, word) for word in one.words} | {(INITIAL, letter) for letter in one.letters}
    return rows | {(SURNAME, one.words[0])}


def address_parts(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of an address (village, street) and its numbers (house, flat)."""
    found = [word for word in words(text) if word not in _GENERIC]
    names = frozenset(word for word in found if len(word) > 1 and not word[0].isdigit())
    return names, frozenset(word for word in found if word[0].isdigit())


def same_address(one: str, other: str) -> bool:
    """Tell whether two addresses may be one: what the shorter one says stands in the longer one, number and all."""
    (names, numbers), (other_names, other_numbers) = address_parts(one), address_parts(other)
    if not (names and numbers and other_names and other_numbers):
        return False
    return _within(names, other_names) and _within(numbers, other_numbers)


def telephone(text: str) -> str:
    """Return a number as it is compared: its last ten digits; "" where there are too few for one."""
    digits = "".join(sign for sign in text if sign.isdigit())
    return digits[-DIGITS_OF_A_NUMBER:] if len(digits) >= FEWEST_DIGITS else ""


def rows_of(children: Sequence[str], adults: str, address: str, phone: str) -> set[Row]:
    """Return what a signal is recognised by."""
    rows: set[Row] = set()
    for name in (*children, *_AND.split(adults)):
        rows |= name_rows(name)
    names, numbers = address_parts(address)
    rows |= {(ADDRESS, word) for word in names | numbers}
    if telephone(phone):
        rows.add((TELEPHONE, telephone(phone)))
    return rows


def _within(one: Iterable[str], other: Iterable[str]) -> bool:
    """Tell whether everything of the shorter one stands in the longer one; a letter of a longer word may be wrong."""
    small, large = sorted((set(one), set(other)), key=len)
    return all(any(_alike(word, known) for known in large) for word in small)


def _alike(word: str, known: str) -> bool:
    return word == known or (may_be_misspelt(word) and one_letter_apart(word, known))
