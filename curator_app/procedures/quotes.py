"""Whether a document says what a profile quotes: each quote is looked for in the document's own text.

White space, hyphenation, dashes, quotation marks and ё are no difference; «…» stands for words that were left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from curator_app.procedures.profile_checks import parts_of
from curator_app.procedures.profile_definition import Entry, Profile
from curator_app.procedures.toml_files import read_text

_NOTHING = re.compile(r"[\s\u00ad\u200b\u2060\ufeff\-‐‑‒–—―−«»„“”‟\"'‘’`]+")
_LEFT_OUT = re.compile(r"\[?(?:…|\.{3})\]?")


@dataclass(frozen=True)
class Quote:
    """Words that a profile ascribes to a document."""

    profile: str
    place: str
    doc: str
    text: str


@dataclass(frozen=True)
class Plain:
    """A text without what makes no difference; `breaks` are the places between words."""

    letters: str
    breaks: frozenset[int]

    @classmethod
    def of(cls, text: str) -> Plain:
        """Take away what makes no difference."""
        plain = unicodedata.normalize("NFC", text).replace("ё", "е").replace("Ё", "Е")
        pieces = _NOTHING.split(plain)
        ends, at = [0], 0
        for piece in pieces:
            at += len(piece)
            ends.append(at)
        return cls("".join(pieces), frozenset(ends))

    def find(self, words: str, start: int) -> int:
        """Return where these letters end, as whole words and not before `start`; -1 when they are not there."""
        at = self.letters.find(words, start)
        while at >= 0:
            if self._between(at) and self._between(at + len(words)):
                return at + len(words)
            at = self.letters.find(words, at + 1)
        return -1

    def _between(self, at: int) -> bool:
        around = self.letters[max(at - 1, 0) : at + 1]
        return at in self.breaks or not (len(around) > 1 and around.isalnum())


def quotes_of(profile: Profile) -> Iterator[Quote]:
    """Return everything a profile quotes."""
    for place, part in parts_of(profile):
        if isinstance(part, Entry) and part.source:
            yield Quote(profile.key, place, part.source.doc, part.source.quote)


def not_found(quotes: Iterable[Quote], folder: Path) -> Iterator[tuple[Quote, str]]:
    """Return the quotes that their documents do not hold, each with the name of the file looked into or ""."""
    texts: dict[str, dict[str, Plain]] = {}
    for quote in quotes:
        if quote.doc not in texts:
            texts[quote.doc] = {path.name: Plain.of(read_text(path)) for path in _files(folder, quote.doc)}
        found = texts[quote.doc]
        if not any(is_said(quote.text, text) for text in found.values()):
            yield quote, ", ".join(found)


def is_said(quote: str, text: Plain) -> bool:
    """Tell whether a text holds the quote, its pieces in their order."""
    at = 0
    for piece in _LEFT_OUT.split(quote):
        words = Plain.of(piece).letters
        at = text.find(words, at) if words else at
        if at < 0:
            return False
    return True


def _files(folder: Path, doc: str) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name.startswith(doc))
