"""Кочковский район, 2020: the commission registers, a curator writes the programme, the group sums up each quarter.

Counted by hand over the calendar of 2026. 12.03 is a Thursday; 07–09.03 are days off.
"""

from __future__ import annotations

from datetime import date

from tests.support.story import Desk

PROCEDURE, ZONE = "kochki_2020", "Asia/Novosibirsk"


def signal(desk: Desk) -> None:
    """From what a teacher saw on 3 March to the resolution of the 12th."""
    desk.on(date(2026, 3, 4))
    desk.notice("Учителева", date(2026, 3, 3), "10:00")
    # at once, whatever day it was; and it is counted from the day on which it was known
    assert desk.owed("inform_commission") == [date(2026, 3, 3)]
    # three days end on Saturday, 07.03; 07–09.03 are days off
    assert desk.owed("order_survey") == desk.owed("first_survey") == [date(2026, 3, 10)]
    desk.register("Окошкин")
    desk.on(date(2026, 3, 5))
    desk.step("Секретарёва", "survey_ordered", body="Школа района")
    desk.on(date(2026, 3, 6))
    desk.survey("Окошкин")
    assert desk.met("first_survey") == [date(2026, 3, 6)]
    desk.on(date(2026, 3, 12))
    desk.level("Секретарёва", level="sop")
    desk.conclude("Секретарёва", "registered", resolution="12")


def case(desk: Desk) -> None:
    """From the resolution of 12 March to patronage."""
    # the third working day: Friday 13, Monday 16, Tuesday 17 March
    assert desk.owed("resolution_copies") == [date(2026, 3, 17)]
    # 13, 16, 17, 18, 19 March
    assert desk.owed("programme_proposals") == [date(2026, 3, 19)]
    # a month from the registration; 12.04 is a Sunday, and what is periodic is never put off
    assert desk.owed("home_visit") == [date(2026, 4, 12)]
    _first_steps(desk)
    _programme(desk)
    _quarters(desk)
    _decision(desk)


def _first_steps(desk: Desk) -> None:
    refused = desk.refused_step("Секретарёва", "plan_approved")
    assert "Рано" in refused, refused
    assert "Утвердить программу" in refused, refused
    assert "2.2.2" in refused, refused
    desk.assign_curator("Секретарёва", "Кураторова")
    desk.on(date(2026, 3, 13))
    desk.step("Секретарёва", "registry_entered", number="54-117")
    desk.on(date(2026, 3, 16))
    desk.send_copies("Секретарёва", "resolution", ["Центр помощи семье", "Школа района"])
    desk.step("Кураторова", "resolution_received", number="12")
    # fifteen days from the day on which the curator had it: Tuesday, 31.03
    assert desk.owed("programme_draft") == [date(2026, 3, 31)]
    desk.on(date(2026, 3, 17))
    desk.acquaint("Кураторова", "resolution", "group")
    desk.on(date(2026, 3, 18))
    desk.step("Кураторова", "proposals_given", by="Рабочая группа")
    assert desk.met("programme_proposals") == [date(2026, 3, 18)]


def _programme(desk: Desk) -> None:
    desk.on(date(2026, 3, 24))
    desk.step("Кураторова", "plan_drafted", summary="Работа, садик, долг за свет")
    desk.step("Кураторова", "plan_discussed", who="Нина, Петя")
    desk.on(date(2026, 3, 27))
    desk.step("Кураторова", "plan_submitted", number="41")
    assert desk.met("programme_draft") == [date(2026, 3, 27)]
    desk.on(date(2026, 4, 2))
    desk.step("Секретарёва", "plan_approved", number="15", until="2026-10-02")
    desk.on(date(2026, 4, 3))
    desk.send_copies("Секретарёва", "plan", ["Центр помощи семье"])
    desk.on(date(2026, 4, 6))
    desk.acquaint("Кураторова", "programme")
    desk.on(date(2026, 4, 8))
    desk.visit("Кураторова")
    # a month from the visit
    assert desk.owed("home_visit") == [date(2026, 4, 12), date(2026, 5, 8)]


def _quarters(desk: Desk) -> None:
    # the first quarter whose end comes after the approval is the second
    for rule in ("group_quarter_results", "group_analytical_report", "curator_analytical_material"):
        assert desk.owed(rule) == [date(2026, 6, 30)], rule
    desk.on(date(2026, 6, 24))
    desk.step("Кураторова", "action_reported", action="Место в саду", result="done")
    desk.step("Кураторова", "group_summed_up")
    desk.step("Кураторова", "group_report_sent")
    desk.step("Кураторова", "curator_report_sent")
    desk.on(date(2026, 6, 29))
    desk.step("Секретарёва", "curator_report_approved")
    assert desk.met("approve_curator_material") == [date(2026, 6, 29), None]
    assert desk.owed("group_quarter_results") == [date(2026, 6, 30), date(2026, 9, 30)]


def _decision(desk: Desk) -> None:
    desk.on(date(2026, 10, 6))
    desk.step("Кураторова", "general_report_sent", number="77")
    desk.on(date(2026, 10, 15))
    desk.close("Секретарёва", "deregister_and_patronage", goals="partly")
    desk.deregister("Секретарёва")
    assert desk.closed_on() == date(2026, 10, 15)
    assert not [
        due for due, met in zip(desk.owed("home_visit"), desk.met("home_visit"), strict=True) if not met and due
    ]
    desk.begin_aftercare("Секретарёва", "Кураторова")
    desk.go_on_with("aftercare")
    desk.on(date(2026, 11, 12))
    desk.visit("Кураторова")
    assert desk.met("patronage") == [date(2026, 11, 12)]
    desk.on(date(2026, 12, 10))
    desk.end_aftercare("Секретарёва")
    assert desk.closed_on() == date(2026, 12, 10)
