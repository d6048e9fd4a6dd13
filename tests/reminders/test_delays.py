"""«Срок прошёл, что помешало?»: said by who owes it or their head, counted without names for the commission."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from curator_app.auth.models import Organisation, Person, Role, Territory
from curator_app.extensions import db
from curator_app.reminders import delays
from curator_app.reminders.delay_models import DelayReason
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Subject
from tests.support.days import demo_day


@pytest.fixture
def duty(app, people):
    """Something that the curator owes the Ryabinkins' case since ten days."""
    with app.app_context():
        query = select(DutyRow).join(Subject).where(Subject.family_id == people.ryabinkiny.id, DutyRow.met_on.is_(None))
        rows = db.session.scalars(query.where(DutyRow.owner == "case_curator", Subject.kind == "case")).all()
        found = rows[0]
        found.due_on, found.due_at, found.paused_since = demo_day() - timedelta(days=10), None, None
        found.opened_on = demo_day() - timedelta(days=40)
        db.session.commit()
        db.session.refresh(found)
        db.session.expunge(found)
        return found


@pytest.fixture
def path(duty):
    """Where it is asked what stood in the way."""
    return f"/duties/{duty.id}/delay"


def in_commission(app, people):
    """Return the secretary of the Ryabinkins' commission."""
    with app.app_context():
        place = Organisation(name="КДНиЗП района", kind="commission", territory_id=people.ryabinkiny.territory_id)
        person = Person(name="Протоколова Инна Львовна")
        db.session.add_all([place, person])
        db.session.flush()
        since = demo_day() - timedelta(days=400)
        db.session.add(Role(person=person, organisation_id=place.id, role="commission_secretary", since_on=since))
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge(person)
        return person


def said(app):
    """Return the reasons that were written down."""
    with app.app_context():
        return [(one.reason, one.note) for one in db.session.scalars(select(DelayReason).order_by(DelayReason.id))]


def test_the_curator_says_it_with_one_tap_and_goes_on_with_the_case(app, people, open_as, duty, path):
    vera = open_as(people.vera)
    assert "Срок прошёл, что помешало?" in vera.get(path).text
    answer = vera.post(path, reason="no_road")
    assert (answer.status_code, answer.location) == (303, f"/cases/{duty.subject_id}")
    assert said(app) == [("no_road", "")]


def test_the_newest_word_holds_and_the_earlier_one_stays(app, people, open_as, path):
    vera = open_as(people.vera)
    vera.post(path, reason="no_road")
    vera.post(path, reason="illness", note="больничный до пятницы")
    assert said(app) == [("no_road", ""), ("illness", "больничный до пятницы")]
    assert "Сказано: Болезнь" in vera.get(path).text


def test_nothing_chosen_and_another_reason_without_a_word_are_asked_again(app, people, open_as, path):
    vera = open_as(people.vera)
    assert "Выберите, что помешало" in vera.post(path).text
    answer = vera.post(path, reason="other")
    assert (answer.status_code, "что именно" in answer.text) == (422, True)
    assert said(app) == []


def test_visits_that_found_no_way_in_since_it_was_owed_are_counted_as_attempts(world):
    world.at(date(2026, 12, 3))
    world.happened("visit_attempted", date(2026, 10, 30))
    world.happened("visit_attempted", date(2026, 12, 1))
    duty = db.session.scalars(select(DutyRow).where(DutyRow.rule == "home_visit")).one()
    assert delays.attempts_since(db.session(), duty) == 2
    assert world.said() == ["deadline_passed late"], "an attempt is no visit: the visit is still owed"


def test_nothing_is_asked_of_what_is_not_late(app, people, open_as, duty, path):
    with app.app_context():
        db.session.get_one(DutyRow, duty.id).due_on = demo_day() + timedelta(days=1)
        db.session.commit()
    vera = open_as(people.vera)
    assert [vera.get(path).status_code, vera.post(path, reason="illness").status_code] == [404, 404]


def test_only_who_owes_it_and_their_head_are_asked(people, open_as, path):
    assert open_as(people.darya).get(path).status_code == 200
    for person in (people.igor, people.anna):
        pages = open_as(person)
        assert [pages.get(path).status_code, pages.post(path, reason="illness").status_code] == [404, 404]


def test_the_head_sees_reasons_beside_counts_in_the_order_of_names(people, open_as, path):
    open_as(people.vera).post(path, reason="no_road")
    shown = open_as(people.darya).get("/overdue").text
    assert "Рябинкины" in shown
    assert "бездорожье, погода, транспорт: 1" in shown
    assert "Туманова В. О." in shown


def test_the_heads_day_says_how_much_is_late_and_leads_there(people, open_as, path):
    shown = open_as(people.darya).get("/today").text
    assert 'href="/overdue"' in shown
    assert "что помешало и у кого какая нагрузка" in shown
    assert path not in shown
    assert "что помешало и у кого" not in open_as(people.vera).get("/today").text


def test_who_carries_more_than_the_norm_stands_above_the_list(app, people, open_as):
    assert "Больше нормы" not in open_as(people.darya).get("/overdue").text
    with app.app_context():
        db.session.get_one(Territory, people.ryabinkiny.territory_id).reminding = {"cases_norm": 1}
        db.session.commit()
    shown = open_as(people.darya).get("/overdue").text
    assert shown.index("Больше нормы") < shown.index("Что ещё ждёт")


def test_a_commission_sees_counts_and_nobodys_name(app, people, open_as, path):
    open_as(people.vera).post(path, reason="no_road")
    shown = open_as(in_commission(app, people)).get("/overdue").text
    assert "прошёл срок:" in shown
    for name in ("Туманова", "Рябинкины", "бездорожье"):
        assert name not in shown


def test_nobody_else_has_such_a_page(people, open_as):
    assert [open_as(one).get("/overdue").status_code for one in (people.vera, people.igor, people.anna)] == [404] * 3
