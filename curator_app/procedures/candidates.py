"""Every duty that could be owed: one for each event that begins a term, with the first event that fulfils it.

What is made here depends on nothing but the anchor and the fulfilment. So a duty that was once met can never be moved
or taken away by another event; all that closes, holds or replaces is asked afterwards, of the open ones alone.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Literal

from curator_app.procedures import counting
from curator_app.procedures.counting import DAY, Calendar, Limit, Span
from curator_app.procedures.facts import Fact
from curator_app.procedures.frequencies import Frequency
from curator_app.procedures.history import Group, History, Line, group_of, grouped, key_of
from curator_app.procedures.pauses import RESUMED
from curator_app.procedures.profile_definition import Rule

Kind = Literal["once", "rolling", "calendar", "own"]


@dataclass(slots=True, frozen=True)
class Candidate:
    """A duty before anybody asked whether it is still owed."""

    anchor: Fact
    root: Fact
    """The event that began the work to which this belongs: of a visit in a row of visits, what the row began with."""
    group: Group
    kind: Kind
    period: str
    limit: Limit
    met_by: Fact | None
    replaced: Fact | None = None
    """Of a case's own frequency: the one that was set after it."""


@dataclass(eq=False)
class Row:
    """What one rule finds in a subject's history, within one group: what begins, what fulfils, what ends."""

    rule: Rule
    group: Group
    anchors: Line
    fulfilments: Line
    ends: list[Line]
    history: History

    def closed(self, root: Fact) -> bool:
        """Say whether something ended what this event began."""
        return self.ended_by(root) is not None

    def ended_by(self, root: Fact) -> Fact | None:
        """Return what ended first what this event began."""
        found = [end for line in self.ends if (end := line.first_since(root))]
        return min(found, key=lambda fact: self.history.rank[fact.id], default=None)

    @cached_property
    def points(self) -> list[tuple[Fact, Fact]]:
        """Every event from which a returning duty is counted anew, with the one that began the row."""
        begun = self.anchors.facts[0]
        later = [fact for fact in self.fulfilments.facts if self.history.at_or_after(fact, begun)]
        if self.rule.pausable and not self.rule.match:
            later += [fact for fact in self.history.of((RESUMED,)) if self.history.at_or_after(fact, begun)]
        ordered = self.history.in_order([*self.anchors.facts, *later])
        return [(fact, self.anchors.last_until(fact) or begun) for fact in ordered]

    @cached_property
    def _days(self) -> list[date]:
        return [key_of(fact, self.history.zone)[0] for fact, _ in self.points]

    def once(self, calendar: Calendar) -> Iterator[Candidate]:
        """One for each anchor: a dated duty, or a step without a date."""
        for anchor in self.anchors.facts:
            limit = _of_one(self.rule, anchor, calendar, self.history)
            yield Candidate(anchor, anchor, self.group, "once", "", limit, self.fulfilments.first_since(anchor))

    def rolling(self, calendar: Calendar) -> Iterator[Candidate]:
        """One from each time to the next."""
        if self.rule.every is None:
            return
        for point, root in self.points:
            limit = counting.after_last(point.on, self.rule.every, calendar)
            yield Candidate(point, root, self.group, "rolling", "", limit, self.fulfilments.first_since(point))

    def by_calendar(self, calendar: Calendar) -> Iterator[Candidate]:
        """One for each month or quarter, from the first anchor's own up to the first, from today's on, that is not met.

        A period is owed once, however many events began the work: so it is one candidate, of the event that asks.
        """
        if self.rule.every is None:
            return
        asking = self.asking
        span = counting.span_of(self.anchors.facts[0].on, self.rule.every.mode)
        while True:
            done = self._done_in(span)
            anchor, met_by = done or (asking, None)
            if anchor and anchor.on <= span.last:
                limit = counting.unmoved(span.last, calendar)
                yield Candidate(anchor, anchor, self.group, "calendar", span.name, limit, met_by)
            if done is None and span.last >= self.history.as_of.day:
                break
            span = counting.span_of(span.last + DAY, self.rule.every.mode)

    def own(self, frequency: Frequency, later: Frequency | None, calendar: Calendar) -> Iterator[Candidate]:
        """Those of a frequency that was set for this case: from its own day and from each time while it holds."""
        begun = self.anchors.last_until(frequency.fact)
        points = [(frequency.fact, begun)] if begun else []
        points += self._while_it_holds(frequency)
        for point, root in points:
            limit = frequency.limit(point.on, self.rule, calendar)
            if limit:
                period, met_by = f"f:{frequency.fact.id}", self.fulfilments.first_since(point)
                replaced = later.fact if later else None
                yield Candidate(point, root, self.group, "own", period, limit, met_by, replaced)

    def _while_it_holds(self, frequency: Frequency) -> list[tuple[Fact, Fact]]:
        begun, _ = key_of(frequency.fact, self.history.zone)
        first, last = bisect_left(self._days, begun), bisect_right(self._days, frequency.until or date.max)
        return [pair for pair in self.points[first:last] if self.history.at_or_after(pair[0], frequency.fact)]

    @cached_property
    def asking(self) -> Fact | None:
        """The anchor that a rule of the first or the latest asks about; else the first that nothing has ended."""
        if self.rule.anchor == "latest":
            last = self.anchors.facts[-1]
            return None if self.closed(last) else last
        return next((fact for fact in self.anchors.facts if not self.closed(fact)), None)

    def _done_in(self, span: Span) -> tuple[Fact, Fact] | None:
        """Return what fulfilled a period first, with the anchor: one whose work had not ended by then, if there is."""
        first = self.anchors.facts[0]
        for anchor in (self._running_on(span.first) or first, first):
            met_by = self._first_for(anchor, span)
            if anchor.on <= span.last and met_by:
                return anchor, met_by
        return None

    def _running_on(self, day: date) -> Fact | None:
        """Return the first anchor after the last end before a day."""
        ended = [end for line in self.ends if (end := line.last_before(day))]
        if not ended:
            return None
        end = max(ended, key=lambda fact: self.history.rank[fact.id])
        later = self.anchors.facts[self.anchors.since(end) :]
        return next((fact for fact in later if not self.history.at_or_after(end, fact)), None)

    @cached_property
    def _for_periods(self) -> dict[Group, Line]:
        return {said: self.history.line(facts) for said, facts in grouped(self.fulfilments.facts, ("period",)).items()}

    def _first_for(self, anchor: Fact, span: Span) -> Fact | None:
        """Return what fulfils a period first; what names a period of its own serves that one only."""
        lines = [self._for_periods.get(group_of({"period": name}, ("period",))) for name in (None, span.name)]
        found = [fact for line in lines if line and (fact := line.first_since(anchor, span.first))]
        return min(found, key=lambda fact: self.history.rank[fact.id], default=None)


def rows(rule: Rule, history: History) -> Iterator[Row]:
    """Yield what a rule finds, group by group; what ends a duty without naming a group ends it in all."""
    beginnings = history.of(rule.after, rule.after_data)
    if not beginnings:
        return
    fulfilments = grouped(history.of(rule.done_by, rule.done_data), rule.match)
    ends = {group: history.line(facts) for group, facts in grouped(history.of(rule.until), rule.match).items()}
    nameless = group_of({}, rule.match)
    for group, anchors in grouped(beginnings, rule.match).items():
        closing = [ends[name] for name in {group, nameless} if name in ends]
        yield Row(rule, group, history.line(anchors), history.line(fulfilments.get(group, [])), closing, history)


def _of_one(rule: Rule, anchor: Fact, calendar: Calendar, history: History) -> Limit:
    if rule.within:
        return counting.within(anchor, rule.within, calendar, history.zone)
    if rule.target is None:
        return Limit(None)
    aim = counting.within(anchor, rule.target, calendar, history.zone)
    day = aim.due.date() if isinstance(aim.due, datetime) else aim.due
    return Limit(None, day, ("territory_choice", *aim.marks))
