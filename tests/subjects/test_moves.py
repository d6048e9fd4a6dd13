"""A subject goes on under another profile, or under a calendar that somebody put right: what is owed follows."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from curator_app.auth.models import Person
from curator_app.extensions import db
from curator_app.procedures.profiles_loader import ProfileError
from curator_app.subjects import jobs, recounting
from curator_app.subjects.models import Event
from curator_app.subjects.service import move_to_profile
from curator_app.workdays.models import CalendarChange, CalendarVersion
from tests.subjects.conftest import is_whole


class Methodologist:
    """Who moves it: a session without a browser's key."""

    person = None
    enrolment = None


def put_right(on: date) -> None:
    """Write down that nobody works on a day, as the calendar's page does."""
    author = Person(name="Методистова Вера Ивановна", post="методист")
    db.session.add(author)
    db.session.flush()
    said = {"layer": "ru", "on": on, "working": False, "reason": "перенос", "source": "постановление"}
    db.session.add(CalendarChange(number=1, author_id=author.id, **said))
    db.session.add(CalendarVersion(name="calendar", number=1))
    recounting.begin_recount(db.session(), "calendar")
    db.session.commit()


def test_a_move_is_an_event_and_the_duties_are_the_new_profiles(case):
    case.happened("registered", 3)
    event = move_to_profile(case.subject, "krasnoyarsk_2011@1", "район перешёл на другой порядок", Methodologist())

    assert event.data == {
        "from": "kochki_2020@1",
        "to": "krasnoyarsk_2011@1",
        "reason": "район перешёл на другой порядок",
    }
    assert {row.procedure for row in case.rows()} == {"krasnoyarsk_2011@1"}
    assert is_whole(case)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_move_to_a_profile_that_is_not_there_changes_nothing(case):
    case.happened("registered", 3)
    before = [row.id for row in case.rows()]

    with pytest.raises(ProfileError):
        move_to_profile(case.subject, "no_such@1", "ошибка", Methodologist())

    assert (case.subject.procedure, [row.id for row in case.rows()]) == ("kochki_2020@1", before)
    assert "procedure_changed" not in db.session.scalars(select(Event.type)).all()


def test_a_day_put_right_moves_what_is_open_and_leaves_what_was_met(app, make):
    with app.app_context():
        open_one, met_one = make(), make()
        for case in (open_one, met_one):
            case.happened_on("resolution_adopted", date(2026, 10, 30))
        met_one.happened_on("resolution_copies_sent", date(2026, 11, 5))
        db.session.commit()
        put_right(date(2026, 11, 3))

        jobs.walk_on()

        assert open_one.row("resolution_copies").due_on == date(2026, 11, 6)
        assert open_one.row("resolution_copies").calendar.endswith(":1")
        assert met_one.row("resolution_copies").due_on == date(2026, 11, 5)
