"""Families' stories, their duties worked out by hand from the documents: the engine must come to the same days.

A file is one story looked at from one day: title, profile, as_of, events as `flask rules explain` takes them, and
expect: every duty of every subject in it (only = true: those rules alone that it names). A comment tells the counting.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from curator_app.procedures.calendar import calendar_of
from curator_app.procedures.engine import duties
from curator_app.procedures.facts import Duty, Fact
from curator_app.procedures.profiles_loader import load_profile, released
from curator_app.procedures.vocabulary import types_of

GOLDEN = Path(__file__).parents[1] / "golden"
STORIES = sorted(GOLDEN.glob("*/*.toml"))
KEYS = {"title", "profile", "as_of", "only", "events", "expect"}


def read(path: Path) -> dict[str, Any]:
    story = tomllib.loads(path.read_text(encoding="utf-8"))
    assert set(story) <= KEYS
    return story


def facts_by_subject(story: dict[str, Any]) -> dict[tuple[str, str], list[Fact]]:
    found = defaultdict(list)
    for event in story["events"]:
        fact = Fact(event["id"], event["subject"], event["type"], event["on"], event.get("at"), event.get("data", {}))
        found[event["subject"], event.get("subject_id", "")].append(fact)
    return found


def said(duty: Duty) -> dict[str, Any]:
    """Return a duty as a story says it: what is empty stays unsaid."""
    words = {
        "rule": duty.rule.id,
        "anchor": duty.anchor.id,
        "period": duty.period,
        "due": duty.due,
        "state": duty.state,
        "late_days": duty.late_days,
        "met_by": duty.met_by.id if duty.met_by else "",
        "marks": list(duty.marks),
    }
    return {key: value for key, value in words.items() if value or key == "marks"}


def as_far_as_said(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out who fulfilled a duty, and what is marked on it, where the story does not say it."""
    silent = [{"met_by", "marks"} - set(mine) for mine in expected] + [set()] * len(found)
    return [
        {key: value for key, value in theirs.items() if key not in kept}
        for theirs, kept in zip(found, silent, strict=False)
    ]


def in_order(words: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(words, key=lambda one: (one["rule"], one["anchor"], one.get("period", "")))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_duties_of_a_story_are_those_worked_out_by_hand(path: Path):
    story = read(path)
    profile = load_profile(story["profile"])
    days = calendar_of(profile.calendar)

    owed = [
        duty
        for facts in facts_by_subject(story).values()
        for duty in duties(profile, facts, days, story["as_of"])
        if not story.get("only") or duty.rule.id in {one["rule"] for one in story["expect"]}
    ]

    expected = in_order(story["expect"])
    found = in_order([said(duty) for duty in owed])
    assert as_far_as_said(found, expected) == expected


@pytest.mark.parametrize("path", STORIES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_story_tells_of_events_that_can_happen(path: Path):
    story = read(path)
    known = types_of(load_profile(story["profile"]))

    assert story["profile"].startswith(f"{path.parent.name}@")
    for event in story["events"]:
        assert event["subject"] in known[event["type"]].kinds, event
        assert type(event["on"]) is date
        assert isinstance(event.get("at", datetime.now().astimezone()), datetime)


@pytest.mark.parametrize("key", [key for key in released() if (GOLDEN / key.partition("@")[0]).is_dir()])
def test_each_duty_of_a_procedure_stands_in_a_story(key: str):
    told = {
        one["rule"]
        for path in (GOLDEN / key.partition("@")[0]).glob("*.toml")
        if (story := read(path))["profile"] == key
        for one in story["expect"]
    }

    assert {rule.id for rule in load_profile(key).duties} - told == set()
