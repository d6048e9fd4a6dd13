"""What goes into the engine and what comes out of it: facts of one subject, and the duties that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from curator_app.procedures.profile_definition import Rule

State = Literal["open", "met", "late", "elapsed", "undated", "paused"]


class UnreadableFact(ValueError):
    """An event holds what cannot be read as its type demands; `fault` says what, in Russian."""

    def __init__(self, fact_id: str, fault: str) -> None:
        """Keep which event it is."""
        super().__init__(f"Событие {fact_id}: {fault}.")
        self.fact_id = fact_id
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Fact:
    """An event of a subject as the engine reads it: `on` is the day in the territory's zone, `at` has its offset.

    The order of the list in which facts come is the order in which they were written down; only corrections ask.
    """

    id: str
    subject: str
    type: str
    on: date
    at: datetime | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Duty:
    """What somebody owes. Its key within a subject: rule, anchor and period."""

    rule: Rule
    anchor: Fact
    period: str
    """Empty for a dated duty; «2026-11», «2026-Q4» for a calendar period; f:<event> under a case's own frequency."""
    due: date | datetime | None
    """The last day, or the last moment where hours count; None for an undated step."""
    aim: date | None
    """Of a periodic duty: the last working day not after `due`; such a limit never moves forward."""
    met_by: Fact | None
    state: State
    late_days: int
    """Full days after `due`, without those of a pause, at least 1 once late; 0 unless late or met late."""
    marks: tuple[str, ...] = ()
    """What is to be said beside the day; marks.WORDS has the Russian words."""
