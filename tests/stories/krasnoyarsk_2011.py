"""Красноярск, 2011: registration, acquainting in separate acts, a visit each month, the group's quarter, the results.

Counted by hand over the calendar of 2026. 20.01 is a Tuesday.
"""

from __future__ import annotations

from datetime import date

from tests.support.story import Desk

PROCEDURE, ZONE = "krasnoyarsk_2011", "Asia/Krasnoyarsk"


def signal(desk: Desk) -> None:
    """What the document does not speak of: a notice, and the resolution of 20 January."""
    desk.on(date(2026, 1, 16))
    desk.notice("Учителева", date(2026, 1, 16))
    desk.register("Окошкин")
    desk.on(date(2026, 1, 20))
    desk.conclude("Секретарёва", "registered", resolution="12")


def case(desk: Desk) -> None:
    """From the registration of 20 January to the deregistration."""
    # a month from the registration, and the end of the quarter in which it was
    assert desk.owed("home_visit") == [date(2026, 2, 20)]
    assert desk.owed("quarterly_information") == [date(2026, 3, 31)]
    refused = desk.refused_step("Секретарёва", "deregistered")
    assert "Рано" in refused, refused
    assert "Снять с учёта по решению" in refused
    desk.step("Секретарёва", "registry_entered", number="24-0012")
    desk.assign_curator("Секретарёва", "Кураторова")
    desk.on(date(2026, 1, 22))
    desk.form_group("Секретарёва", "Группин", ["Членова"])
    desk.on(date(2026, 1, 26))
    desk.acquaint("Кураторова", "resolution", "group", "rights", "help_places", "bodies")
    assert desk.met("acquaint_resolution") == desk.met("acquaint_group") == [date(2026, 1, 26)]
    desk.on(date(2026, 2, 5))
    desk.step("Секретарёва", "plan_approved", number="4")
    desk.acquaint("Кураторова", "programme")
    desk.on(date(2026, 2, 17))
    desk.visit("Кураторова")
    # a month from the visit: 17.03
    assert desk.owed("home_visit") == [date(2026, 2, 20), date(2026, 3, 17)]
    _year(desk)


def _year(desk: Desk) -> None:
    desk.on(date(2026, 3, 20))
    desk.visit("Кураторова")
    # three days late, and the next month counts from the visit: 20.04
    assert desk.owed("home_visit")[-1] == date(2026, 4, 20)
    desk.on(date(2026, 3, 27))
    desk.step("Кураторова", "curator_report_sent", period="2026-Q1")
    assert desk.owed("quarterly_information") == [date(2026, 3, 31), date(2026, 6, 30)]
    desk.step("Кураторова", "action_reported", action="Занятия для пары", result="done")
    desk.step("Кураторова", "monitoring_done", result="positive")
    desk.on(date(2026, 5, 20))
    desk.step("Кураторова", "final_report_given", summary="Ссор нет, долг закрыт")
    desk.on(date(2026, 6, 4))
    desk.close("Секретарёва", "situation_improved", goals="met")
    desk.deregister("Секретарёва")
    assert desk.closed_on() == date(2026, 6, 4)
