"""Open, met, late: what a duty is on which day."""

from __future__ import annotations

import pytest

from tests.procedures.small_profiles import asked, fact, said

WEEK = {"after": ["begun"], "within": {"n": 7, "unit": "calendar_day"}}
BEGUN = fact("begun", "2026-11-09")


@pytest.mark.parametrize(
    ("as_of", "state"), [("2026-11-16", "open"), ("2026-11-17", "late +1"), ("2026-11-20", "late +4")]
)
def test_a_duty_is_late_from_the_day_after_its_last_one(as_of, state):
    assert said(asked(WEEK, [BEGUN], as_of)) == [("begun", "2026-11-16", state)]


@pytest.mark.parametrize(("done", "state"), [("2026-11-09", "met"), ("2026-11-16", "met"), ("2026-11-18", "met +2")])
def test_a_duty_is_met_by_the_first_that_fulfils_it_on_its_day_or_after(done, state):
    facts = [BEGUN, fact("done1", done), fact("done2", "2026-11-19")]

    (duty,) = asked(WEEK, facts, "2026-12-01")

    assert said([duty]) == [("begun", "2026-11-16", state)]
    assert duty.met_by.id == "done1"


def test_what_was_done_before_fulfils_nothing():
    facts = [fact("done", "2026-11-08"), BEGUN]

    assert said(asked(WEEK, facts, "2026-11-09")) == [("begun", "2026-11-16", "open")]


def test_on_one_day_the_hours_decide_where_both_are_known():
    begun = fact("begun", "2026-11-09T12:00+07:00")

    assert asked(WEEK, [begun, fact("done", "2026-11-09T11:00+07:00")], "2026-11-09")[0].state == "open"
    assert asked(WEEK, [begun, fact("done", "2026-11-09T09:00+03:00")], "2026-11-09")[0].state == "met"
    assert asked(WEEK, [begun, fact("done", "2026-11-09")], "2026-11-09")[0].state == "met"


def test_hours_of_different_zones_are_compared_as_moments():
    begun = fact("begun", "2026-11-09T23:30+03:00")
    before, after = fact("done1", "2026-11-10T02:00+07:00"), fact("done2", "2026-11-10T04:00+07:00")

    assert asked(WEEK, [begun, before], "2026-11-10")[0].state == "open"
    assert asked(WEEK, [begun, before, after], "2026-11-10")[0].met_by.id == "done2"


def test_each_event_that_begins_a_term_makes_a_duty():
    facts = [BEGUN, fact("begun2", "2026-11-11"), fact("done", "2026-11-10")]

    assert said(asked(WEEK, facts, "2026-11-12")) == [("begun", "2026-11-16", "met"), ("begun2", "2026-11-18", "open")]


@pytest.mark.parametrize(("anchor", "asks"), [("first", "begun"), ("latest", "begun2")])
def test_a_rule_may_ask_of_the_first_or_of_the_latest_only(anchor, asks):
    facts = [BEGUN, fact("begun2", "2026-11-11")]

    assert [duty.anchor.id for duty in asked({**WEEK, "anchor": anchor}, facts, "2026-11-12")] == [asks]


def test_the_first_after_an_end_is_a_first_again():
    rule = {**WEEK, "anchor": "first", "until": ["closed"]}
    facts = [BEGUN, fact("closed", "2026-11-10"), fact("begun2", "2026-11-11"), fact("begun3", "2026-11-12")]

    assert [duty.anchor.id for duty in asked(rule, facts, "2026-11-12")] == ["begun2"]


def test_what_ended_is_asked_for_no_more_and_what_was_done_before_stays():
    rule = {**WEEK, "until": ["closed"]}
    facts = [BEGUN, fact("done", "2026-11-10"), fact("begun2", "2026-11-11"), fact("closed", "2026-11-12")]

    assert said(asked(rule, facts, "2026-12-01")) == [("begun", "2026-11-16", "met")]


def test_what_was_done_after_the_end_is_met_and_late_only_until_the_end():
    rule = {**WEEK, "until": ["closed"]}
    early = [BEGUN, fact("closed", "2026-11-12"), fact("done", "2026-12-10")]
    late = [BEGUN, fact("closed", "2026-11-18"), fact("done", "2026-12-10")]

    assert said(asked(rule, early, "2026-12-11")) == [("begun", "2026-11-16", "met")]
    assert said(asked(rule, late, "2026-12-11")) == [("begun", "2026-11-16", "met +2")]
    assert "ended_before" in asked(rule, early, "2026-12-11")[0].marks


def test_data_of_the_event_decides_where_a_rule_says_so():
    rule = {**WEEK, "after_data": {"about": ["opening"]}, "done_data": {"with": ["group", "family"]}}
    facts = [
        fact("begun1", "2026-11-09", about="opening"),
        fact("begun2", "2026-11-10", about="closing"),
        fact("done1", "2026-11-11"),
        fact("done2", "2026-11-12", **{"with": "group"}),
    ]

    (duty,) = asked(rule, facts, "2026-11-12")

    assert (duty.anchor.id, duty.met_by.id) == ("begun1", "done2")


def test_what_concerns_one_child_is_done_for_that_child():
    rule = {**WEEK, "match": ["child"], "until": ["closed"]}
    facts = [
        fact("begun1", "2026-11-09", child="Аня"),
        fact("begun2", "2026-11-09", child="Боря"),
        fact("begun3", "2026-11-09", child="Вера"),
        fact("done", "2026-11-10", child="Аня"),
        fact("closed", "2026-11-10", child="Вера"),
    ]

    assert said(asked(rule, facts, "2026-11-10")) == [("begun1", "2026-11-16", "met"), ("begun2", "2026-11-16", "open")]
    assert said(asked(rule, [*facts, fact("closed2", "2026-11-11")], "2026-11-11")) == [("begun1", "2026-11-16", "met")]


def test_a_rule_asks_of_its_own_kind_of_subject_only():
    assert asked({**WEEK, "subject": "signal"}, [BEGUN], "2026-11-12") == []


def test_without_facts_nothing_is_owed():
    assert asked(WEEK, [], "2026-11-12") == []
