"""The engine: what an event of one subject costs when there are ten, a hundred, a thousand, ten thousand of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from bench import reproject
from bench.figures import Figure
from bench.stage import Stage
from curator_app.procedures import engine
from curator_app.procedures.calendar import calendar_of
from curator_app.procedures.facts import Fact
from curator_app.procedures.profile_definition import Profile
from curator_app.procedures.profiles_loader import load_profile

SIZES = (10, 100, 1_000, 10_000)
PROFILE = "kochki_2020@1"
"""It asks for most: monthly visits and meetings, reports by the quarter, terms in working days."""
MOST_GROWTH = 2
"""Linear is once the cost of an event; sorting and a processor's caches are granted the rest."""
BEGAN = date(1999, 1, 11)
"""An event a day from here on: a longer history is a longer case, not a busier one."""
# Of a case that goes on for years: mostly visits and contacts, now and then a paper, a pause, another frequency.
YEAR = (
    *("visit_made", "contact_made", "action_reported", "visit_made", "group_met", "monitoring_done", "visit_attempted"),
    *("visit_made", "risk_decided", "contact_made", "proposals_given", "visit_made", "group_summed_up"),
    *("plan_submitted", "plan_approved", "visit_made", "frequency_set", "visit_made", "paused", "resumed"),
    *("curator_report_sent", "curator_report_approved", "alarm_raised", "alarm_confirmed", "event_corrected"),
)


def measure(stage: Stage) -> Iterator[Figure]:
    """Ask the engine about one subject again and again; of the processor's time the least is told."""
    profile = load_profile(PROFILE)
    each: dict[int, float] = {}
    _once(profile, long_case(SIZES[-1]))  # so that the calendar has worked out its years
    for size in SIZES:
        history = long_case(size)
        seconds = [_once(profile, history) for _ in range(3 if stage.quick else 7)]
        each[size] = min(seconds) / size
        yield Figure(f"duties of one subject with {size} events, an event", each[size] * 1e6, "µs")
    yield Figure(f"duties of one subject with {SIZES[-1]} events", each[SIZES[-1]] * SIZES[-1] * 1e3, "ms")
    growth = each[SIZES[-1]] / each[100]
    yield Figure("an event's cost among 10 000 over its cost among 100", growth, "x", 1, MOST_GROWTH)
    yield from reproject.measure(stage)


def long_case(size: int) -> list[Fact]:
    """Return the events of one case, one a day."""
    facts = [_fact(0, "resolution_adopted", 0), _fact(1, "registered", 0), _fact(2, "curator_assigned", 1)]
    facts += [_fact(number, YEAR[number % len(YEAR)], number) for number in range(3, size)]
    return facts[:size]


def _fact(number: int, kind: str, after: int) -> Fact:
    on = BEGAN + timedelta(days=after)
    at = datetime(on.year, on.month, on.day, number % 16, tzinfo=UTC) if number % 3 else None
    data: dict[str, object] = {}
    if kind == "frequency_set":
        data = {"every": {"n": 1, "unit": "week"}, "until": str(on + timedelta(days=42)), "reason": "…"}
    elif kind == "event_corrected":
        data = {"corrects": f"e{number - 2}", "on": str(on), "reason": "…"}
    return Fact(f"e{number}", "case", kind, on, at, data)


def _once(profile: Profile, history: list[Fact]) -> float:
    began = time.process_time()
    engine.duties(profile, history, calendar_of(profile.calendar), BEGAN + timedelta(days=len(history)))
    return time.process_time() - began
