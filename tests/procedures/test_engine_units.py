"""Every unit of a term, counted with weekends, holidays and New Year in the way."""

from __future__ import annotations

import pytest

from tests.procedures.small_profiles import asked, fact, said
from tests.procedures.working_days import Country


def term(n: int, unit: str) -> dict:
    return {"after": ["begun"], "within": {"n": n, "unit": unit}}


@pytest.mark.parametrize(
    ("n", "unit", "begun", "due"),
    [
        (3, "working_day", "2026-10-30", "2026-11-05"),
        (5, "working_day", "2026-10-30", "2026-11-09"),
        (3, "working_day", "2025-12-30", "2026-01-14"),
        # A Saturday that is worked counts.
        (1, "working_day", "2025-10-31", "2025-11-01"),
        (15, "calendar_day", "2026-10-30", "2026-11-16"),
        (15, "calendar_day", "2026-11-05", "2026-11-20"),
        (20, "unspecified_day", "2026-10-30", "2026-11-19"),
        (5, "calendar_day", "2025-12-27", "2026-01-12"),
        (1, "month", "2026-01-31", "2026-03-02"),
        (1, "month", "2026-10-30", "2026-11-30"),
        (6, "month", "2026-05-04", "2026-11-05"),
        (3, "month", "2026-11-30", "2027-03-01"),
    ],
)
def test_a_term_of_days_ends_on_a_working_day(n, unit, begun, due):
    duties = asked(term(n, unit), [fact("begun", begun)], begun)

    assert said(duties) == [("begun", due, "open")]


def test_sutki_end_after_twenty_four_hours_over_a_sunday():
    begun = fact("begun", "2026-10-31T14:00+07:00")

    assert asked(term(1, "sutki"), [begun], "2026-10-31")[0].due.isoformat() == "2026-11-01T14:00:00+07:00"
    assert asked(term(1, "sutki"), [begun], "2026-11-01T14:00+07:00")[0].state == "open"
    assert asked(term(1, "sutki"), [begun], "2026-11-01T14:01+07:00")[0].state == "late"


def test_sutki_of_an_event_without_an_hour_begin_at_the_next_midnight_and_say_so():
    (duty,) = asked(term(1, "sutki"), [fact("begun", "2026-10-31")], "2026-11-01")

    assert duty.due.isoformat() == "2026-11-02T00:00:00+07:00"
    assert duty.state == "open"
    assert "time_unknown" in duty.marks


def test_sutki_are_shown_in_the_zone_of_the_territory():
    begun = fact("begun", "2026-10-31T14:00+07:00")

    (duty,) = asked(term(1, "sutki"), [begun], "2026-10-31", zone="Asia/Yekaterinburg")

    assert duty.due.isoformat() == "2026-11-01T12:00:00+05:00"


def test_immediate_is_never_late_only_elapsed():
    begun = fact("begun", "2026-10-31T14:00+07:00")

    (duty,) = asked(term(0, "immediate"), [begun], "2026-12-31")

    assert (duty.due.isoformat(), duty.state, duty.late_days) == ("2026-10-31T14:00:00+07:00", "elapsed", 0)


def test_immediate_that_was_done_next_day_is_met():
    facts = [fact("begun", "2026-10-31"), fact("done", "2026-11-01")]

    assert said(asked(term(0, "immediate"), facts, "2026-12-31")) == [("begun", "2026-10-31", "met")]


def test_a_step_without_a_date_waits_without_one():
    assert said(asked({"after": ["begun"]}, [fact("begun", "2026-10-30")], "2027-10-30")) == [("begun", "—", "undated")]


def test_a_territory_may_aim_at_a_day_where_the_document_names_none():
    rule = {"after": ["begun"], "target": {"n": 10, "unit": "calendar_day"}, "territory_choice": False}

    (duty,) = asked(rule, [fact("begun", "2026-10-27")], "2026-12-30")

    assert (duty.due, str(duty.aim), duty.state) == (None, "2026-11-06", "undated")
    assert duty.marks == ("territory_choice",)


def test_days_of_an_unsaid_kind_are_marked():
    (duty,) = asked(term(20, "unspecified_day"), [fact("begun", "2026-10-30")], "2026-10-30")

    assert "day_kind_unsaid" in duty.marks


def test_a_term_that_runs_into_an_unsettled_year_is_marked():
    facts = [fact("begun1", "2026-12-01"), fact("begun2", "2026-12-25")]

    near, far = asked(term(10, "calendar_day"), facts, "2026-12-25", calendar=Country(unsettled=2027))

    assert "calendar_provisional" not in near.marks
    assert "calendar_provisional" in far.marks
