"""Corrections: what was written down wrongly is replaced, and nothing written is lost.

A correction names an event and gives its day, its moment, single entries of its data, or says that it never happened.
It can name another correction as well: then it replaces what that one gives. Of several corrections of one event the
one written last decides, entry by entry. On which day a correction was made is no matter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from curator_app.procedures.facts import Fact, UnreadableFact

CORRECTION = "event_corrected"
OF_A_CORRECTION = ("corrects", "on", "at", "void")


def resolved(facts: Sequence[Fact], zone: ZoneInfo) -> list[Fact]:
    """Return the facts as they now stand, without corrections and without what never happened."""
    changes = _effective([fact for fact in facts if fact.type == CORRECTION])
    standing = []
    for fact in facts:
        if fact.type == CORRECTION:
            continue
        changed = _changed(fact, changes.get(fact.id, ()), zone)
        if changed is not None:
            standing.append(changed)
    return standing


def _effective(corrections: list[Fact]) -> dict[str, list[dict[str, Any]]]:
    """Return what corrections give, by the event that they name, in the order in which they were written.

    A correction is ready once all that name it were laid over it; those that name each other in a ring never are,
    and count for nothing.
    """
    given = {fact.id: dict(fact.data) for fact in corrections}
    names = {fact.id: str(fact.data.get("corrects")) for fact in corrections}
    place = {fact.id: number for number, fact in enumerate(corrections)}
    waits = Counter(names.values())
    over: dict[str, list[str]] = defaultdict(list)
    ready = [one for one in given if not waits[one]]
    while ready:
        one = ready.pop()
        void = False
        for other in sorted(over.pop(one, ()), key=place.__getitem__):
            _lay_over(given[one], given[other])
            void = bool(given[other].get("void", void))
        if not void:
            over[str(given[one].get("corrects"))].append(one)
        waits[names[one]] -= 1
        if names[one] in given and not waits[names[one]]:
            ready.append(names[one])
    return {named: [given[one] for one in sorted(by, key=place.__getitem__)] for named, by in over.items()}


def _lay_over(below: dict[str, Any], above: Mapping[str, Any]) -> None:
    """Replace what one correction gives by what another gives instead."""
    below.update({key: above[key] for key in ("on", "at") if key in above})
    data = above.get("data") or {}
    below.update({key: data[key] for key in OF_A_CORRECTION if key in data})
    rest = {key: value for key, value in data.items() if key not in OF_A_CORRECTION}
    below["data"] = {**(below.get("data") or {}), **rest}


def _changed(fact: Fact, changes: Iterable[Mapping[str, Any]], zone: ZoneInfo) -> Fact | None:
    void = False
    for change in changes:
        void = bool(change["void"]) if "void" in change else void
        if "at" in change:
            at = _moment(fact, change["at"])
            fact = replace(fact, at=at, on=at.astimezone(zone).date() if at else fact.on)
        if change.get("on") is not None:
            on = day_of(fact, change["on"], "on")
            # The hour belongs to its day: on another day it is not known until somebody says it.
            kept = fact.at if "at" in change or on == fact.on else None
            fact = replace(fact, on=on, at=kept)
        if change.get("data"):
            fact = replace(fact, data={**fact.data, **change["data"]})
    return None if void else fact


def day_of(fact: Fact, value: Any, key: str) -> date:
    """Read a day out of an event's data."""
    try:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise UnreadableFact(fact.id, f"в поле {key} стоит не дата: {value}") from None


def _moment(fact: Fact, value: Any) -> datetime | None:
    try:
        at = value if value is None or isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise UnreadableFact(fact.id, f"в поле at стоит не время: {value}") from None
    if at is not None and at.tzinfo is None:
        raise UnreadableFact(fact.id, f"в поле at нет смещения от Гринвича: {value}")
    return at
