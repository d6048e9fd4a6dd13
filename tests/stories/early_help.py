"""Новосибирская область, 2022, the low level: no case; the school helps with the family's consent, and it ends well.

Counted by hand over the calendar of 2026: 01–11.01 are days off, 12.01 is a Monday.
"""

from __future__ import annotations

from datetime import date

from tests.support.story import Desk

PROCEDURE, ZONE = "novosibirsk_2022", "Asia/Novosibirsk"
SURNAME = "Рассказовы"


def signal(desk: Desk) -> None:
    """From what a teacher saw on Monday, 12 January, to the low level of Friday, the 16th."""
    desk.on(date(2026, 1, 12))
    desk.notice("Учителева", date(2026, 1, 12), "09:00")
    # three days from the discovery, and three working days from the notice: Thursday, 15.01
    assert desk.owed("primary_diagnosis") == desk.owed("single_window_check") == [date(2026, 1, 15)]
    desk.register("Окошкин")
    desk.on(date(2026, 1, 14))
    desk.finish_diagnosis("Окошкин")
    desk.on(date(2026, 1, 15))
    desk.step("Окошкин", "signal_checked", outcome="partly")
    assert desk.met("single_window_check") == [date(2026, 1, 15)]
    desk.on(date(2026, 1, 16))
    desk.level("Окошкин", level="low")
    said = desk.dated(outcome="case_opened", decided_by="Комиссия", reason="Так привычнее", surname=SURNAME)
    refused = desk.refused("Окошкин", desk.here("decision"), said | {"child-0": "Петя"}, part="/outcome")
    assert "Низкий" in refused, refused
    desk.conclude("Окошкин", "early_help", owner="Помощников")


def agreed(desk: Desk) -> None:
    """From asking the family to the plan of 23 January."""
    assert desk.owed("family_consent") == [None]
    refused = desk.refused_step("Помощников", "early_help_plan_made")
    assert "Рано" in refused, refused
    desk.on(date(2026, 1, 20))
    desk.step("Помощников", "consent_given", who="Мама", how="in_writing")
    assert desk.met("family_consent") == [date(2026, 1, 20)]
    assert desk.owed("departmental_plan") == [None]
    desk.step("Помощников", "early_help_opened")
    desk.on(date(2026, 1, 23))
    desk.step("Помощников", "early_help_plan_made", since="2026-01-23", until="2026-04-23", measures="Обеды, кружок")
    assert desk.met("departmental_plan") == [date(2026, 1, 23)]
    # three months from the plan: Thursday, 23.04, for the plan and for the monitoring
    assert desk.owed("early_help_monitoring") == desk.owed("departmental_plan_term") == [date(2026, 4, 23)]


def to_its_end(desk: Desk) -> None:
    """From the work by the plan to the day on which help is needed no more."""
    desk.on(date(2026, 2, 10))
    desk.visit("Помощников")
    desk.on(date(2026, 4, 21))
    desk.step("Помощников", "monitoring_done", result="positive", better="Петя обедает в школе")
    # three months from the last one: Tuesday, 21.07
    assert desk.owed("early_help_monitoring") == [date(2026, 4, 23), date(2026, 7, 21)]
    desk.on(date(2026, 4, 22))
    desk.step("Помощников", "effectiveness_assessed", summary="Все три дела сделаны")
    assert desk.met("departmental_plan_term") == [date(2026, 4, 22)]
    assert SURNAME in desk.read("Помощников", "/families")
    desk.on(date(2026, 4, 28))
    desk.step("Помощников", "early_help_closed", outcome="helped", summary="Семья справляется сама")
    assert desk.closed_on() == date(2026, 4, 28)
    assert desk.met("early_help_monitoring") == [date(2026, 4, 21)], "nothing is owed any more"
    desk.on(date(2026, 4, 29))
    assert SURNAME not in desk.read("Помощников", "/families")


def refused_then_withdrawn(desk: Desk) -> None:
    """A family that first wants no help, then does, then no more: nothing is held against it, nothing stays owed."""
    desk.on(date(2026, 1, 19))
    desk.step("Помощников", "consent_refused", information="Оставили телефоны и адреса", recheck_on="2026-02-16")
    assert desk.met("family_consent") == [date(2026, 1, 19)]
    assert desk.owed("departmental_plan") == []
    early = desk.refused_step("Помощников", "consent_withdrawn")
    assert "Рано" in early, early
    desk.on(date(2026, 2, 16))
    desk.step("Окошкин", "consent_given", who="Мама", how="in_words")
    desk.step("Помощников", "early_help_plan_made", since="2026-02-16", until="2026-05-16", measures="Обеды")
    # three months end on a Saturday: the monitoring stays there, the term of the plan goes to Monday, 18.05
    assert desk.owed("early_help_monitoring") == [date(2026, 5, 16)]
    assert desk.owed("departmental_plan_term") == [date(2026, 5, 18)]
    desk.on(date(2026, 3, 2))
    desk.step("Помощников", "consent_withdrawn", information="Если захотят, мы рядом")
    assert desk.owed("early_help_monitoring") == desk.owed("departmental_plan_term") == []
    late = desk.refused_step("Помощников", "early_help_plan_made")
    assert "согласи" in late.lower(), late
    desk.step("Помощников", "early_help_closed", outcome="withdrawn")
    assert desk.closed_on() == date(2026, 3, 2)
