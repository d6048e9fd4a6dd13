"""A document that names no term still has a timeline: steps in order, with who acts and which paper they leave."""

from __future__ import annotations

from datetime import date, timedelta

from tests.procedures.five_profiles import BASHKORTOSTAN, fact, owed

ROAD = [
    ("case", "registered", {}),
    ("case", "diagnosis_done", {}),
    ("case", "need_recognised", {}),
    ("case", "services_programme_made", {}),
    ("case", "proposals_given", {}),
    ("case", "plan_drafted", {}),
    ("case", "plan_approved", {}),
    ("case", "visit_made", {}),
    ("case", "accompaniment_organised", {}),
    ("case", "services_provided", {}),
    ("case", "action_reported", {}),
    ("case", "interim_review_held", {}),
    ("case", "monitoring_done", {"result": "positive"}),
    ("case", "general_report_sent", {}),
    ("case", "closing_decided", {"outcome": "deregistered"}),
    ("case", "deregistered", {}),
]


def walked(steps: int):
    begun = date(2026, 1, 12)
    days = [(begun + timedelta(weeks=number)).isoformat() for number in range(len(ROAD))]
    return [fact(kind, type_, day, **data) for (kind, type_, data), day in zip(ROAD[:steps], days, strict=False)]


def test_it_has_neither_terms_nor_periods_and_never_a_date():
    assert not any(one.within or one.every or one.target for one in BASHKORTOSTAN.duties)
    for steps in range(1, len(ROAD) + 1):
        found = owed(BASHKORTOSTAN, *walked(steps), as_of="2027-12-31")
        assert {duty.due for duty in found.values()} == {None}
        assert {duty.state for duty in found.values()} <= {"undated", "met"}


def test_each_event_fulfils_a_step_and_the_last_leaves_nothing_open():
    for steps in range(2, len(ROAD) + 1):
        newest = walked(steps)[-1]
        found = owed(BASHKORTOSTAN, *walked(steps), as_of="2027-12-31")
        assert newest in [duty.met_by for duty in found.values()], newest.type

    done = owed(BASHKORTOSTAN, *walked(len(ROAD)), as_of="2027-12-31")
    assert {duty.state for duty in done.values()} == {"met"}


def test_steps_come_in_the_document_s_order():
    stages = [one.id for one in BASHKORTOSTAN.stages]
    found = owed(BASHKORTOSTAN, *walked(len(ROAD)), as_of="2027-12-31")

    assert stages == ["detection", "diagnosis_and_programme", "programme_carried_out", "monitoring"]
    order = [stages.index(duty.rule.stage) for duty in found.values()]
    assert order == sorted(order)


def test_a_step_waits_for_the_one_before_it():
    waits = {
        "services_programme": "need_recognised",
        "programme_approval": "plan_drafted",
        "services": "services_programme_made",
        "monitoring": "plan_approved",
        "execution_report": "monitoring_done",
        "commission_decision": "general_report_sent",
        "deregistration": "closing_decided",
    }

    for name, before in waits.items():
        place = [type_ for _, type_, _ in ROAD].index(before)
        assert name not in owed(BASHKORTOSTAN, *walked(place), as_of="2027-12-31"), name
        assert name in owed(BASHKORTOSTAN, *walked(place + 1), as_of="2027-12-31"), name


def test_each_step_names_who_acts_and_the_papers_are_all_there():
    roles = {one.id for one in BASHKORTOSTAN.roles}
    papers = {paper for one in BASHKORTOSTAN.duties for paper in one.documents}

    assert {one.owner for one in BASHKORTOSTAN.duties} <= roles
    assert "case_curator" not in roles
    assert papers == {
        "Сигнальная карточка",
        "Постановление",
        "ИППСУ",
        "ИПР",
        "Отчет об исполнении индивидуальной программы реабилитации",
        "Решение КДНиЗП",
    }


def test_no_step_is_late_however_long_it_waits():
    begun = fact("signal", "signal_known", "2026-01-12")

    waiting = owed(BASHKORTOSTAN, begun, as_of="2036-01-12")

    assert {duty.late_days for duty in waiting.values()} == {0}
    assert set(waiting) == {"signal_card", "primary_survey"}
