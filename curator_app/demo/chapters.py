"""Which happenings of an invented family belong to which subject: a signal, early help, a case and what follows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CLOSING = ("deregistered", "early_help_closed")
AFTERCARE = "aftercare_started"
Entry = dict[str, Any]


@dataclass(frozen=True)
class Chapter:
    """One subject of a family's story: what happened in it, and how many days ago it began and ended."""

    kind: str
    """signal | early_help | case | aftercare."""
    events: list[Entry]
    since_ago: int
    until_ago: int | None = None

    @property
    def role(self) -> str:
        """What its worker is to it: who answers for early help is no curator."""
        return "early_help_owner" if self.kind == "early_help" else "case_curator"

    @property
    def opened_ago(self) -> int:
        """How many days ago the first of it happened."""
        return int(max([one["ago"] for one in self.events], default=self.since_ago))


def chapters(entry: Entry) -> list[Chapter]:
    """Return the subjects of a family's story in their order."""
    events = entry["events"]
    after = _ago(events, (AFTERCARE,))
    if after is None:
        return [Chapter(_kind(entry), events, _assigned_ago(entry, events), _ago(events, CLOSING))]
    before = [one for one in events if one["ago"] > after]
    closed = _ago(before, CLOSING)
    case = Chapter("case", before, _assigned_ago(entry, before), closed if closed is not None else after)
    return [case, Chapter("aftercare", [one for one in events if one["ago"] <= after], after)]


def _kind(entry: Entry) -> str:
    if "owner" in entry:
        return "early_help"
    return "case" if "case_no" in entry else "signal"


def _ago(events: list[Entry], types: tuple[str, ...]) -> int | None:
    return next((int(one["ago"]) for one in events if one["type"] in types), None)


def _assigned_ago(entry: Entry, events: list[Entry]) -> int:
    """Cover every visit of the story: some of them come before the day of the formal assignment."""
    days = [one["ago"] for one in events if one["type"] == "curator_assigned"]
    met = [one["ago"] for one in [*entry.get("visits", []), *entry.get("contacts", [])]]
    return int(max([*days, *met, 0]))
