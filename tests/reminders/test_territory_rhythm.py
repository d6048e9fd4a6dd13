"""An administrator sets how a territory reminds; what is owed there follows at once."""

from __future__ import annotations

from datetime import time

import pytest
from sqlalchemy import select

from curator_app.auth.models import Territory
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.reminders.rhythm import Rhythm
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Subject

USUAL = {
    "visit_days": "7, 3, 1",
    "duty_days": "7, 3, 1",
    "short_days": "10",
    "quiet_from": "20:00",
    "quiet_to": "08:00",
    "morning": "09:00",
    "names_in_mail": "off",
    "alarm_minutes": "3",
    "cases_norm": "0",
    "late_to_head_days": "3",
    "offers_support": "on",
}


@pytest.fixture
def path(people):
    """The page of the Ryabinkins' territory."""
    return f"/territories/{people.ryabinkiny.territory_id}/reminders"


def rhythm_of(app, people):
    """Return how the Ryabinkins' territory reminds."""
    with app.app_context():
        return Rhythm.of(db.session.get_one(Territory, people.ryabinkiny.territory_id).reminding)


def test_the_page_shows_what_holds_before_anybody_chose(people, open_as, path):
    shown = open_as(people.anna).get(path).text
    assert 'value="7, 3, 1"' in shown
    assert 'value="09:00"' in shown


def test_what_is_chosen_holds(app, people, open_as, path):
    chosen = {**USUAL, "visit_days": "10 5", "quiet_from": "21:30", "cases_norm": "12", "names_in_mail": "on"}
    answer = open_as(people.anna).post(path, **chosen)
    assert answer.status_code == 303
    rhythm = rhythm_of(app, people)
    assert (rhythm.visit_days, rhythm.quiet_from, rhythm.cases_norm) == ((10, 5), time(21, 30), 12)
    assert (rhythm.names_in_mail, rhythm.offers_support) == (True, True)


def test_what_is_short_and_whether_supervision_is_offered_is_the_territorys_too(app, people, open_as, path):
    open_as(people.anna).post(path, **{**USUAL, "short_days": "5", "offers_support": "off"})
    rhythm = rhythm_of(app, people)
    assert (rhythm.short_days, rhythm.offers_support) == (5, False)


def test_what_is_owed_there_is_looked_at_anew_and_nowhere_else(app, people, open_as, path):
    before = now()
    open_as(people.anna).post(path, **USUAL)
    with app.app_context():
        found = select(DutyRow.remind_at, Subject.territory_id).join(Subject).where(DutyRow.met_on.is_(None))
        rows = db.session.execute(found).all()
    here = {at >= before for at, territory in rows if territory == people.ryabinkiny.territory_id}
    elsewhere = {at >= before for at, territory in rows if territory != people.ryabinkiny.territory_id}
    assert (here, elsewhere) == ({True}, {False})


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("visit_days", "неделя", "от одного до пяти чисел"),
        ("visit_days", "", "от одного до пяти чисел"),
        ("short_days", "неделя", "Число от 0 до 366"),
        ("quiet_to", "утро", "Время пишется так"),
        ("morning", "06:00", "попадает в тихие часы"),
        ("alarm_minutes", "0", "Число от 1 до 60"),
        ("cases_norm", "-1", "Число от 0 до 200"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(app, people, open_as, path, field, value, said):
    answer = open_as(people.anna).post(path, **{**USUAL, field: value})
    assert answer.status_code == 422
    assert said in answer.text
    assert rhythm_of(app, people) == Rhythm()


def test_it_is_the_administrators_alone(people, open_as, path):
    for person in (people.vera, people.darya, people.igor):
        pages = open_as(person)
        assert [pages.get(path).status_code, pages.post(path, **USUAL).status_code] == [404, 404]
