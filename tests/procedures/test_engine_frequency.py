"""A frequency set for one case: more often than the document asks, for a time."""

from __future__ import annotations

import pytest

from curator_app.procedures.facts import UnreadableFact
from tests.procedures.small_profiles import asked, fact, said

VISITS = {
    "after": ["begun"],
    "every": {"n": 1, "unit": "month"},
    "done_by": ["visit"],
    "frequency": True,
    "until": ["closed"],
}
WEEKLY = fact("weekly", "2026-09-07", "frequency_set", every={"n": 1, "unit": "week"}, until="2026-10-19", reason="…")
BEGUN, FIRST = fact("begun", "2026-09-01"), fact("visit1", "2026-09-04")


def unmet(rule, facts, as_of):
    return [line for line in said(asked(rule, facts, as_of)) if not line[2].startswith("met")]


def test_the_shorter_period_is_asked_for_instead_of_the_document_s():
    (duty,) = [duty for duty in asked(VISITS, [BEGUN, FIRST, WEEKLY], "2026-09-08") if duty.state == "open"]

    assert said([duty]) == [("weekly f:weekly", "2026-09-14", "open")]
    assert "own_frequency" in duty.marks


def test_each_visit_meets_it_and_begins_the_next_week():
    facts = [BEGUN, FIRST, WEEKLY, fact("visit2", "2026-09-10"), fact("visit3", "2026-09-20")]

    own = [duty for duty in asked(VISITS, facts, "2026-09-21") if duty.period]

    assert said(own) == [
        ("weekly f:weekly", "2026-09-14", "met"),
        ("visit2 f:weekly", "2026-09-17", "met +3"),
        ("visit3 f:weekly", "2026-09-27", "open"),
    ]
    assert unmet(VISITS, facts, "2026-09-21") == [("visit3 f:weekly", "2026-09-27", "open")]


def test_when_its_time_is_over_the_document_s_period_is_back():
    facts = [BEGUN, FIRST, WEEKLY, fact("visit2", "2026-09-10"), fact("visit3", "2026-10-15")]

    assert unmet(VISITS, facts, "2026-10-16") == [("visit3", "2026-11-15", "open")]


def test_what_was_late_by_the_document_already_stays_beside_it():
    late = fact("weekly", "2026-10-10", "frequency_set", every={"n": 1, "unit": "week"}, until="2026-11-10")

    assert unmet(VISITS, [BEGUN, FIRST, late], "2026-10-11") == [
        ("visit1", "2026-10-04", "late +7"),
        ("weekly f:weekly", "2026-10-17", "open"),
    ]


def test_a_later_frequency_ends_the_earlier_one():
    later = fact("daily", "2026-09-09", "frequency_set", every={"n": 3, "unit": "calendar_day"}, until="2026-09-30")

    assert unmet(VISITS, [BEGUN, FIRST, WEEKLY, later], "2026-09-09") == [("daily f:daily", "2026-09-12", "open")]


def test_once_it_is_replaced_nobody_is_late_by_it():
    rare = fact("rare", "2026-09-12", "frequency_set", every={"n": 3, "unit": "week"}, until="2026-10-19")
    facts = [BEGUN, FIRST, WEEKLY, rare, fact("visit2", "2026-09-13"), fact("visit3", "2026-10-02")]

    own = [duty for duty in asked(VISITS, facts, "2026-10-02") if duty.period == "f:weekly"]

    assert said(own) == [("weekly f:weekly", "2026-09-14", "met"), ("visit2 f:weekly", "2026-09-20", "met")]
    assert all("frequency_replaced" in duty.marks for duty in own)


def test_a_frequency_below_the_document_s_is_ignored_and_said_to_be():
    rare = fact("rare", "2026-09-07", "frequency_set", every={"n": 2, "unit": "month"}, until="2027-01-01")

    duties = asked(VISITS, [BEGUN, FIRST, rare], "2026-09-08")

    assert said(duties) == [("begun", "2026-10-01", "met"), ("visit1", "2026-10-04", "open")]
    assert "frequency_ignored" in duties[1].marks
    assert "frequency_ignored" not in duties[0].marks


def test_it_never_asks_later_than_the_document():
    # Thirty days are less than a month in March, when it is set, and more than one in February.
    monthly = fact("often", "2026-03-05", "frequency_set", every={"n": 30, "unit": "calendar_day"}, until="2027-12-31")
    begun = fact("begun", "2026-01-01")

    assert unmet(VISITS, [begun, monthly, fact("visit1", "2026-12-01")], "2026-12-02") == [
        ("visit1 f:often", "2026-12-31", "open")
    ]
    assert unmet(VISITS, [begun, monthly, fact("visit1", "2027-02-01")], "2027-02-02") == [
        ("visit1 f:often", "2027-03-01", "open")
    ]


def test_it_concerns_the_rule_that_it_names_and_no_rule_that_lets_none_be_set():
    other = fact("weekly", "2026-09-07", "frequency_set", every={"n": 1, "unit": "week"}, rule="another")

    assert unmet(VISITS, [BEGUN, FIRST, other], "2026-09-08") == [("visit1", "2026-10-04", "open")]
    assert unmet({**VISITS, "frequency": False}, [BEGUN, FIRST, WEEKLY], "2026-09-08") == [
        ("visit1", "2026-10-04", "open")
    ]


def test_where_the_document_names_no_period_a_case_can_still_have_one():
    rule = {"after": ["begun"], "done_by": ["visit"], "frequency": True}

    assert unmet(rule, [BEGUN, FIRST, WEEKLY], "2026-09-08") == [("weekly f:weekly", "2026-09-14", "open")]


def test_a_closed_case_asks_for_no_frequency():
    assert unmet(VISITS, [BEGUN, FIRST, WEEKLY, fact("closed", "2026-09-09")], "2026-09-20") == []


def test_a_pause_holds_it_and_counts_it_anew():
    facts = [BEGUN, FIRST, WEEKLY, fact("paused", "2026-09-10"), fact("resumed", "2026-09-25")]

    assert unmet(VISITS, facts[:-1], "2026-09-20") == [("weekly f:weekly", "2026-09-14", "paused")]
    assert unmet(VISITS, facts, "2026-09-26") == [("resumed f:weekly", "2026-10-02", "open")]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"every": "weekly"},
        {"every": {"n": 0, "unit": "week"}},
        {"every": {"n": 10**30, "unit": "week"}},
        {"every": {"n": True, "unit": "week"}},
        {"every": {"n": 1, "unit": "year"}},
        {"every": {"n": 1, "unit": "week"}, "until": "скоро"},
    ],
)
def test_a_frequency_that_cannot_be_read_is_refused_by_name(data):
    with pytest.raises(UnreadableFact, match="Событие weekly: в поле"):
        asked(VISITS, [BEGUN, fact("weekly", "2026-09-07", "frequency_set", **data)], "2026-09-08")
