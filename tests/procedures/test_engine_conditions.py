"""A duty of a level: it holds while the level that was decided last asks for it."""

from __future__ import annotations

from typing import Any

from tests.procedures.small_profiles import asked, fact, profile, said

LEVELS = [{"id": name, "title": name, "unsaid": "…"} for name in ("low", "medium", "high")]
RULE = {
    "id": "card",
    "after": ["begun"],
    "within": {"n": 7, "unit": "calendar_day"},
    "when": {"level": ["medium", "high"]},
}
BEGUN = fact("begun", "2026-11-09")


def owed(facts: list, as_of: str = "2026-11-12", *, rule: dict[str, Any] = RULE, **classification: Any):
    kind = {"id": "level", "title": "Уровень", "values": LEVELS, "unsaid": "…", **classification}
    return asked(profile(rule, classifications=[kind]), facts, as_of)


def decided(name: str, on: str, level: Any, **data: Any):
    return fact(name, on, "risk_decided", level=level, **data)


def test_the_level_that_was_decided_last_decides():
    facts = [BEGUN, decided("low", "2026-11-09", "low")]

    assert owed(facts) == []
    assert said(owed([*facts, decided("high", "2026-11-10", "high")])) == [("begun", "2026-11-16", "open")]


def test_while_nobody_decided_the_duty_holds_and_says_so():
    (unknown,) = owed([BEGUN])
    (known,) = owed([BEGUN, decided("high", "2026-11-10", "high")])

    assert "level_unknown" in unknown.marks
    assert "level_unknown" not in known.marks


def test_one_child_s_level_is_enough():
    facts = [BEGUN, decided("a", "2026-11-09", "high", child="Аня"), decided("b", "2026-11-10", "low", child="Боря")]

    assert len(owed(facts)) == 1
    assert owed([*facts, decided("a2", "2026-11-11", "low", child="Аня")]) == []


def test_a_child_s_own_duty_asks_about_this_child():
    rule = {**RULE, "match": ["child"]}
    facts = [
        fact("begun1", "2026-11-09", child="Аня"),
        fact("begun2", "2026-11-09", child="Боря"),
        decided("a", "2026-11-09", "high", child="Аня"),
        decided("b", "2026-11-10", "low", child="Боря"),
    ]

    assert [duty.anchor.id for duty in owed(facts, rule=rule)] == ["begun1"]


def test_what_was_done_stays_whatever_was_decided_since_and_says_that_it_is_not_asked_now():
    facts = [BEGUN, fact("done", "2026-11-10"), decided("low", "2026-11-11", "low")]

    (duty,) = owed(facts)

    assert duty.state == "met"
    assert "not_asked_now" in duty.marks


def test_two_decisions_of_one_day_hold_together_where_several_may():
    facts = [BEGUN, decided("1", "2026-11-09", "high"), decided("2", "2026-11-09", "low")]

    assert owed(facts) == []
    assert len(owed(facts, several=True)) == 1
    assert len(owed([BEGUN, decided("1", "2026-11-09", ["low", "high"])], several=True)) == 1


def test_a_decision_under_the_common_key_is_known_by_its_values():
    rule = {**RULE, "when": {"category": ["medium"]}}
    facts = [BEGUN, decided("1", "2026-11-09", "medium"), decided("2", "2026-11-10", "of_another_list")]

    (duty,) = owed(facts, rule=rule, id="category")

    assert "level_unknown" not in duty.marks


def test_a_decision_under_the_common_key_begins_and_fulfils_what_asks_for_its_value():
    begins = {"id": "help", "after": ["risk_decided"], "after_data": {"category": ["medium"]}}
    ends = {"id": "say", "after": ["begun"], "done_by": ["risk_decided"], "done_data": {"category": ["medium"]}}
    kind = {"id": "category", "title": "Категория", "values": LEVELS, "unsaid": "…"}
    facts = [BEGUN, decided("other", "2026-11-10", "low"), decided("mine", "2026-11-11", "medium")]

    helped, told = asked(profile(begins, ends, classifications=[kind]), facts, "2026-11-12")

    assert (helped.rule.id, helped.anchor.id) == ("help", "mine")
    assert told.met_by is not None
    assert told.met_by.id == "mine"


def test_yes_and_no_are_read_in_either_spelling():
    values = [{"id": name, "title": name, "unsaid": "…"} for name in ("yes", "no")]
    rule = {**RULE, "when": {"sop": ["yes"]}}

    def owed_when(sop: object) -> int:
        return len(owed([BEGUN, fact("d", "2026-11-09", "risk_decided", sop=sop)], rule=rule, id="sop", values=values))

    assert [owed_when(sop) for sop in (True, "yes", False, "no")] == [1, 1, 0, 0]


def test_all_that_a_rule_asks_for_must_hold():
    rule = {**RULE, "when": {"level": ["high"], "sop": ["yes"]}}
    high = decided("1", "2026-11-09", "high")
    kinds = [
        {"id": "level", "title": "Уровень", "values": LEVELS, "unsaid": "…"},
        {"id": "sop", "title": "СОП", "values": [{"id": "yes", "title": "да", "unsaid": "…"}], "unsaid": "…"},
    ]
    both = profile(rule, classifications=kinds)

    (unknown,) = asked(both, [BEGUN, high], "2026-11-12")

    assert "level_unknown" in unknown.marks
    assert asked(both, [BEGUN, high, fact("2", "2026-11-10", "risk_decided", sop=False)], "2026-11-12") == []
