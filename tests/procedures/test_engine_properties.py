"""What holds for every history: order of writing is nothing, what was met stays, the future changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from curator_app.procedures import engine
from curator_app.procedures.corrections import CORRECTION
from curator_app.procedures.facts import Duty, Fact
from curator_app.procedures.profile_definition import Profile
from curator_app.procedures.profiles_loader import load_profile, released
from tests.procedures.any_history import DECIDING, EVERYTHING, days, decisions_of, facts, histories, met, vocabulary_of
from tests.procedures.small_profiles import COUNTRY

LEAVING = (*DECIDING, "deregistered", "child_returned")
"""What could lead somebody to take a duty off the list."""
REAL = [
    (key, subject)
    for key in released()
    for subject in sorted({rule.subject for rule in load_profile(key).duties})
    if vocabulary_of(load_profile(key), subject)
]


def owed(history: Sequence[Fact], as_of: date, profile: Profile = EVERYTHING) -> list[Duty]:
    return engine.duties(profile, history, COUNTRY, as_of)


@st.composite
def corrected_histories(draw: st.DrawFn) -> list[Fact]:
    """A history in which some events were corrected."""
    history = draw(histories())
    names = st.sampled_from([fact.id for fact in history] or ["nothing"])
    made = []
    for number in range(draw(st.integers(0, 4))):
        given_on = {"on": str(draw(days()))} if draw(st.booleans()) else {"void": draw(st.booleans())}
        corrects = draw(names | st.sampled_from([fact.id for fact in made] or ["nothing"]))
        made.append(Fact(f"c{number}", "case", CORRECTION, draw(days()), None, {"corrects": corrects, **given_on}))
    return [*history, *made]


@settings(max_examples=100, deadline=None)
@given(corrected_histories(), days(), st.randoms(use_true_random=False))
def test_the_order_in_which_events_were_written_down_never_matters(history, as_of, chance):
    plain = [fact for fact in history if fact.type != CORRECTION]
    chance.shuffle(plain)
    # Corrections keep their order among themselves and stand anywhere between.
    mixed = list(plain)
    places = sorted(chance.randint(0, len(plain)) for fact in history if fact.type == CORRECTION)
    corrections = [fact for fact in history if fact.type == CORRECTION]
    for place, fact in reversed(list(zip(places, corrections, strict=True))):
        mixed.insert(place, fact)

    assert owed(mixed, as_of) == owed(history, as_of)


@settings(max_examples=200, deadline=None)
@given(histories(), facts(LEAVING) | facts(), days())
def test_no_other_event_moves_or_takes_away_what_was_met(history, another, as_of):
    assume(another.id not in {fact.id for fact in history})
    before, after = met(owed(history, as_of)), met(owed([*history, another], as_of))

    assert {key: after.get(key) for key in before} == before


@settings(max_examples=100, deadline=None)
@given(histories(), days(), st.data())
def test_a_correction_of_a_pause_or_a_level_moves_nothing_that_was_met(history, as_of, data):
    deciding = [fact.id for fact in history if fact.type in {"paused", "risk_decided", "deregistered"}]
    corrects = data.draw(st.sampled_from(deciding or ["nothing"]))
    changed = data.draw(st.fixed_dictionaries({"void": st.booleans(), "on": days().map(str)}))
    correction = Fact("c", "case", CORRECTION, as_of, None, {"corrects": corrects, **changed})
    before, after = met(owed(history, as_of)), met(owed([*history, correction], as_of))

    assert {key: after.get(key) for key in before} == before


@settings(max_examples=100, deadline=None)
@given(histories(), days())
def test_what_happens_later_changes_nothing_today(history, as_of):
    assert owed(history, as_of) == owed([fact for fact in history if fact.on <= as_of], as_of)


@settings(max_examples=100, deadline=None)
@given(corrected_histories(), days())
def test_each_duty_has_a_key_of_its_own_and_a_state_that_its_dates_bear_out(history, as_of):
    duties = owed(history, as_of)
    keys = [(one.rule.id, one.anchor.id, one.period) for one in duties]

    assert len(set(keys)) == len(keys)
    for one in duties:
        assert (one.state == "met") == (one.met_by is not None)
        assert (one.state == "late") <= (one.late_days > 0)
        assert (one.late_days > 0) <= (one.state in {"late", "met"})
        assert (one.state == "undated") <= (one.due is None)
        assert ("paused" in one.marks) >= (one.state == "paused")
        assert one.anchor.on <= as_of


@pytest.mark.parametrize(("key", "subject"), REAL)
def test_in_a_released_profile_too_what_was_met_stays_and_order_is_nothing(key, subject):
    profile = load_profile(key)
    types, levels = (*vocabulary_of(profile, subject), *DECIDING), decisions_of(profile)

    @settings(max_examples=25, deadline=None)
    @given(histories(types, subject, levels), facts(types, subject, levels), days(), st.randoms(use_true_random=False))
    def holds(history, another, as_of, chance):
        assume(another.id not in {fact.id for fact in history})
        duties = owed(history, as_of, profile)
        before, after = met(duties), met(owed([*history, another], as_of, profile))
        assert {key: after.get(key) for key in before} == before
        chance.shuffle(history)
        assert owed(history, as_of, profile) == duties

    holds()
