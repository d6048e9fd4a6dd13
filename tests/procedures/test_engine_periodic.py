"""What returns: from the last time, or once in each month or quarter of the calendar."""

from __future__ import annotations

from tests.procedures.small_profiles import asked, fact, said

MONTHLY = {"after": ["begun"], "every": {"n": 1, "unit": "month"}, "done_by": ["visit"], "until": ["closed"]}
QUARTERLY = {"after": ["begun"], "every": {"mode": "calendar_quarter"}, "done_by": ["report"], "until": ["closed"]}
EACH_MONTH = {"after": ["begun"], "every": {"mode": "calendar_month"}, "done_by": ["report"]}
BEGUN = fact("begun", "2026-08-10")


def test_the_next_time_is_counted_from_the_last_one():
    facts = [BEGUN, fact("visit1", "2026-08-20"), fact("visit2", "2026-09-23")]

    assert said(asked(MONTHLY, facts, "2026-10-01")) == [
        ("begun", "2026-09-10", "met"),
        ("visit1", "2026-09-20", "met +3"),
        ("visit2", "2026-10-23", "open"),
    ]


def test_months_that_were_missed_make_one_duty_not_one_each():
    assert said(asked(MONTHLY, [BEGUN], "2026-12-31")) == [("begun", "2026-09-10", "late +112")]


def test_a_limit_that_returns_never_moves_and_the_aim_lies_before_it():
    (duty,) = asked(MONTHLY, [fact("begun", "2026-10-04")], "2026-10-04")
    (over_new_year,) = asked(MONTHLY, [fact("begun", "2025-12-05")], "2025-12-05")

    # 4 November is a holiday; the days from 31 December to 11 January are.
    assert (str(duty.due), str(duty.aim)) == ("2026-11-04", "2026-11-03")
    assert (str(over_new_year.due), str(over_new_year.aim)) == ("2026-01-05", "2025-12-30")


def test_a_visit_before_the_beginning_counts_for_nothing():
    facts = [fact("visit", "2026-08-09"), BEGUN]

    assert said(asked(MONTHLY, facts, "2026-08-11")) == [("begun", "2026-09-10", "open")]


def test_two_visits_of_one_day_leave_one_next_time():
    facts = [BEGUN, fact("visit1", "2026-08-20"), fact("visit2", "2026-08-20")]

    assert [line for line in said(asked(MONTHLY, facts, "2026-08-21")) if line[2] == "open"] == [
        ("visit2", "2026-09-20", "open")
    ]


def test_a_visit_after_the_end_begins_nothing_anew():
    facts = [BEGUN, fact("visit1", "2026-08-20"), fact("closed", "2026-08-25"), fact("visit2", "2026-09-01")]

    assert [duty.state for duty in asked(MONTHLY, facts, "2026-12-01")] == ["met", "met"]


def test_work_that_began_again_asks_again():
    facts = [BEGUN, fact("closed", "2026-08-25"), fact("begun2", "2026-10-01")]

    assert said(asked(MONTHLY, facts, "2026-10-02")) == [("begun2", "2026-11-01", "open")]


def test_a_second_beginning_leaves_the_nearer_limit():
    facts = [BEGUN, fact("begun2", "2026-08-15")]

    assert said(asked(MONTHLY, facts, "2026-08-16")) == [("begun", "2026-09-10", "open")]
    assert said(asked({**MONTHLY, "anchor": "latest"}, facts, "2026-08-16")) == [("begun2", "2026-09-15", "open")]


def test_a_quarter_of_the_calendar_is_owed_once():
    facts = [BEGUN, fact("report1", "2026-09-30"), fact("report2", "2026-11-20")]

    assert said(asked(QUARTERLY, facts, "2026-11-22")) == [
        ("begun 2026-Q3", "2026-09-30", "met"),
        ("begun 2026-Q4", "2026-12-31", "met"),
        ("begun 2027-Q1", "2027-03-31", "open"),
    ]


def test_every_missed_period_is_owed_and_the_next_report_serves_them_late():
    assert said(asked(EACH_MONTH, [BEGUN], "2026-10-05")) == [
        ("begun 2026-08", "2026-08-31", "late +35"),
        ("begun 2026-09", "2026-09-30", "late +5"),
        ("begun 2026-10", "2026-10-31", "open"),
    ]
    assert said(asked(EACH_MONTH, [BEGUN, fact("report", "2026-10-06")], "2026-10-06")) == [
        ("begun 2026-08", "2026-08-31", "met +36"),
        ("begun 2026-09", "2026-09-30", "met +6"),
        ("begun 2026-10", "2026-10-31", "met"),
        ("begun 2026-11", "2026-11-30", "open"),
    ]


def test_a_report_that_names_its_period_serves_that_one_only():
    facts = [BEGUN, fact("report", "2026-10-06", period="2026-08")]

    assert [duty.state for duty in asked(EACH_MONTH, facts, "2026-10-07")] == ["met", "late", "open"]


def test_the_limit_of_a_calendar_period_stays_on_its_last_day():
    (duty,) = asked(EACH_MONTH, [fact("begun", "2026-05-20")], "2026-05-20")

    assert (str(duty.due), str(duty.aim)) == ("2026-05-31", "2026-05-29")


def test_two_beginnings_in_one_quarter_ask_for_one_report():
    facts = [BEGUN, fact("begun2", "2026-09-01")]

    assert said(asked(QUARTERLY, facts, "2026-09-02")) == [("begun 2026-Q3", "2026-09-30", "open")]


def test_a_quarter_in_which_nothing_was_asked_is_not_late_by_the_report_after_it():
    facts = [
        fact("begun", "2026-02-02"),
        fact("report1", "2026-03-31"),
        fact("closed", "2026-04-20"),
        fact("begun2", "2026-10-10"),
        fact("report2", "2026-11-20"),
    ]

    assert said(asked(QUARTERLY, facts, "2026-11-22")) == [
        ("begun 2026-Q1", "2026-03-31", "met"),
        ("begun 2026-Q2", "2026-06-30", "met"),
        ("begun 2026-Q3", "2026-09-30", "met"),
        ("begun2 2026-Q4", "2026-12-31", "met"),
        ("begun2 2027-Q1", "2027-03-31", "open"),
    ]
    assert [("ended_before" in duty.marks) for duty in asked(QUARTERLY, facts, "2026-11-22")] == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_a_quarter_in_which_work_ended_and_began_again_is_asked_for_once_more_by_the_second_beginning():
    facts = [fact("begun", "2026-07-02"), fact("closed", "2026-07-20"), fact("begun2", "2026-08-10")]

    assert said(asked(QUARTERLY, facts, "2026-08-22")) == [("begun2 2026-Q3", "2026-09-30", "open")]


def test_of_the_latest_beginning_the_periods_before_it_are_asked_for_no_more():
    facts = [BEGUN, fact("begun2", "2026-10-02")]

    assert said(asked({**EACH_MONTH, "anchor": "latest"}, facts, "2026-10-03")) == [
        ("begun2 2026-10", "2026-10-31", "open")
    ]
