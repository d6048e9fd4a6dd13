"""A pause by decision: nothing falls due meanwhile, and no date moves."""

from __future__ import annotations

from tests.procedures.small_profiles import asked, fact, said

PLAN = {"after": ["begun"], "within": {"n": 7, "unit": "calendar_day"}}
VISITS = {"after": ["begun"], "every": {"n": 1, "unit": "month"}, "done_by": ["visit"]}
BEGUN = fact("begun", "2026-09-01")


def test_between_pause_and_resumption_a_duty_is_paused_and_keeps_its_date():
    facts = [BEGUN, fact("paused", "2026-09-05"), fact("resumed", "2026-10-01")]

    assert said(asked(PLAN, facts, "2026-09-30")) == [("begun", "2026-09-08", "paused")]
    assert said(asked(PLAN, facts, "2026-10-01")) == [("begun", "2026-09-08", "late +1")]


def test_days_of_a_pause_are_not_days_late_and_the_duty_says_so():
    facts = [BEGUN, fact("paused", "2026-09-05"), fact("resumed", "2026-10-01"), fact("done", "2026-10-03")]

    (duty,) = asked(PLAN, facts, "2026-12-01")

    assert (str(duty.due), duty.state, duty.late_days) == ("2026-09-08", "met", 3)
    assert "paused" in duty.marks


def test_what_was_late_when_the_pause_began_stays_late():
    facts = [BEGUN, fact("paused", "2026-09-11")]

    assert said(asked(PLAN, facts, "2026-11-01")) == [("begun", "2026-09-08", "late +2")]


def test_a_duty_that_knows_no_pause_goes_on():
    facts = [BEGUN, fact("paused", "2026-09-05")]

    assert said(asked({**PLAN, "pausable": False}, facts, "2026-09-10")) == [("begun", "2026-09-08", "late +2")]


def test_what_ended_in_hours_during_a_pause_is_paused():
    rule = {"after": ["begun"], "within": {"n": 1, "unit": "sutki"}}
    begun = fact("begun", "2026-09-01T10:00+07:00")

    late = [begun, fact("paused", "2026-09-02T11:00+07:00")]
    paused = [begun, fact("paused", "2026-09-02T09:00+07:00")]

    assert asked(rule, late, "2026-09-05")[0].state == "late"
    assert asked(rule, paused, "2026-09-05")[0].state == "paused"


def test_a_threat_is_no_less_immediate_in_a_pause_and_a_step_without_date_rests():
    facts = [fact("paused", "2026-08-30"), BEGUN]

    assert asked({"after": ["begun"], "within": {"n": 0, "unit": "immediate"}}, facts, "2026-09-02")[0].state == (
        "elapsed"
    )
    assert asked({"after": ["begun"]}, facts, "2026-09-02")[0].state == "paused"


def test_after_a_pause_the_next_visit_is_counted_from_its_end():
    facts = [BEGUN, fact("visit1", "2026-09-10"), fact("paused", "2026-09-20"), fact("resumed", "2026-11-01")]

    assert said(asked(VISITS, facts, "2026-10-30")) == [
        ("begun", "2026-10-01", "met"),
        ("visit1", "2026-10-10", "paused"),
    ]
    assert said(asked(VISITS, facts, "2026-11-02")) == [
        ("begun", "2026-10-01", "met"),
        ("resumed", "2026-12-01", "open"),
    ]


def test_a_visit_after_a_pause_is_not_late_for_the_time_of_the_pause():
    facts = [BEGUN, fact("paused", "2026-09-20"), fact("resumed", "2026-11-01"), fact("visit", "2026-11-20")]

    assert said(asked(VISITS, facts, "2026-11-21")) == [
        ("begun", "2026-10-01", "met"),
        ("resumed", "2026-12-01", "met"),
        ("visit", "2026-12-20", "open"),
    ]


def test_a_visit_that_was_late_before_the_pause_stays_late_after_it():
    facts = [BEGUN, fact("paused", "2026-10-06"), fact("resumed", "2026-11-01")]

    assert said(asked(VISITS, facts, "2026-11-03")) == [("begun", "2026-10-01", "late +7")]
    assert said(asked(VISITS, [*facts, fact("visit", "2026-11-03")], "2026-11-03")) == [
        ("begun", "2026-10-01", "met +7"),
        ("resumed", "2026-12-01", "met"),
        ("visit", "2026-12-03", "open"),
    ]


def test_what_returns_for_each_child_keeps_its_day_over_a_pause():
    rule = {**VISITS, "match": ["child"]}
    facts = [fact("begun", "2026-09-01", child="Аня"), fact("paused", "2026-09-20"), fact("resumed", "2026-10-20")]

    assert said(asked(rule, facts, "2026-10-22")) == [("begun", "2026-10-01", "late +3")]
    assert said(asked(rule, [*facts, fact("visit", "2026-10-22", child="Аня")], "2026-10-22")) == [
        ("begun", "2026-10-01", "met +3"),
        ("visit", "2026-11-22", "open"),
    ]


def test_of_several_pauses_each_is_left_out():
    facts = [
        BEGUN,
        *(fact("paused1", "2026-09-10"), fact("resumed1", "2026-09-15")),
        *(fact("paused2", "2026-09-20"), fact("resumed2", "2026-09-30")),
    ]

    assert said(asked(PLAN, facts, "2026-10-02")) == [("begun", "2026-09-08", "late +9")]
