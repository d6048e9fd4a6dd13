"""Words of the interface as data: read once, filled here for the server and handed to the phone as JSON."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("app.toml")
"""Words of the phone and of what it shares with the office."""
APART = frozenset({"app", "urgent", "wording"})
"""Files with a shape of their own; every other one here holds words that only the server's pages read."""
TEENS = range(11, 15)
_PLACE = re.compile(r"\{(\w+)(?::([^}]+))?\}")


@lru_cache
def tables() -> dict[str, Any]:
    """Return every text by its path of keys; no two files share a table."""
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))
    for path in sorted(FILE.parent.glob("*.toml")):
        if path.stem not in APART:
            more = tomllib.loads(path.read_text(encoding="utf-8"))
            if taken := found.keys() & more.keys():
                message = f"{path.name}: {', '.join(sorted(taken))} stand in another file"
                raise ValueError(message)
            found |= more
    return found


def text(path: str, **values: object) -> str:
    """Return the text at a dotted path with its {placeholders} filled; KeyError when there is none."""
    found: Any = tables()
    for key in path.split("."):
        found = found[key]
    return filled(str(found), **values)


def refusal(name: str, **values: object) -> dict[str, str]:
    """Return a refusal in its fixed shape: what happened, what is safe, what to do, and the button."""
    known = tables()["refusals"] | tables()["office_refusals"]
    return {key: filled(value, **values) for key, value in known[name].items()}


def filled(template: str, **values: object) -> str:
    """Fill {name}; {n:запись|записи|записей} becomes the form that goes with the number n.

    A placeholder without a value stays visible, so that a hole is seen.
    """

    def put(match: re.Match[str]) -> str:
        name, words = match.groups()
        if name not in values:
            return match.group(0)
        return plural(int(str(values[name])), *words.split("|")) if words else str(values[name])

    return _PLACE.sub(put, template)


def plural(n: int, one: str, few: str, many: str) -> str:
    """Return the word that goes with n in Russian: 1 день, 2 дня, 5 дней, 11 дней, 21 день."""
    if abs(n) % 100 in TEENS:
        return many
    return {1: one, 2: few, 3: few, 4: few}.get(abs(n) % 10, many)
