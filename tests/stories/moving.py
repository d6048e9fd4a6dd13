"""A family moves: Кочковский район offers its case to a district of Красноярск, which sends it back, then takes it.

Counted by hand over the calendar of 2026, after the registration of 12 March. 12.04 is a Sunday.
"""

from __future__ import annotations

from datetime import date

from tests.stories import kochki_2020, krasnoyarsk_2011
from tests.support.story import Desk

FROM, THERE = "Район, откуда едут", "Район, куда едут"
HERE = (kochki_2020.PROCEDURE, kochki_2020.ZONE, FROM)
NEW = (krasnoyarsk_2011.PROCEDURE, krasnoyarsk_2011.ZONE, THERE)
SURNAME = "Рассказовы"


def sent_back(here: Desk, there: Desk) -> None:
    """Until somebody there accepts it the case stays where it is; the first time nobody does."""
    here.assign_curator("Секретарёва", "Кураторова")
    here.on(date(2026, 4, 8))
    here.visit("Кураторова")
    assert here.owed("home_visit") == [date(2026, 4, 12), date(2026, 5, 8)]
    here.on(date(2026, 4, 13))
    here.hand_over_to("Главная", THERE, "Едут к бабушке")
    assert "ждёт ответа" in here.refused_step("Секретарёва", "transfer", page="transfer")
    there.on(date(2026, 4, 15))
    assert SURNAME in there.read("Окошкин", "/transfers")
    there.send("Окошкин", _row(there, "decline"), {"why": "Семья ещё не приехала"})
    assert SURNAME in here.read("Кураторова", "/families")
    assert SURNAME not in there.read("Кураторова", "/families")


def taken(here: Desk, there: Desk) -> None:
    """Accepted on 22 April, under the new district's own document: its visits go on from the last one before."""
    here.on(date(2026, 4, 20))
    here.hand_over_to("Секретарёва", THERE, "Прописаны у бабушки")
    there.on(date(2026, 4, 22))
    there.subject = here.subject
    there.send("Окошкин", _row(there, "accept"), {"receiver": "Кураторова", "own_rules": ["1"]})
    assert SURNAME not in there.read("Окошкин", "/transfers")
    here.on(date(2026, 4, 22))
    assert SURNAME not in here.read("Кураторова", "/families")
    assert SURNAME in there.read("Кураторова", "/families")
    # a month from the visit of 08.04, and the end of the quarter of which the new document wants to hear
    assert there.owed("home_visit")[-1] == date(2026, 5, 8)
    assert there.owed("quarterly_information")[-1] == date(2026, 6, 30)
    there.on(date(2026, 5, 6))
    there.visit("Кураторова")
    assert there.met("home_visit")[-2:] == [date(2026, 5, 6), None]
    assert there.owed("home_visit")[-1] == date(2026, 6, 6)
    _closed_there(there)


def _closed_there(there: Desk) -> None:
    there.on(date(2026, 5, 12))
    there.step("Секретарёва", "plan_approved", number="4")
    there.on(date(2026, 6, 4))
    there.step("Кураторова", "final_report_given", summary="Устроились у бабушки")
    there.close("Секретарёва", "situation_improved", goals="met")
    there.deregister("Секретарёва")
    assert there.closed_on() == date(2026, 6, 4)


def _row(there: Desk, act: str) -> str:
    """Return the address of the one hand-over that waits there."""
    text = there.read("Окошкин", "/transfers")
    found = text.partition("/transfers/")[2]
    return f"/transfers/{found[:36]}/{act}"
