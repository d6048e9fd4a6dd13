"""Таблица этапов: a day and a night for the signal, an investigation, a case by resolution, six months, aftercare.

Counted by hand over the calendar of 2026. 25.03 is a Wednesday, 16.04 a Thursday.
"""

from __future__ import annotations

from datetime import date, time

from tests.support.story import Desk

PROCEDURE, ZONE = "kdn_stage_table", "Europe/Moscow"
REGISTERED = date(2026, 3, 25)


def signal(desk: Desk) -> None:
    """From Friday, 13 March, at three in the afternoon, to the resolution of the 25th."""
    desk.on(date(2026, 3, 13), time(16, 0))
    desk.notice("Учителева", date(2026, 3, 13), "15:00")
    # a day and a night from the hour at which it was known; a Saturday is no excuse
    assert desk.owed("signal_registration") == desk.owed("signal_report") == [date(2026, 3, 14)]
    desk.register("Окошкин")
    assert desk.met("signal_registration") == [date(2026, 3, 13)]
    desk.on(date(2026, 3, 16))
    desk.step("Окошкин", "signal_checked", outcome="confirmed", number="4")
    # three days from the check: Thursday, 19.03
    assert desk.owed("categorise") == [date(2026, 3, 19)]
    desk.on(date(2026, 3, 18))
    desk.level("Окошкин", level="sop")
    assert desk.met("categorise") == [date(2026, 3, 18)]
    desk.finish_diagnosis("Окошкин")
    desk.step("Окошкин", "investigation_concluded", conclusion="Нужна программа: три факта, три источника")
    desk.step("Окошкин", "investigation_results_sent")
    desk.on(REGISTERED)
    desk.conclude("Секретарёва", "case_opened", resolution="12")


def case(desk: Desk) -> None:
    """From the resolution of 25 March to the end of the support after it."""
    desk.form_group("Секретарёва", "Группин", ["Членова"])
    desk.assign_curator("Секретарёва", "Кураторова")
    assert desk.met("group_created") == desk.met("curator_appointed") == [REGISTERED]
    refused = desk.refused_step("Секретарёва", "interim_review_held")
    assert "Рано" in refused, refused
    desk.on(date(2026, 4, 1))
    desk.step("Группин", "proposals_given", by="Опека, приют")
    desk.on(date(2026, 4, 7))
    desk.step("Кураторова", "plan_drafted", summary="Три задачи")
    desk.step("Кураторова", "plan_discussed", who="Нина, Петя")
    desk.on(date(2026, 4, 9))
    desk.step("Кураторова", "plan_submitted")
    desk.on(date(2026, 4, 16))
    desk.step("Секретарёва", "plan_approved", number="22")
    # the quarter of the approval ends on 30.06; six months end on Friday, 16.10
    assert desk.owed("effectiveness_quarterly") == [date(2026, 6, 30)]
    assert desk.owed("interim_review") == [date(2026, 10, 16)]
    _half_year(desk)
    _leaving(desk)


def _half_year(desk: Desk) -> None:
    desk.on(date(2026, 6, 25))
    desk.step("Членова", "action_reported", action="Кружок", result="done")
    desk.step("Кураторова", "effectiveness_assessed", summary="Стало лучше в трёх разделах")
    assert desk.owed("effectiveness_quarterly") == [date(2026, 6, 30), date(2026, 9, 30)]
    desk.on(date(2026, 9, 24))
    desk.step("Кураторова", "effectiveness_assessed", summary="Дома тепло")
    desk.on(date(2026, 10, 1))
    desk.step("Кураторова", "monitoring_done", result="positive")
    desk.step("Кураторова", "stage_analysis_sent")
    desk.step("Группин", "group_summed_up")
    desk.step("Кураторова", "curator_report_sent")
    desk.on(date(2026, 10, 8))
    desk.review("Секретарёва", "close")
    assert desk.met("interim_review") == [date(2026, 10, 8)]


def _leaving(desk: Desk) -> None:
    desk.on(date(2026, 10, 12))
    desk.step("Кураторова", "situation_analysed", summary="Семья готова")
    desk.step("Группин", "expert_opinion_given", summary="Признаков риска нет")
    desk.on(date(2026, 10, 22))
    desk.close("Секретарёва", "deregistered_with_aftercare", goals="met")
    desk.deregister("Секретарёва")
    assert desk.closed_on() == date(2026, 10, 22)
    desk.begin_aftercare("Секретарёва", "Кураторова")
    desk.go_on_with("aftercare")
    desk.on(date(2026, 11, 12))
    desk.visit("Кураторова")
    desk.on(date(2026, 12, 17))
    desk.end_aftercare("Секретарёва")
    assert desk.closed_on() == date(2026, 12, 17)
