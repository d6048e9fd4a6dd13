"""Which of the open duties are still asked for: not closed, not replaced, not held by a level, not counted anew.

Met duties never come here: what was done stays done.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from curator_app.procedures.candidates import Candidate, Row
from curator_app.procedures.facts import Fact
from curator_app.procedures.judging import Judge


def still_asked(row: Row, candidates: Iterable[Candidate], judge: Judge) -> list[Candidate]:
    """Return the open candidates that somebody owes."""
    alive = [one for one in candidates if not row.closed(one.root) and not judge.taken_over(row.rule, one)]
    own = [one for one in alive if one.kind == "own" and one.replaced is None]
    rolling = [one for one in alive if one.kind == "rolling"]
    anchored = [one for one in alive if one.kind == "calendar" or (one.kind == "once" and _asks(row, one.anchor))]
    next_own = _nearest(own)
    base = [*anchored, *_one(row, rolling)]
    if next_own:
        base = [one for one in base if not _earlier(next_own[0], one)]
    return [*base, *next_own]


def _asks(row: Row, anchor: Fact) -> bool:
    """Say whether this anchor still asks, where a rule lets the first or the latest do so only."""
    return row.rule.anchor == "each" or (row.asking is not None and anchor.id == row.asking.id)


def _one(row: Row, rolling: Sequence[Candidate]) -> list[Candidate]:
    """Of several waits for the next time leave one: a period makes one open duty."""
    return list(rolling[-1:]) if row.rule.anchor == "latest" else _nearest(rolling)


def _nearest(candidates: Sequence[Candidate]) -> list[Candidate]:
    return [min(candidates, key=_day)] if candidates else []


def _earlier(own: Candidate, base: Candidate) -> bool:
    """Say whether the case's own next time comes before the document's."""
    return base.limit.due is None or _day(own) <= _day(base)


def _day(candidate: Candidate) -> date:
    due = candidate.limit.due
    if due is None:
        return date.max
    return date(due.year, due.month, due.day)
