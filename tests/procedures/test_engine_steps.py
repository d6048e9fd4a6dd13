"""Why such a term: each day on the way to it, with its number or why it got none."""

from __future__ import annotations

import pytest

from curator_app.procedures import counting
from curator_app.procedures.counting import Stretch
from tests.procedures.small_profiles import COUNTRY, asked, fact


def walked(rule: dict, begun: str, as_of: str = "") -> list[str]:
    duty = asked(rule, [fact("begun", begun)], as_of or begun[:10])[0]
    return [
        " ".join(filter(None, [f"{step.day:%d.%m}", str(step.number or ""), step.part, step.why]))
        for step in counting.steps(duty, COUNTRY)
    ]


def test_working_days_are_numbered_and_a_weekend_and_a_holiday_are_passed_over():
    assert walked({"after": ["begun"], "within": {"n": 3, "unit": "working_day"}}, "2026-10-30") == [
        "30.10 anchor",
        "31.10 passed выходной",
        "01.11 passed выходной",
        "02.11 1 counted",
        "03.11 2 counted",
        "04.11 passed праздник",
        "05.11 3 due",
    ]


def test_calendar_days_are_all_numbered_and_the_last_one_moves_forward():
    lines = walked({"after": ["begun"], "within": {"n": 3, "unit": "calendar_day"}}, "2026-10-29")

    assert lines == [
        "29.10 anchor",
        "30.10 1 counted",
        "31.10 2 counted выходной",
        "01.11 3 counted выходной",
        "02.11 due",
    ]


def test_of_sutki_the_day_in_which_they_end_is_shown():
    rule = {"after": ["begun"], "within": {"n": 1, "unit": "sutki"}}

    assert walked(rule, "2026-10-31T14:00+07:00") == ["31.10 anchor выходной", "01.11 1 due выходной"]
    assert walked(rule, "2026-10-31") == ["31.10 anchor выходной", "01.11 passed выходной", "02.11 1 due"]


def test_a_returning_limit_stays_on_its_day_and_the_aim_is_shown_before_it():
    lines = walked({"after": ["begun"], "every": {"n": 1, "unit": "month"}}, "2026-10-04")

    assert lines[0] == "04.10 anchor выходной"
    assert lines[-2:] == ["03.11 aim", "04.11 1 due праздник"]


def test_a_month_is_numbered_on_the_day_of_the_same_number():
    lines = walked({"after": ["begun"], "within": {"n": 2, "unit": "month"}}, "2026-06-30")

    assert [line for line in lines if line.split()[1].isdigit()] == ["30.07 1 counted", "30.08 2 counted выходной"]
    assert lines[-1] == "31.08 due"


def test_the_end_of_a_quarter_is_not_counted_to():
    lines = walked({"after": ["begun"], "every": {"mode": "calendar_quarter"}}, "2026-12-28")

    assert lines == ["28.12 anchor", "29.12 passed", "30.12 aim", "31.12 due праздник"]


def test_an_aim_of_the_territory_is_counted_to_and_a_step_without_one_has_its_beginning_only():
    aim = {"after": ["begun"], "target": {"n": 1, "unit": "calendar_day"}}

    assert walked(aim, "2026-11-09") == ["09.11 anchor", "10.11 1 due"]
    assert walked({"after": ["begun"]}, "2026-11-09") == ["09.11 anchor"]
    assert walked({"after": ["begun"], "within": {"n": 0, "unit": "immediate"}}, "2026-11-09") == ["09.11 anchor"]


def test_a_case_s_own_frequency_is_counted_in_days():
    rule = {"id": "duty", "after": ["begun"], "done_by": ["visit"], "frequency": True}
    weekly = fact("weekly", "2026-11-09", "frequency_set", every={"n": 1, "unit": "week"})

    own = next(duty for duty in asked(rule, [fact("begun", "2026-11-09"), weekly], "2026-11-09") if duty.period)

    assert [step.number for step in counting.steps(own, COUNTRY)] == [None, 1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(("n", "folds"), [(10, False), (15, False), (90, True)])
def test_the_middle_of_a_long_term_can_be_folded_and_loses_no_day(n, folds):
    rule = {"after": ["begun"], "within": {"n": n, "unit": "calendar_day"}}
    steps = counting.steps(asked(rule, [fact("begun", "2026-03-02")], "2026-03-02")[0], COUNTRY)

    shown = counting.folded(steps)
    stretches = [one for one in shown if isinstance(one, Stretch)]

    assert bool(stretches) == folds
    assert [day for one in shown for day in (one.steps if isinstance(one, Stretch) else [one])] == steps
    assert all(one.working == sum(COUNTRY.is_working(step.day) for step in one.steps) for one in stretches)


def test_of_months_only_their_ends_are_told_and_of_days_each():
    months = asked(
        {"after": ["begun"], "within": {"n": 2, "unit": "month"}}, [fact("begun", "2026-08-24")], "2026-08-24"
    )
    days = asked(
        {"after": ["begun"], "within": {"n": 3, "unit": "working_day"}}, [fact("begun", "2026-10-30")], "2026-10-30"
    )

    told = [
        f"{len(one.steps)} folded" if isinstance(one, Stretch) else f"{one.day:%d.%m} {one.part}"
        for one in counting.told(months[0], COUNTRY)
    ]
    assert told == [
        "24.08 anchor",
        "30 folded",
        "24.09 counted",
        "29 folded",
        "24.10 counted",
        "25.10 moved",
        "26.10 due",
    ]
    assert counting.told(days[0], COUNTRY) == counting.steps(days[0], COUNTRY)
