"""«Тяжёлое посещение? Попросить супервизию»: offered after an alarm, seen by the head alone, answered with a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from curator_app.auth.models import Role, Territory
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.reminders.delay_models import SupportRequest
from curator_app.subjects.models import Assignment, Subject
from curator_app.urgent.models import Alarm
from tests.support.days import demo_day

OFFER = "Тяжёлое посещение?"


@pytest.fixture
def alarm(app, people):
    """Vera called for people today."""
    with app.app_context():
        query = select(Assignment).join(Subject).where(Assignment.person_id == people.vera.id)
        held = db.session.scalars(query.where(Subject.family_id == people.ryabinkiny.id)).first()
        where = {"subject_id": held.subject_id, "organisation_id": held.organisation_id}
        db.session.add(Alarm(author_id=people.vera.id, raised_at=now(), received_at=now(), **where))
        db.session.commit()


def asked(app):
    """Return the requests there are."""
    with app.app_context():
        return [(one.id, one.held_on, one.word) for one in db.session.scalars(select(SupportRequest))]


@pytest.mark.usefixtures("alarm")
def test_it_is_offered_after_an_alarm_and_to_nobody_else(people, open_as):
    assert OFFER in open_as(people.vera).get("/more").text
    assert OFFER not in open_as(people.igor).get("/more").text


@pytest.mark.usefixtures("alarm")
def test_a_territory_may_not_want_it(app, people, open_as):
    with app.app_context():
        places = db.session.scalars(select(Territory)).all()
        for one in places:
            one.reminding = {"offers_support": False}
        db.session.commit()
    assert OFFER not in open_as(people.vera).get("/more").text


@pytest.mark.usefixtures("alarm")
def test_asked_twice_is_asked_once(app, people, open_as):
    vera = open_as(people.vera)
    assert [vera.post("/support").status_code for _ in range(2)] == [303, 303]
    assert len(asked(app)) == 1
    assert OFFER not in vera.get("/more").text


@pytest.mark.usefixtures("alarm")
def test_the_head_answers_with_a_day_and_the_curator_reads_it(app, people, open_as):
    open_as(people.vera).post("/support")
    darya = open_as(people.darya)
    assert "Туманова В. О. просит супервизию" in darya.get("/support").text
    assert darya.get("/reminders/count").json == {"waiting": 1}

    ((key, _on, _word),) = asked(app)
    day = demo_day() + timedelta(days=2)
    assert darya.post(f"/support/{key}", held_on=str(day), word="в центре, с психологом").status_code == 303
    assert "в центре, с психологом" in open_as(people.vera).get("/support").text
    assert "Пришёл ответ" in open_as(people.vera).get("/reminders").text


@pytest.mark.usefixtures("alarm")
def test_a_day_that_has_passed_and_no_day_are_asked_again(app, people, open_as):
    open_as(people.vera).post("/support")
    ((key, _on, _word),) = asked(app)
    darya = open_as(people.darya)
    yesterday = demo_day() - timedelta(days=1)
    assert "уже прошёл" in darya.post(f"/support/{key}", held_on=str(yesterday)).text
    assert darya.post(f"/support/{key}").status_code == 422
    assert asked(app)[0][1] is None


@pytest.mark.usefixtures("alarm")
def test_nobody_else_learns_of_it(app, people, open_as):
    open_as(people.vera).post("/support")
    ((key, _on, _word),) = asked(app)
    day = str(demo_day() + timedelta(days=2))
    for person in (people.igor, people.anna):
        pages = open_as(person)
        assert "просит супервизию" not in pages.get("/support").text
        assert pages.post(f"/support/{key}", held_on=day).status_code == 404
    assert open_as(people.vera).post(f"/support/{key}", held_on=day).status_code == 404


@pytest.mark.usefixtures("alarm")
def test_where_nobody_is_there_to_see_it_that_is_said(app, people, open_as):
    with app.app_context():
        for role in db.session.scalars(select(Role).where(Role.role == "head")):
            role.until_on = demo_day() - timedelta(days=1)
        db.session.commit()
    answer = open_as(people.vera).post("/support")
    assert (answer.status_code, "не назван руководитель" in answer.text) == (422, True)
    assert asked(app) == []


def test_who_works_nowhere_any_more_asks_nobody(app, people, open_as):
    with app.app_context():
        for role in db.session.scalars(select(Role).where(Role.person_id == people.igor.id)):
            role.until_on = demo_day() - timedelta(days=1)
        db.session.commit()
    assert open_as(people.igor).post("/support").status_code == 404
