"""Any history of a subject, for properties: events of the whole vocabulary, with the data that engines look at."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from curator_app.procedures.facts import Duty, Fact
from curator_app.procedures.history import group_of
from curator_app.procedures.profile_definition import Profile
from tests.procedures.small_profiles import profile

FIRST = date(2026, 7, 1)
DAYS = (0, 1, 2, 4, 9, 10, 15, 31, 32, 45, 61, 62, 75, 92, 130, 185)
"""Few days, so that much happens on the same one."""
LEVELS = ("low", "medium", "high")

EVERYTHING = profile(
    {"id": "working", "after": ["registered"], "within": {"n": 3, "unit": "working_day"}, "until": ["deregistered"]},
    {"id": "hours", "after": ["registered"], "within": {"n": 1, "unit": "sutki"}},
    {"id": "at_once", "after": ["alarm_raised"], "within": {"n": 0, "unit": "immediate"}, "pausable": False},
    {
        "id": "months",
        "after": ["plan_approved"],
        "within": {"n": 1, "unit": "month"},
        "anchor": "latest",
        "done_by": ["plan_changed", "done"],
    },
    {
        "id": "first",
        "after": ["registered"],
        "within": {"n": 20, "unit": "unspecified_day"},
        "anchor": "first",
        "until": ["deregistered"],
        "when": {"level": ["medium", "high"]},
    },
    {"id": "undated", "after": ["plan_approved"], "until": ["deregistered"]},
    {
        "id": "child",
        "after": ["child_removed"],
        "within": {"n": 5, "unit": "calendar_day"},
        "match": ["child"],
        "done_by": ["child_placed"],
        "until": ["child_returned"],
        "when": {"level": ["high"]},
    },
    {
        "id": "visits",
        "after": ["registered"],
        "every": {"n": 1, "unit": "month"},
        "done_by": ["visit_made"],
        "until": ["deregistered"],
        "frequency": True,
    },
    {
        "id": "often",
        "after": ["registered", "plan_approved"],
        "every": {"n": 10, "unit": "calendar_day"},
        "done_by": ["visit_made"],
        "anchor": "latest",
        "frequency": True,
        "pausable": False,
    },
    {
        "id": "quarter",
        "after": ["registered"],
        "every": {"mode": "calendar_quarter"},
        "done_by": ["report"],
        "until": ["deregistered"],
    },
    {
        "id": "month",
        "after": ["plan_approved"],
        "every": {"mode": "calendar_month"},
        "done_by": ["report"],
        "anchor": "first",
        "frequency": True,
        "when": {"level": ["low"]},
    },
    classifications=[
        {
            "id": "level",
            "title": "Уровень",
            "unsaid": "…",
            "values": [{"id": name, "title": name, "unsaid": "…"} for name in LEVELS],
        }
    ],
)
CERTAIN = ("registered", "plan_approved", "done", "done", "visit_made", "visit_made", "report")
"""What most of these rules ask about; so every history has it, on some day or other."""
DECIDING = ("paused", "resumed", "frequency_set", "risk_decided")
SPOKEN_OF = sorted({name for rule in EVERYTHING.duties for name in (*rule.after, *rule.done_by, *rule.until)})
TYPES = (*DECIDING, *DECIDING, *SPOKEN_OF)


Decisions = tuple[dict[str, str], ...]
OURS: Decisions = tuple({"level": level} for level in LEVELS)


@st.composite
def facts(draw: st.DrawFn, types: tuple[str, ...] = TYPES, subject: str = "case", decisions: Decisions = OURS) -> Fact:
    """An event of some day, with an hour or without one."""
    kind = draw(st.sampled_from(types))
    on = FIRST + timedelta(days=draw(st.sampled_from(DAYS)))
    hour = draw(st.sampled_from((None, None, 0, 9, 16)))  # in UTC: the day stays the same in Novosibirsk
    at = None if hour is None else datetime(on.year, on.month, on.day, hour, tzinfo=UTC)
    # An id stands for the event: where it was written down says nothing about it.
    name = f"{kind}-{draw(st.integers(0, 10**9))}"
    return Fact(name, subject, kind, on, at, draw(_data(kind, on, decisions)))


@st.composite
def _data(draw: st.DrawFn, kind: str, on: date, decisions: Decisions) -> dict[str, Any]:
    child = {"child": draw(st.sampled_from(("Аня", "Боря")))} if draw(st.booleans()) else {}
    if kind == "risk_decided":
        return {**draw(st.sampled_from(decisions or OURS)), **child}
    if kind == "frequency_set":
        every = {"n": draw(st.integers(1, 6)), "unit": draw(st.sampled_from(("calendar_day", "week", "month")))}
        rule = {"rule": draw(st.sampled_from(("visits", "often")))} if draw(st.booleans()) else {}
        return {"every": every, "until": str(on + timedelta(days=draw(st.integers(0, 90)))), **rule}
    if kind == "report" and draw(st.booleans()):
        return {"period": draw(st.sampled_from(("2026-08", "2026-10", "2026-Q3", "2026-Q4")))}
    return child


@st.composite
def histories(
    draw: st.DrawFn, types: tuple[str, ...] = TYPES, subject: str = "case", decisions: Decisions = OURS
) -> list[Fact]:
    """Events in the order in which somebody wrote them down; each name once."""
    certain = CERTAIN if types == TYPES else types
    drawn = [draw(facts((name,), subject, decisions)) for name in certain]
    drawn += draw(st.lists(facts(types, subject, decisions), max_size=15))
    return list({fact.id: fact for fact in drawn}.values())


def days() -> st.SearchStrategy[date]:
    """A day from which a history is looked at."""
    some = st.integers(-5, DAYS[-1] + 100)
    return (some | st.just(DAYS[-1] + 1)).map(lambda number: FIRST + timedelta(days=number))


def met(duties: list[Duty]) -> dict[tuple[str, str, str], Any]:
    """The due day of each met duty; a period of the calendar is the same whichever event is shown as its beginning."""
    found = {}
    for one in duties:
        if one.state == "met":
            of_calendar = one.rule.every is not None and one.rule.every.mode != "rolling" and one.period[:2] != "f:"
            begun = str(group_of(one.anchor.data, one.rule.match)) if of_calendar else one.anchor.id
            found[one.rule.id, begun, one.period] = one.due
    return found


def vocabulary_of(one: Profile, subject: str) -> tuple[str, ...]:
    """The event types of which a profile's duties of a subject speak."""
    rules = [rule for rule in one.duties if rule.subject == subject]
    return tuple(sorted({name for rule in rules for name in (*rule.after, *rule.done_by, *rule.until)}))


def decisions_of(one: Profile) -> Decisions:
    """Everything that somebody could decide by a profile's classifications."""
    return tuple({kind.id: value.id} for kind in one.classifications for value in kind.values)
