"""What follows from each step beside its event: the one dictionary through which the desk reaches the features."""

from __future__ import annotations

from collections.abc import Mapping

from curator_app.cases import (
    copies,
    course_effects,
    curators,
    exit_criteria,
    groups,
    handovers,
    owners,
    safety,
    services,
)
from curator_app.cases.stepping import Effect, Taken
from curator_app.intake import deciding


def joined(*features: Mapping[str, Effect]) -> dict[str, Effect]:
    """Join what the features' modules say; where several speak of one event, each does its part, in this order."""
    found: dict[str, list[Effect]] = {}
    for feature in features:
        for event, effect in feature.items():
            found.setdefault(event, []).append(effect)
    return {event: _one_after_another(effects) for event, effects in found.items()}


def _one_after_another(effects: list[Effect]) -> Effect:
    def all_of_them(taken: Taken) -> None:
        for effect in effects:
            effect(taken)

    return all_of_them


EFFECTS: dict[str, Effect] = joined(
    curators.EFFECTS,
    handovers.EFFECTS,
    owners.EFFECTS,
    groups.EFFECTS,
    copies.EFFECTS,
    services.EFFECTS,
    course_effects.EFFECTS,
    safety.EFFECTS,
    deciding.EFFECTS,
    exit_criteria.EFFECTS,
)
"""Type of event → what it does. A feature's module says its own: one line more above."""
