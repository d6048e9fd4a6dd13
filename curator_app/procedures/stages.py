"""Where a subject stands in its document: which stages have begun, which have ended, and what each asks at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from curator_app.procedures.facts import Fact
from curator_app.procedures.profile_definition import Profile, Stage

REOPENED = "reopened"
ENDINGS = frozenset({"closing_decided", "deregistered", "registry_removed"})


@dataclass(frozen=True, slots=True)
class Standing:
    """One stage of a subject."""

    stage: Stage
    number: int
    """Among all stages of the document, those of signals and of help after a case counted too."""
    begun: date | None = None
    ended: date | None = None

    @property
    def state(self) -> Literal["ahead", "now", "done"]:
        """Say how it stands."""
        if self.ended is not None:
            return "done"
        return "now" if self.begun is not None else "ahead"


def stages_of(profile: Profile, kind: str, facts: Sequence[Fact], on: date) -> list[Standing]:
    """Return the stages of a subject of a kind, in the document's order.

    `facts` are resolved and in order. A stage without a beginning of its own begins with the end of the one before it.
    What ended a stage before the last re-opening ended nothing: the work goes on.
    """
    known = _since_reopening([fact for fact in facts if fact.on <= on])
    found: list[Standing] = []
    for number, stage in enumerate(profile.stages, start=1):
        if stage.subject != kind:
            continue
        before = found[-1] if found else None
        begun = _first(known, stage.begins_with) if stage.begins_with else (before.ended if before else None)
        ended = _first(known, stage.ends_with, begun) if begun or stage.begins_with else None
        found.append(Standing(stage, number, begun or ended, ended))
    return found


def current_stage(stages: Sequence[Standing]) -> Standing | None:
    """Return the stage that the work is at: the one that began last and goes on, else what comes after the last end."""
    going_on = [one for one in stages if one.state == "now"]
    if going_on:
        return max(going_on, key=lambda one: (one.begun or date.min, one.number))
    over = [place for place, one in enumerate(stages) if one.state == "done"]
    if not over:
        return stages[0] if stages else None
    return stages[min(over[-1] + 1, len(stages) - 1)]


def word_of(standing: Standing, stages: Sequence[Standing], now: Standing | None) -> str:
    """Return how a stage stands among the others: done | now | beside | ahead | unneeded.

    Some stages of a document go on beside those that come after them, and some begin only where they are needed.
    """
    if standing.state == "now":
        return "now" if standing == now else "beside"
    later = any(one.begun for one in stages if one.number > standing.number)
    return "unneeded" if standing.state == "ahead" and later else standing.state


def _since_reopening(facts: list[Fact]) -> list[Fact]:
    last = max((place for place, fact in enumerate(facts) if fact.type == REOPENED), default=-1)
    return [fact for place, fact in enumerate(facts) if place > last or fact.type not in ENDINGS]


def _first(facts: Sequence[Fact], types: Sequence[str], since: date | None = None) -> date | None:
    """Return the day of the first fact of one of the types, not before a day."""
    return next((fact.on for fact in facts if fact.type in types and (since is None or fact.on >= since)), None)
