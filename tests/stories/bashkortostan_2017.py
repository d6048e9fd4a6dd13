"""Башкортостан, 2017: the document names no day at all; a child goes to the shelter and comes home.

Nothing is due on a day, every step stands as «срок в документе не назван».
"""

from __future__ import annotations

from datetime import date

from tests.support.story import Desk

PROCEDURE, ZONE = "bashkortostan_2017", "Asia/Yekaterinburg"


def signal(desk: Desk) -> None:
    """From what a teacher saw on 2 February to the resolution of the 10th."""
    desk.on(date(2026, 2, 2))
    desk.notice("Учителева", date(2026, 2, 2))
    assert desk.owed("signal_card") == desk.owed("primary_survey") == [None]
    assert desk.met("signal_card") == [date(2026, 2, 2)]
    desk.register("Окошкин")
    desk.on(date(2026, 2, 5))
    desk.survey("Окошкин")
    assert desk.met("primary_survey") == [date(2026, 2, 5)]
    desk.on(date(2026, 2, 10))
    desk.conclude("Секретарёва", "registered", resolution="12")


def case(desk: Desk) -> None:
    """From the registration of 10 February to patronage after the return."""
    assert desk.owed("need_recognition") == desk.owed("programme_draft") == desk.owed("patronage") == [None]
    desk.assign_curator("Секретарёва", "Кураторова")
    desk.on(date(2026, 2, 12))
    assert "Рано" in desk.refused_step("Главная", "services_provided")
    desk.recognise_need("Главная")
    assert desk.met("need_recognition") == [date(2026, 2, 12)]
    desk.services("Главная", "Помощник на дом", until=date(2026, 8, 12))
    desk.step("Кураторова", "diagnosis_done", summary="Мама одна с тремя")
    desk.step("Кураторова", "proposals_given", by="Центр помощи семье")
    desk.on(date(2026, 2, 26))
    desk.step("Секретарёва", "plan_drafted", summary="Жильё и помощь")
    desk.step("Секретарёва", "plan_approved", number="8")
    desk.on(date(2026, 4, 14))
    desk.visit("Кураторова")
    desk.step("Кураторова", "monitoring_done", result="crisis_persists", worse="Дома пьют")
    _shelter(desk)
    _leaving(desk)


def _shelter(desk: Desk) -> None:
    assert desk.owed("crisis_decision") == [None]
    desk.on(date(2026, 4, 16))
    desk.remove_child("Секретарёва", "Петя")
    desk.on(date(2026, 4, 17))
    desk.place_child("Секретарёва", "Петя", "shelter")
    assert desk.met("placement") == [date(2026, 4, 17)]
    desk.on(date(2026, 8, 3))
    desk.return_child("Секретарёва", "Петя")
    desk.on(date(2026, 8, 20))
    desk.visit("Кураторова")
    assert desk.met("return_patronage") == [date(2026, 8, 20)]


def _leaving(desk: Desk) -> None:
    desk.on(date(2026, 9, 15))
    desk.step("Кураторова", "monitoring_done", result="positive")
    desk.step("Кураторова", "general_report_sent")
    desk.on(date(2026, 9, 24))
    desk.close("Секретарёва", "deregistered_with_patronage", goals="partly")
    desk.deregister("Секретарёва")
    assert desk.closed_on() == date(2026, 9, 24)
    desk.begin_aftercare("Секретарёва", "Кураторова")
    desk.go_on_with("aftercare")
    desk.on(date(2026, 10, 20))
    desk.visit("Кураторова")
    assert desk.met("aftercare_patronage") == [date(2026, 10, 20)]
    desk.on(date(2026, 11, 24))
    desk.end_aftercare("Секретарёва")
    assert desk.closed_on() == date(2026, 11, 24)
