"""Pauses: work stands still by a decision. No date moves for it; what had not run out is simply not late meanwhile."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from curator_app.procedures.counting import DAY
from curator_app.procedures.facts import Fact
from curator_app.procedures.history import History

PAUSED, RESUMED = "paused", "resumed"


@dataclass(frozen=True, slots=True)
class Pause:
    """From the day of the decision up to, and without, the day on which work goes on."""

    begun: Fact
    ended: Fact | None


class Pauses:
    """Every pause of a subject, in order; a second decision during one changes nothing."""

    def __init__(self, history: History) -> None:
        """Find them."""
        self._rank = history.rank
        self.resumed = history.of((RESUMED,))
        self.all = _pairs(history.of((PAUSED, RESUMED)))
        over = [pause for pause in self.all if pause.ended]
        self._ends = [self._rank[pause.ended.id] for pause in over if pause.ended]
        self._first_days = [pause.begun.on for pause in self.all]
        lengths = [(pause.ended.on - pause.begun.on).days if pause.ended else 0 for pause in self.all]
        self._days_before = [0, *accumulate(lengths)]

    @property
    def now(self) -> Pause | None:
        """Return the pause that has not ended."""
        return self.all[-1] if self.all and self.all[-1].ended is None else None

    def over_after(self, fact: Fact) -> Pause | None:
        """Return the first pause that ended after a fact."""
        place = bisect_right(self._ends, self._rank[fact.id])
        return self.all[place] if place < len(self._ends) else None

    def days(self, after: date, last: date) -> int:
        """Count the days of pauses after a day, up to and with another."""
        return max(0, self._days_until(last) - self._days_until(after))

    def _days_until(self, day: date) -> int:
        """Count the days of pauses up to and with this one."""
        place = bisect_left(self._first_days, day + DAY)
        if not place:
            return 0
        pause = self.all[place - 1]
        last = day if pause.ended is None else min(day, pause.ended.on - DAY)
        return self._days_before[place - 1] + (last - pause.begun.on).days + 1


def _pairs(facts: list[Fact]) -> list[Pause]:
    found: list[Pause] = []
    begun: Fact | None = None
    for fact in facts:
        if fact.type == PAUSED and begun is None:
            begun = fact
        elif fact.type == RESUMED and begun is not None:
            found.append(Pause(begun, fact))
            begun = None
    return [*found, Pause(begun, None)] if begun else found
