"""What was written down wrongly: a correction replaces it, entry by entry, and the last written decides."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from curator_app.procedures.facts import Fact, UnreadableFact
from tests.procedures.small_profiles import asked, fact, said

PLAN = {"after": ["begun"], "within": {"n": 7, "unit": "calendar_day"}}
BEGUN = fact("begun", "2026-11-09")


def correction(name: str, corrects: str, **given: Any) -> Fact:
    """A correction, made later than anything that the tests ask about."""
    return Fact(name, "case", "event_corrected", date(2027, 1, 1), None, {"corrects": corrects, **given})


def test_a_corrected_day_moves_the_term_open_or_met():
    facts = [BEGUN, correction("c", "begun", on="2026-11-10")]

    assert said(asked(PLAN, facts, "2026-11-12")) == [("begun", "2026-11-17", "open")]
    assert said(asked(PLAN, [*facts, fact("done", "2026-11-12")], "2026-11-12")) == [("begun", "2026-11-17", "met")]


def test_a_corrected_fulfilment_makes_a_duty_late():
    facts = [BEGUN, fact("done", "2026-11-12"), correction("c", "done", on="2026-11-18")]

    assert said(asked(PLAN, facts, "2026-11-30")) == [("begun", "2026-11-16", "met +2")]


def test_the_last_written_correction_decides_entry_by_entry():
    rule = {**PLAN, "done_data": {"result": ["approved"], "form": ["plan"]}}
    facts = [
        BEGUN,
        fact("done", "2026-11-12", result="returned", form="note"),
        correction("c1", "done", data={"result": "approved", "form": "letter"}, on="2026-11-11"),
        correction("c2", "done", data={"form": "plan"}),
        correction("c3", "done", on="2026-11-13"),
    ]

    (duty,) = asked(rule, facts, "2026-11-30")

    assert (duty.state, str(duty.met_by.on)) == ("met", "2026-11-13")


def test_an_event_that_never_happened_is_taken_away_and_can_be_given_back():
    gone = [BEGUN, fact("done", "2026-11-12"), correction("c1", "done", void=True)]
    back = [*gone, correction("c2", "done", void=False)]

    assert said(asked(PLAN, gone, "2026-11-13")) == [("begun", "2026-11-16", "open")]
    assert said(asked(PLAN, back, "2026-11-13")) == [("begun", "2026-11-16", "met")]
    assert asked(PLAN, [BEGUN, correction("c", "begun", void=True)], "2026-11-13") == []


def test_a_correction_is_itself_corrected():
    facts = [BEGUN, correction("c1", "begun", on="2026-11-10"), correction("c2", "c1", on="2026-11-11")]

    assert said(asked(PLAN, facts, "2026-11-12")) == [("begun", "2026-11-18", "open")]
    assert said(asked(PLAN, [*facts, correction("c3", "c2", void=True)], "2026-11-12"))[0][1] == "2026-11-17"
    assert said(asked(PLAN, [*facts, correction("c3", "c1", void=True)], "2026-11-12"))[0][1] == "2026-11-16"


def test_a_correction_can_turn_out_to_mean_another_event():
    facts = [
        BEGUN,
        fact("done", "2026-11-12"),
        correction("c1", "begun", on="2026-11-10"),
        correction("c2", "c1", data={"corrects": "done"}),
    ]

    (duty,) = asked(PLAN, facts, "2026-11-30")

    assert (str(duty.due), str(duty.met_by.on)) == ("2026-11-16", "2026-11-10")


def test_corrections_of_each_other_in_a_ring_and_of_nothing_count_for_nothing():
    facts = [
        BEGUN,
        correction("c1", "c2", on="2026-11-10"),
        correction("c2", "c1", on="2026-11-11"),
        correction("c3", "c3", on="2026-11-11"),
        correction("c4", "nowhere", on="2026-11-11"),
    ]

    assert said(asked(PLAN, facts, "2026-11-12")) == [("begun", "2026-11-16", "open")]


def test_a_chain_of_thousands_of_corrections_is_read():
    chain = [correction(f"c{n}", f"c{n - 1}" if n else "begun", on="2026-11-10") for n in range(5000)]

    assert said(asked(PLAN, [BEGUN, *chain], "2026-11-12")) == [("begun", "2026-11-17", "open")]


def test_another_day_forgets_the_hour_and_another_hour_brings_its_day():
    rule = {"after": ["begun"], "within": {"n": 1, "unit": "sutki"}}
    begun = fact("begun", "2026-11-09T10:00+07:00")

    (day,) = asked(rule, [begun, correction("c", "begun", on="2026-11-10")], "2026-11-10")
    (hour,) = asked(rule, [begun, correction("c", "begun", at="2026-11-09T20:00+00:00")], "2026-11-10")
    (both,) = asked(rule, [begun, correction("c", "begun", on="2026-11-10", at="2026-11-10T09:00+07:00")], "2026-11-10")
    (none,) = asked(rule, [begun, correction("c", "begun", at=None)], "2026-11-10")

    assert day.due.isoformat() == "2026-11-12T00:00:00+07:00"
    assert hour.due.isoformat() == "2026-11-11T03:00:00+07:00"
    assert both.due.isoformat() == "2026-11-11T09:00:00+07:00"
    assert none.due.isoformat() == "2026-11-11T00:00:00+07:00"


def test_what_is_corrected_into_the_future_has_not_happened_yet():
    facts = [BEGUN, fact("done", "2026-11-12"), correction("c", "done", on="2026-12-12")]

    assert said(asked(PLAN, facts, "2026-11-16")) == [("begun", "2026-11-16", "open")]


@pytest.mark.parametrize(
    "given", [{"on": "вчера"}, {"on": 5}, {"at": "полдень"}, {"at": "2026-11-09T10:00"}, {"at": 12}]
)
def test_a_correction_that_cannot_be_read_is_refused_by_name(given):
    with pytest.raises(UnreadableFact, match="Событие begun: в поле"):
        asked(PLAN, [BEGUN, correction("c", "begun", **given)], "2026-11-16")
