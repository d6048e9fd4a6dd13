"""Each dated duty is counted once by hand in its profile, and nothing stands there without saying where from."""

from __future__ import annotations

from datetime import datetime

import pytest

from curator_app.procedures.calendar import calendar_of
from curator_app.procedures.engine import duties
from curator_app.procedures.facts import Fact
from curator_app.procedures.profile_checks import parts_of
from curator_app.procedures.profile_definition import Entry, Example, Profile, Rule
from curator_app.procedures.profiles_loader import load_profile, released

PROFILES = [load_profile(key) for key in released()]
DATED = [(profile, rule) for profile in PROFILES for rule in profile.duties if rule.within or rule.every]
WORKED = [(profile, rule, example) for profile, rule in DATED for example in rule.examples]


def test_there_are_profiles_to_look_at():
    assert PROFILES
    assert DATED


@pytest.mark.parametrize(("profile", "rule"), DATED, ids=lambda part: getattr(part, "id", ""))
def test_each_dated_duty_has_a_worked_example(profile: Profile, rule: Rule):
    assert rule.examples, f"{profile.key}: {rule.id}"


@pytest.mark.parametrize(("profile", "rule", "example"), WORKED, ids=lambda part: getattr(part, "id", ""))
def test_the_engine_comes_to_the_day_that_was_worked_out(profile: Profile, rule: Rule, example: Example):
    at = example.after if isinstance(example.after, datetime) else None
    on = at.date() if at else example.after
    data = {key: values[0] for key, values in rule.after_data.items()}
    begun = Fact("begun", rule.subject, rule.after[0], on, at, data)

    found = duties(profile, [begun], calendar_of(profile.calendar), at or on)

    assert [duty.due for duty in found if duty.rule.id == rule.id] == [example.due]


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.key)
def test_nothing_stands_without_a_quote_or_a_mark(profile: Profile):
    silent = [
        place
        for place, part in parts_of(profile)
        if isinstance(part, Entry) and not (part.source or part.territory_choice or part.unsaid)
    ]

    assert silent == []


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.key)
def test_each_quote_is_short(profile: Profile):
    quotes = [part.source.quote for _, part in parts_of(profile) if isinstance(part, Entry) and part.source]

    assert quotes
    assert max(map(len, quotes)) <= 200
