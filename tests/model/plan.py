"""What happens in a run, drawn from its seed: the same seed is the same plan, step by step.

The plan is not the whole story: phones, server and network are real processes, and which of them is a moment ahead is
theirs. A seed that failed therefore shows the same situation again, not the same microsecond.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PHONES = 3

WEIGHTS = {
    # the hand
    "write": 16,
    "finish": 18,
    "contact": 7,
    "alarm": 4,
    "alarm_act": 4,
    "amend": 9,
    "lock": 4,
    "unlock": 4,
    "send": 16,
    # the pocket
    "kill_at_work": 5,
    "kill": 2,
    "update": 2,
    "lose": 0.4,
    "hand_in": 0.4,
    "minutes_pass": 5,
    "a_day_passes": 3,
    "a_week_passes": 1,
    "a_month_passes": 0.4,
    # the way
    "cut": 8,
    "lose_answer": 6,
    "damage": 2,
    "delay": 3,
    "unreachable": 3,
    "portal": 2,
    "busy": 3,
    "heal": 8,
    "again": 8,
    # the server and the office
    "kill_server": 0.8,
    "kill_worker": 0.4,
    "sweep": 5,
    "back_up": 3,
    "restore": 1.4,
    "hand_over": 1,
    "hand_back": 2,
}


@dataclass(frozen=True)
class Step:
    """One thing that happens: its name, the phone it happens to, and three numbers from 0 to 1 for its details."""

    name: str
    phone: int
    which: float
    how: float
    much: float


def plan(seed: int, steps: int) -> Iterator[Step]:
    """Draw that many steps."""
    chance = random.Random(seed)
    names, weights = list(WEIGHTS), list(WEIGHTS.values())
    for _ in range(steps):
        name = chance.choices(names, weights)[0]
        yield Step(name, chance.randrange(PHONES), chance.random(), chance.random(), chance.random())


def pick(options: list[Any], which: float) -> Any:
    """Choose by a number from 0 to 1; None of nothing."""
    return options[int(which * len(options))] if options else None
