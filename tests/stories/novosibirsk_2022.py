"""Новосибирская область, 2022: «единое окно» decides the level; the support card, the consilium, a three months' plan.

Counted by hand over the calendar of 2026: 21–23.02 are days off, 25.02 is a Wednesday.
"""

from __future__ import annotations

from datetime import date

from tests.support.story import Desk

PROCEDURE, ZONE = "novosibirsk_2022", "Asia/Novosibirsk"


def signal(desk: Desk) -> None:
    """From what a teacher saw on Monday, 16 February, to the decision of the 25th."""
    desk.on(date(2026, 2, 16))
    desk.notice("Учителева", date(2026, 2, 16), "09:00")
    # three days from the discovery: Thursday, 19.02
    assert desk.owed("primary_diagnosis") == [date(2026, 2, 19)]
    # three working days from the notice: 17, 18, 19 February
    assert desk.owed("single_window_check") == [date(2026, 2, 19)]
    desk.register("Окошкин")
    desk.on(date(2026, 2, 18))
    desk.finish_diagnosis("Окошкин")
    desk.on(date(2026, 2, 19))
    desk.step("Окошкин", "signal_checked", outcome="confirmed")
    assert desk.met("single_window_check") == [date(2026, 2, 19)]
    desk.on(date(2026, 2, 25))
    desk.level("Окошкин", level="medium")
    desk.conclude("Окошкин", "case_opened")


def case(desk: Desk) -> None:
    """From the decision of 25 February (medium) to the crisis that is overcome."""
    refused = desk.refused_step("Секретарёва", "consilium_held")
    assert "Рано" in refused, refused
    desk.on(date(2026, 2, 26))
    desk.assign_curator("Окошкин", "Кураторова")
    # twenty days from the curator: Wednesday, 18.03
    assert desk.owed("kkss_parts_1_2") == [date(2026, 3, 18)]
    desk.on(date(2026, 3, 11))
    # the first two parts are written from what one sees at home; no other day hangs on it
    desk.visit("Кураторова")
    desk.on(date(2026, 3, 17))
    desk.step("Кураторова", "support_card_filled")
    # ten days from the card: Friday, 27.03
    assert desk.owed("consilium") == [date(2026, 3, 27)]
    desk.on(date(2026, 3, 26))
    desk.step("Кураторова", "consilium_held", summary="Сад и рассрочка")
    assert desk.met("consilium") == [date(2026, 3, 26)]
    _plan(desk)
    _closing(desk)


def _plan(desk: Desk) -> None:
    desk.on(date(2026, 3, 30))
    desk.step("Кураторова", "plan_drafted", summary="Сад, работа, рассрочка")
    desk.step("Кураторова", "plan_discussed", who="Нина")
    desk.on(date(2026, 4, 1))
    desk.step("Главная", "plan_submitted")
    desk.on(date(2026, 4, 3))
    desk.step("Секретарёва", "plan_approved", number="9", until="2026-07-03")
    # three months from the approval: Friday, 03.07, for the plan and for the monitoring
    assert desk.owed("plan_term") == [date(2026, 7, 3)]
    assert desk.owed("case_monitoring") == [date(2026, 7, 3)]
    desk.on(date(2026, 6, 30))
    desk.step("Кураторова", "monitoring_done", result="positive", better="Лёва в саду")
    # three months from the last one: Wednesday, 30.09
    assert desk.owed("case_monitoring") == [date(2026, 7, 3), date(2026, 9, 30)]
    desk.on(date(2026, 7, 2))
    desk.step("Кураторова", "effectiveness_assessed", summary="Четыре дела из пяти")
    assert desk.met("plan_term") == [date(2026, 7, 2)]


def _closing(desk: Desk) -> None:
    desk.on(date(2026, 9, 28))
    desk.step("Кураторова", "monitoring_done", result="positive", better="Долг закрыт")
    desk.close("Окошкин", "crisis_overcome", goals="met")
    assert desk.closed_on() == date(2026, 9, 28)
