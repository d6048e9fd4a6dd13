"""Новосибирская область, 2022, a threat to life: an alarm at a visit, who is told, the child away from home, a case.

The story goes on from early help whose plan is made. 14.02.2026 is a Saturday, 20–23.02 and 07–09.03 hold days off.
"""

from __future__ import annotations

from datetime import date, time

from tests.stories import early_help
from tests.support.story import Desk

PROCEDURE, ZONE = early_help.PROCEDURE, early_help.ZONE
SATURDAY = date(2026, 2, 14)


def alarm(desk: Desk) -> None:
    """On Saturday evening the one who carries early help finds the child alone; the school's head answers."""
    desk.on(SATURDAY, time(19, 40))
    desk.visit("Помощников")
    key = desk.alarm("Помощников", "need_adult_for_child")
    page = desk.read("Директорова", f"/duty/alarms/{key}")
    assert "Известить сейчас" in page
    nobody = desk.refused("Директорова", f"/duty/alarms/{key}", {"words": "Всё хорошо"}, part="/close")
    assert "ещё никто не ответил" in nobody, nobody
    desk.answer_alarm("Директорова", key)
    untold = desk.refused("Директорова", f"/duty/alarms/{key}", {"words": "Всё хорошо"}, part="/close")
    assert "Опека" in untold, untold
    desk.tell("Директорова", key, "tell_guardianship")
    desk.note_done("Директорова", key, "Петя с бабушкой в приёмном покое")
    desk.send("Директорова", f"/duty/alarms/{key}", {"words": "Ребёнок под присмотром"}, part="/close")
    assert "Ребёнок под присмотром" in desk.read("Директорова", f"/duty/alarms/{key}")


def case(desk: Desk) -> None:
    """From the decision of the same evening to the child's return and to early help once more."""
    desk.step("Окошкин", "risk_decided", level="life_threat", reason="Ребёнок один, печь не топлена")
    assert desk.closed_on() == SATURDAY, "early help ends by the same decision"
    desk.go_on_with("case")
    # at once, though it is a Saturday
    assert desk.owed("immediate_intervention") == [SATURDAY]
    desk.remove_child("Секретарёва", "Петя")
    assert desk.met("immediate_intervention") == [SATURDAY]
    assert desk.owed("child_placement") == [None]
    desk.on(date(2026, 2, 16))
    desk.place_child("Секретарёва", "Петя", "relatives")
    assert desk.met("child_placement") == [date(2026, 2, 16)]
    desk.assign_curator("Окошкин", "Кураторова")
    # twenty days from the curator end on Sunday, 08.03; 09.03 is a day off
    assert desk.owed("kkss_parts_1_2") == [date(2026, 3, 10)]
    desk.on(date(2026, 2, 18))
    assert early_help.SURNAME not in desk.read("Помощников", "/families"), "whoever helped before reads no more"
    desk.visit("Кураторова")
    assert date(2026, 2, 18) in desk.met("family_work_while_child_away")
    desk.on(date(2026, 2, 24))
    desk.step("Секретарёва", "monitoring_requested", reason="Как семья")
    assert desk.owed("monitoring_on_request") == [None]
    desk.on(date(2026, 2, 26))
    desk.step("Кураторова", "monitoring_done", result="positive", better="Печь починили")
    assert desk.met("monitoring_on_request") == [date(2026, 2, 26)]
    assert desk.owed("case_monitoring") == [], "of a threat to life the document asks on request alone"
    _home_again(desk)


def _home_again(desk: Desk) -> None:
    desk.on(date(2026, 3, 20))
    desk.return_child("Секретарёва", "Петя")
    desk.on(date(2026, 3, 24))
    desk.step("Секретарёва", "risk_decided", level="low", reason="Дома тепло, мама работает")
    desk.on(date(2026, 3, 26))
    desk.close("Окошкин", "lowered_to_early_help", goals="partly")
    assert desk.closed_on() == date(2026, 3, 26)
    desk.go_on_with("early_help")
    assert desk.closed_on() is None
    desk.step("Окошкин", "owner_named", person="Помощников")
    assert early_help.SURNAME in desk.read("Помощников", "/families")
