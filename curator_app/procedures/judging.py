"""What state a duty is in by a day, and by how many days it is late."""

from __future__ import annotations

from datetime import date, datetime

from curator_app.procedures import marks
from curator_app.procedures.candidates import Candidate, Row
from curator_app.procedures.counting import DAY
from curator_app.procedures.facts import Duty, Fact, State
from curator_app.procedures.history import History
from curator_app.procedures.pauses import Pause, Pauses
from curator_app.procedures.profile_definition import Rule


class Judge:
    """Looks at duties from one day, with the pauses of the subject in mind."""

    def __init__(self, history: History) -> None:
        """Take the day, and the pauses until then."""
        self.as_of = history.as_of
        self.pauses = Pauses(history)
        self._rank = history.rank

    def duty(self, row: Row, candidate: Candidate, said: set[str]) -> Duty:
        """Say how a duty stands; `said` are marks that somebody else found."""
        rule, before = row.rule, self._before_it_was_met(row, candidate)
        if candidate.met_by:
            waited = min([candidate.met_by, *before.values()], key=lambda fact: self._rank[fact.id])
            state, late, paused = self._met(rule, candidate, waited)
        else:
            state, late, paused = self._open(rule, candidate)
        found = {*marks.of_entry(rule), *candidate.limit.marks, *said, *before, *(("paused",) if paused else ())}
        return Duty(
            rule=rule,
            anchor=candidate.anchor,
            period=candidate.period,
            due=candidate.limit.due,
            aim=candidate.limit.aim,
            met_by=candidate.met_by,
            state=state,
            late_days=late,
            marks=marks.in_order(found),
        )

    def taken_over(self, rule: Rule, candidate: Candidate) -> bool:
        """Say whether a pause broke the wait for the next time, so that it is counted anew from the pause's end.

        What was late when the pause began stays late: a pause is no way out.
        """
        pause = self._broken_by(rule, candidate)
        return pause is not None and not self._late_before(candidate, pause)

    def _broken_by(self, rule: Rule, candidate: Candidate) -> Pause | None:
        if candidate.kind not in {"rolling", "own"} or not rule.pausable or rule.match:
            return None
        pause = self.pauses.over_after(candidate.anchor)
        if pause is None or pause.ended is None or candidate.met_by is None:
            return pause
        return pause if self._rank[pause.ended.id] < self._rank[candidate.met_by.id] else None

    def _late_before(self, candidate: Candidate, pause: Pause) -> bool:
        due = candidate.limit.due
        return isinstance(due, date) and self._days_late(due, pause.begun.on - DAY, pausable=True)[0] > 0

    def _before_it_was_met(self, row: Row, candidate: Candidate) -> dict[str, Fact]:
        """Return, by mark, what came before somebody did this all the same: after it nobody waited any more."""
        if candidate.met_by is None:
            return {}
        met = self._rank[candidate.met_by.id]
        came = {"ended_before": row.ended_by(candidate.root), "frequency_replaced": candidate.replaced}
        return {mark: fact for mark, fact in came.items() if fact and self._rank[fact.id] < met}

    def _met(self, rule: Rule, candidate: Candidate, waited: Fact) -> tuple[State, int, bool]:
        """Say by how many days it was late once nobody `waited` any more: when it was done, or all work ended."""
        due = candidate.limit.due
        if due is None or _at_once(rule):
            return "met", 0, False
        if isinstance(due, datetime):
            passed = waited.at > due if waited.at else waited.on > due.date()
            return "met", *self._hours_late(due, waited, rule, passed=passed)
        if self.taken_over(rule, candidate):
            return "met", 0, True
        return "met", *self._days_late(due, waited.on, pausable=rule.pausable)

    def _open(self, rule: Rule, candidate: Candidate) -> tuple[State, int, bool]:
        due = candidate.limit.due
        if _at_once(rule):
            return "elapsed", 0, False
        pause = self.pauses.now if rule.pausable else None
        late, paused = self._open_late(rule, due, pause)
        if late:
            return "late", late, paused
        if pause:
            return "paused", 0, True
        return ("undated" if due is None else "open"), 0, paused

    def _open_late(self, rule: Rule, due: date | datetime | None, pause: Pause | None) -> tuple[int, bool]:
        if due is None:
            return 0, False
        if not isinstance(due, datetime):
            return self._days_late(due, self.as_of.day, pausable=rule.pausable)
        passed = self.as_of.end > due and (pause is None or _before(due, pause.begun))
        return self._hours_late(due, None, rule, passed=passed)

    def _days_late(self, due: date, day: date, *, pausable: bool) -> tuple[int, bool]:
        """Count the days after `due` up to another, without those of pauses; say whether there were such."""
        days = (day - due).days
        if days <= 0:
            return 0, False
        still = self.pauses.days(due, day) if pausable else 0
        return days - still, still > 0

    def _hours_late(self, due: datetime, waited: Fact | None, rule: Rule, *, passed: bool) -> tuple[int, bool]:
        """Count full days after a moment; a first one that has begun counts."""
        if not passed:
            return 0, False
        if waited is None:
            days, day = (self.as_of.end - due).days, self.as_of.day
        else:
            days, day = (waited.at - due if waited.at else waited.on - due.date()).days, waited.on
        still = self.pauses.days(due.date(), day) if rule.pausable else 0
        return max(1, days - still), still > 0


def _at_once(rule: Rule) -> bool:
    return rule.within is not None and rule.within.unit == "immediate"


def _before(due: datetime, begun: Fact) -> bool:
    return due < begun.at if begun.at else due.date() < begun.on
