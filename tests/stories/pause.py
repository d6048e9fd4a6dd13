"""Красноярск, 2011, work that stands still by a decision and goes on: no day moves, the days between are not late.

Counted by hand over the calendar of 2026, after the registration of 20 January.
"""

from __future__ import annotations

from datetime import date

from tests.stories import krasnoyarsk_2011
from tests.support.story import Desk

PROCEDURE, ZONE = krasnoyarsk_2011.PROCEDURE, krasnoyarsk_2011.ZONE


def hospital(desk: Desk) -> None:
    """Nothing was late when the mother went to hospital on 10 March; she is home on 14 April."""
    desk.assign_curator("Секретарёва", "Кураторова")
    desk.on(date(2026, 2, 17))
    desk.visit("Кураторова")
    assert desk.owed("home_visit") == [date(2026, 2, 20), date(2026, 3, 17)]
    desk.on(date(2026, 3, 10))
    desk.step("Секретарёва", "paused", reason="hospital", until="2026-04-10")
    again = desk.refused_step("Секретарёва", "paused")
    assert "приостановлен" in again.lower(), again
    desk.on(date(2026, 3, 25))
    assert desk.stands("home_visit")[-1] == ("paused", 0), "17.03 passed meanwhile"
    assert "приостановлен" in desk.read("Кураторова", f"/cases/{desk.subject}").lower()
    desk.on(date(2026, 4, 14))
    desk.step("Секретарёва", "resumed")
    # a month from the day on which work went on, not from the visit before
    assert desk.owed("home_visit") == [date(2026, 2, 20), date(2026, 5, 14)]
    # due on 31.03; of the fourteen days since, thirteen (01–13.04) belong to the pause
    assert desk.owed("quarterly_information")[0] == date(2026, 3, 31)
    assert desk.stands("quarterly_information")[0] == ("late", 1)
    desk.on(date(2026, 4, 15))
    assert desk.stands("quarterly_information")[0] == ("late", 2)
    desk.step("Кураторова", "curator_report_sent", period="2026-Q1")
    assert desk.met("quarterly_information")[0] == date(2026, 4, 15)


def prison(desk: Desk) -> None:
    """A visit was six days late when work stood still on 21 May: it stays late, and no day is added meanwhile."""
    desk.on(date(2026, 5, 20))
    assert desk.stands("home_visit")[-1] == ("late", 6)
    desk.on(date(2026, 5, 21))
    desk.step("Секретарёва", "paused", reason="prison", number="17")
    desk.on(date(2026, 5, 30))
    assert desk.stands("home_visit")[-1] == ("late", 6)
    desk.on(date(2026, 6, 2))
    desk.step("Кураторова", "resumed")
    # nineteen days since 14.05, twelve of them (21.05–01.06) in the pause
    assert desk.stands("home_visit")[-1] == ("late", 7)
    desk.visit("Кураторова")
    assert desk.met("home_visit")[1] == date(2026, 6, 2)
    assert desk.owed("home_visit")[-1] == date(2026, 7, 2)
