"""The facts of one subject in order, and the questions that counting asks of them."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from curator_app.procedures.corrections import resolved
from curator_app.procedures.counting import midnight_after
from curator_app.procedures.facts import Fact
from curator_app.procedures.profile_definition import Conditions

EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)
DECIDED = "risk_decided"
COMMON_KEY = "level"
"""The key of the common vocabulary; a profile's own classification is found under it by its values as well."""
Key = tuple[date, datetime]
Group = tuple[str, ...]


class AsOf:
    """The day up to whose end, or the moment up to which, things are looked at."""

    def __init__(self, as_of: date | datetime, zone: ZoneInfo) -> None:
        """Take a day, or a moment with its offset."""
        self._moment = as_of.astimezone(zone) if isinstance(as_of, datetime) else None
        self.day: date = self._moment.date() if self._moment else as_of
        self.end: datetime = self._moment or midnight_after(self.day, zone)

    def knows(self, fact: Fact) -> bool:
        """Say whether this has happened by then."""
        if fact.on == self.day and fact.at and self._moment:
            return fact.at <= self._moment
        return fact.on <= self.day


class Line:
    """Facts in order; those of one day without an hour stand before those with one.

    «At or after» asks the hour where both have it, else the day: so nothing depends on which was written down first.
    """

    def __init__(self, facts: Iterable[Fact], zone: ZoneInfo) -> None:
        """Take facts that are in order already."""
        self.facts = list(facts)
        self._zone = zone
        self._keys: list[Key] = [key_of(fact, zone) for fact in self.facts]
        self._places = {fact.id: place for place, fact in enumerate(self.facts)}

    def since(self, fact: Fact) -> int:
        """Return the place of the first that is at or after a fact; of a fact of this line, the one that follows."""
        if fact.id in self._places:
            return self._places[fact.id] + 1
        key = key_of(fact, self._zone)
        place = bisect_left(self._keys, (key[0], EARLIEST))
        if place < len(self._keys) and self._keys[place] == (key[0], EARLIEST):
            return place
        return bisect_left(self._keys, key)

    def first_since(self, fact: Fact, day: date | None = None) -> Fact | None:
        """Return the first at or after a fact, and not before a day."""
        place = self.since(fact)
        if day is not None:
            place = max(place, bisect_left(self._keys, (day, EARLIEST)))
        return self.facts[place] if place < len(self.facts) else None

    def last_until(self, fact: Fact) -> Fact | None:
        """Return the last that a fact is at or after."""
        if fact.id in self._places:
            return fact
        day, moment = key_of(fact, self._zone)
        place = bisect_right(self._keys, (day, moment if fact.at else LATEST))
        return self.facts[place - 1] if place else None

    def last_before(self, day: date) -> Fact | None:
        """Return the last before a day."""
        place = bisect_left(self._keys, (day, EARLIEST))
        return self.facts[place - 1] if place else None

    def __bool__(self) -> bool:
        return bool(self.facts)


class History:
    """What has happened to a subject by a day: corrected, in order, by type."""

    def __init__(self, facts: Sequence[Fact], as_of: date | datetime, zone: ZoneInfo) -> None:
        """Resolve corrections, leave out what has not happened yet, sort once."""
        self.zone = zone
        self.as_of = AsOf(as_of, zone)
        known = [fact for fact in resolved(facts, zone) if self.as_of.knows(fact)]
        known.sort(key=lambda fact: (*key_of(fact, zone), fact.id))
        self.rank = {fact.id: rank for rank, fact in enumerate(known)}
        self._by_type: dict[str, list[Fact]] = defaultdict(list)
        for fact in known:
            self._by_type[fact.type].append(fact)

    def of(self, types: Iterable[str], conditions: Conditions | None = None) -> list[Fact]:
        """Return the facts of some types whose data has what is asked for, in order."""
        lists = [self._by_type[name] for name in dict.fromkeys(types) if name in self._by_type]
        found = lists[0] if len(lists) == 1 else self.in_order(fact for each in lists for fact in each)
        return [fact for fact in found if holds(fact, conditions)] if conditions else found

    def line(self, facts: Iterable[Fact]) -> Line:
        """Line up facts that are in order."""
        return Line(facts, self.zone)

    def at_or_after(self, one: Fact, other: Fact) -> bool:
        """Say whether one fact is at or after another: by the hour where both have it, else by the day."""
        if one.at and other.at:
            return one.at >= other.at
        return key_of(one, self.zone)[0] >= key_of(other, self.zone)[0]

    def in_order(self, facts: Iterable[Fact]) -> list[Fact]:
        """Sort facts, each once."""
        return sorted({fact.id: fact for fact in facts}.values(), key=lambda fact: self.rank[fact.id])


def holds(fact: Fact, conditions: Conditions) -> bool:
    """Say whether every key of a fact's data has one of the values asked for."""
    return all(said(_entry(fact, key)) & set(values) for key, values in conditions.items())


def _entry(fact: Fact, key: str) -> Any:
    """Return what stands under a key; of a decision, what stands under the common one where it has no other."""
    return fact.data.get(COMMON_KEY if fact.type == DECIDED and key not in fact.data else key)


def said(value: Any) -> frozenset[str]:
    """Return the values that an entry of data stands for: several in a list, yes and no in either spelling."""
    if isinstance(value, bool):
        return frozenset({"yes", "true"} if value else {"no", "false"})
    if isinstance(value, list | tuple):
        return frozenset().union(*(said(one) for one in value))
    return frozenset() if value is None else frozenset({str(value)})


def group_of(data: Mapping[str, Any], keys: Sequence[str]) -> Group:
    """Return what stands under the keys that an anchor and its fulfilment must have in common."""
    return tuple(json.dumps(data.get(key), sort_keys=True, ensure_ascii=False, default=str) for key in keys)


def grouped(facts: Iterable[Fact], keys: Sequence[str]) -> dict[Group, list[Fact]]:
    """Sort facts into groups that have the same under these keys; order stays."""
    groups: dict[Group, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[group_of(fact.data, keys)].append(fact)
    return groups


def key_of(fact: Fact, zone: ZoneInfo) -> Key:
    """Return the day and hour by which facts are in order; the hour knows its day in the territory's zone."""
    return (fact.at.astimezone(zone).date(), fact.at) if fact.at else (fact.on, EARLIEST)
