"""Words as people search for them: ё as е, without endings, with one letter wrong. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

SURE = 4
"""From so many letters on one of them may be wrong: shorter words would all be alike."""
KNOWN = 3
"""Words of so many letters are in the dictionary: one of four may have a letter too many."""
MOST_LETTERS = 100
MOST_WORDS = 6
_OF_ADDRESSES = frozenset({"ул", "кв", "дом", "пер", "пос", "пр", "просп"})
"""What stands in every second address finds nothing."""
_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_ENDING = re.compile(
    r"(?<=[^\W\d_]{3})(?:ыми|ими|ого|его|ому|ему|ая|яя|ую|юю|ою|ею|ой|ей|ий|ый|ые|ие|ых|их|ым|им|ом|ем|ах|ях|а|я|о|е|и|ы|у|ю|й|ь)$"
)
"""The ending of a case, number or gender: Рябинкины, Рябинкиной, Рябинкину are one family."""
_KEYS = dict(zip("`qwertyuiop[]asdfghjkl;'zxcvbnm,.", "ёйцукенгшщзхъфывапролджэячсмитьбю", strict=True))


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for: words without their endings, the longest first, and initials."""

    words: tuple[str, ...]
    initials: tuple[str, ...]


def plain(text: str) -> str:
    """Return text as it is compared: small letters, ё as е."""
    return unicodedata.normalize("NFC", text).casefold().replace("ё", "е")


def words(text: str) -> list[str]:
    """Return a text's words without their endings; «ул.» and its like are none."""
    return [stem(word) for word in _WORD.findall(plain(text)) if word not in _OF_ADDRESSES]


def stem(word: str) -> str:
    """Take the ending of a plain word off; three letters always stay."""
    return _ENDING.sub("", word)


def asked(text: str) -> Asked:
    """Read what was typed. Letters of the Latin layout are taken for the Russian ones on the same keys."""
    text = text[:MOST_LETTERS]
    if not _CYRILLIC.search(text):
        text = "".join(_KEYS.get(letter, letter) for letter in text.casefold())
    found = list(dict.fromkeys(words(text)))[:MOST_WORDS]
    initials = tuple(word for word in found if len(word) == 1 and word.isalpha())
    longer = tuple(sorted((word for word in found if word not in initials), key=len, reverse=True))
    # A letter alone is the beginning of a word.
    return Asked(longer, initials) if longer else Asked(initials[:1], initials[1:])


def may_be_misspelt(word: str) -> bool:
    """Tell whether a word is long enough to be found with a wrong letter; numbers are not."""
    return len(word) >= SURE and word.isalpha()


def is_dictionary_word(word: str) -> bool:
    """Tell whether a word may be what a misspelt one stands for."""
    return len(word) >= KNOWN and word.isalpha()


def shortened(word: str) -> set[str]:
    """Return the word and what is left of it without any one letter.

    Two words that differ by one wrong, missing, extra or swapped letter share one of these (SymSpell's idea).
    """
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def one_letter_apart(one: str, other: str) -> bool:
    """Tell whether two words are equal, or one letter is wrong, missing, extra, or swapped with its neighbour."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    swapped = len(left) > 1 and left[:2] == right[1::-1] and left[2:] == right[2:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped
