"""Events in, duties out: what follows from a profile and the facts of one subject, by a day.

Pure: no database, no clock. The time it takes grows with the subject's events, not faster (sorting aside).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import zip_longest
from zoneinfo import ZoneInfo

from curator_app.procedures.candidates import Candidate, Row, rows
from curator_app.procedures.conditions import Decisions
from curator_app.procedures.counting import Calendar
from curator_app.procedures.facts import Duty, Fact
from curator_app.procedures.frequencies import Frequencies, Frequency
from curator_app.procedures.history import History
from curator_app.procedures.judging import Judge
from curator_app.procedures.profile_definition import Profile, Rule
from curator_app.procedures.standing import still_asked


def duties(
    profile: Profile, facts: Sequence[Fact], calendar: Calendar, as_of: date | datetime, zone: str | None = None
) -> list[Duty]:
    """Return every duty of one subject: met ones for good, open ones while they are asked for.

    `facts` stand in the order in which they were written down; of that order only corrections take notice.
    `as_of` is a day, looked at from its end, or a moment. Raises UnreadableFact, and ValueError for a calendar
    without working days.
    """
    if not facts:
        return []
    subject = _Subject(profile, History(facts, as_of, ZoneInfo(zone or profile.zone)), calendar)
    kind = facts[0].subject
    return [duty for rule in profile.duties if rule.subject == kind for duty in subject.owes(rule)]


class _Subject:
    """What one subject's history says to every rule."""

    def __init__(self, profile: Profile, history: History, calendar: Calendar) -> None:
        self.history, self.calendar = history, calendar
        self.judge = Judge(history)
        self.decisions = Decisions(profile, history)
        self.frequencies = Frequencies(history)

    def owes(self, rule: Rule) -> Iterator[Duty]:
        """Yield a rule's duties, in the order of their anchors."""
        own = self.frequencies.of(rule)
        ignored = self.frequencies.ignored(rule, self.history.as_of.day)
        for row in rows(rule, self.history):
            candidates = self._candidates(row, own)
            waiting = still_asked(row, (one for one in candidates if not one.met_by), self.judge)
            listed = [*(one for one in candidates if one.met_by), *waiting]
            for one in sorted(listed, key=self._place):
                yield from self._duty(row, one, ignored=ignored)

    def _candidates(self, row: Row, own: Sequence[Frequency]) -> list[Candidate]:
        if row.rule.every is None:
            base = row.once(self.calendar)
        elif row.rule.every.mode == "rolling":
            base = row.rolling(self.calendar)
        else:
            base = row.by_calendar(self.calendar)
        turns = zip_longest(own, own[1:])
        return [*base, *(one for frequency, later in turns for one in row.own(frequency, later, self.calendar))]

    def _duty(self, row: Row, one: Candidate, *, ignored: bool) -> Iterator[Duty]:
        """Yield the duty unless a level that was decided does not ask for it; what was done is said all the same."""
        answer = self.decisions.answer(row.rule, one.anchor)
        if answer == "does_not" and not one.met_by:
            return
        said = {
            "level_unknown": answer == "unknown",
            "not_asked_now": answer == "does_not",
            "own_frequency": one.kind == "own",
            "frequency_ignored": ignored and not one.met_by,
        }
        yield self.judge.duty(row, one, {mark for mark, stands in said.items() if stands})

    def _place(self, one: Candidate) -> tuple[int, str]:
        return self.history.rank[one.anchor.id], one.period
