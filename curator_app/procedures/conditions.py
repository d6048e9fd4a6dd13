"""Levels and categories that people decided: whether a duty that asks for one of them holds."""

from __future__ import annotations

from typing import Literal

from curator_app.procedures.facts import Fact
from curator_app.procedures.history import COMMON_KEY, DECIDED, Group, History, group_of, said
from curator_app.procedures.profile_definition import Classification, Profile, Rule

CHILD = ("child",)
Answer = Literal["holds", "does_not", "unknown"]


class Decisions:
    """What was decided last by each classification, for the family and for each child."""

    def __init__(self, profile: Profile, history: History) -> None:
        """Read the decisions of a subject."""
        self._latest: dict[str, dict[Group, frozenset[str]]] = {}
        facts = history.of((DECIDED,))
        for classification in profile.classifications:
            self._latest[classification.id] = _latest(classification, facts)

    def answer(self, rule: Rule, anchor: Fact) -> Answer:
        """Say whether all that a rule asks for holds; a child's own duty asks about this child and the family."""
        unknown = False
        for key, wanted in rule.when.items():
            decided = self._latest.get(key, {})
            if "child" in rule.match:
                about = {group_of(anchor.data, CHILD), group_of({}, CHILD)}
                decided = {whom: values for whom, values in decided.items() if whom in about}
            if not decided:
                unknown = True
            elif not any(values & set(wanted) for values in decided.values()):
                return "does_not"
        return "unknown" if unknown else "holds"


def _latest(classification: Classification, facts: list[Fact]) -> dict[Group, frozenset[str]]:
    """Return the last values by child; where several may hold, decisions of one day hold together."""
    latest: dict[Group, frozenset[str]] = {}
    days: dict[Group, Fact] = {}
    for fact in facts:
        values = _values(classification, fact)
        if not values:
            continue
        whom = group_of(fact.data, CHILD)
        together = classification.several and whom in days and days[whom].on == fact.on
        latest[whom] = values | latest[whom] if together else values
        days[whom] = fact
    return latest


def _values(classification: Classification, fact: Fact) -> frozenset[str]:
    if classification.id in fact.data:
        return said(fact.data[classification.id])
    return said(fact.data.get(COMMON_KEY)) & {value.id for value in classification.values}
