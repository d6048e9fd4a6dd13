"""A case's own frequency: somebody decided that this family is seen more often than the document asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from curator_app.procedures.corrections import day_of
from curator_app.procedures.counting import DAY, QUARTER, Calendar, Limit, add_months, unmoved
from curator_app.procedures.facts import Fact, UnreadableFact
from curator_app.procedures.history import History
from curator_app.procedures.profile_definition import LONGEST, Rule

FREQUENCY = "frequency_set"
DAYS_OF = {"calendar_day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often, from the day of the decision until another; without one it stays."""

    fact: Fact
    n: int
    unit: str
    until: date | None

    def after(self, last: date) -> date:
        """Return the last day of the next time."""
        return add_months(last, self.n) if self.unit == "month" else last + self.n * DAYS_OF[self.unit] * DAY

    def limit(self, last: date, rule: Rule, calendar: Calendar) -> Limit | None:
        """Return the next time, never later than the document asks; None once the frequency is over by then."""
        asked = document_asks(rule, last)
        due = min(self.after(last), asked) if asked else self.after(last)
        return None if self.until and due > self.until else unmoved(due, calendar)


class Frequencies:
    """The frequencies that were set in a case, for each rule that lets one be set."""

    def __init__(self, history: History) -> None:
        """Read them, in order."""
        self._all = [_read(fact) for fact in history.of((FREQUENCY,))]

    def of(self, rule: Rule) -> list[Frequency]:
        """Return those that shorten this rule's period."""
        return [one for one in self._all if _concerns(one, rule) and not self._longer(one, rule)]

    def ignored(self, rule: Rule, day: date) -> bool:
        """Say whether the last one set asks for less than the document does, and so counts for nothing."""
        mine = [one for one in self._all if _concerns(one, rule) and (one.until is None or day <= one.until)]
        return bool(mine) and self._longer(mine[-1], rule)

    @staticmethod
    def _longer(one: Frequency, rule: Rule) -> bool:
        asked = document_asks(rule, one.fact.on)
        return asked is not None and one.after(one.fact.on) > asked


def document_asks(rule: Rule, last: date) -> date | None:
    """Return the last day of the next time by the document; None where it names no period."""
    if rule.every is None:
        return None
    if rule.every.mode == "rolling":
        return add_months(last, rule.every.n) if rule.every.unit == "month" else last + rule.every.n * DAY
    return add_months(last, QUARTER if rule.every.mode == "calendar_quarter" else 1)


def _concerns(one: Frequency, rule: Rule) -> bool:
    return rule.frequency and one.fact.data.get("rule") in {None, "", rule.id}


def _read(fact: Fact) -> Frequency:
    every: Any = fact.data.get("every")
    if not isinstance(every, dict) or every.get("unit") not in {*DAYS_OF, "month"}:
        raise UnreadableFact(fact.id, "в поле every нужны n и unit: calendar_day, week или month")
    n = every.get("n", 1)
    if isinstance(n, bool) or not isinstance(n, int) or not 0 < n <= LONGEST:
        raise UnreadableFact(fact.id, f"в поле every.n нужно целое число от 1 до {LONGEST}, а стоит {n}")
    until = fact.data.get("until")
    return Frequency(fact, n, every["unit"], day_of(fact, until, "until") if until else None)
