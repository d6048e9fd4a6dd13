"""The list of reminders: each line in the words of what it names, for whoever may open that; what is done says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from curator_app.auth.models import FIELD
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.reminders import lines
from curator_app.reminders.models import DEADLINE, NEW_WORK, Reminder
from curator_app.reminders.places import Places
from curator_app.reminders.telling import Said, remind
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Assignment, Subject
from tests.support.days import demo_day


@pytest.fixture
def duty(app, people):
    """Something that is owed in the Ryabinkins' case."""
    with app.app_context():
        query = select(DutyRow).join(Subject).where(Subject.family_id == people.ryabinkiny.id, DutyRow.met_on.is_(None))
        found = db.session.scalars(query.order_by(DutyRow.id)).first()
        db.session.expunge(found)
        return found


@pytest.fixture
def tell(app, duty):
    """Say to somebody that the duty comes near."""

    def told(person, step="due"):
        with app.app_context():
            path = f"/cases/{duty.subject_id}"
            said = Said(DEADLINE, duty.id, step, path, duty_id=duty.id, subject_id=duty.subject_id, due_on=duty.due_on)
            remind(db.session(), Places(db.session()), person.id, said, now())
            db.session.commit()

    return told


def first_of(app, person):
    """Return somebody's newest reminder."""
    with app.app_context():
        query = select(Reminder).where(Reminder.person_id == person.id).order_by(Reminder.id.desc())
        return db.session.scalars(query).first()


def test_who_has_none_is_told_that_there_is_nothing(people, open_as):
    assert "Напоминаний нет" in open_as(people.igor).get("/reminders").text


def test_the_line_says_what_is_owed_and_whose_it_is(app, people, tell, duty, open_as):
    tell(people.vera)
    with app.app_context():
        title = lines.title_of(db.session.get_one(DutyRow, duty.id))

    shown = open_as(people.vera).get("/reminders").text
    assert title in shown
    assert "Рябинкины" in shown
    assert "Ждёт вас: 1" in shown


def test_who_may_not_open_the_case_learns_that_there_is_something_and_not_what(people, tell, open_as):
    tell(people.igor)
    shown = open_as(people.igor).get("/reminders").text
    assert "Подходит срок" in shown
    assert "Рябинкины" not in shown
    assert "/cases/" not in shown


def test_a_tap_marks_it_read_and_leads_to_the_case(app, people, tell, duty, open_as):
    tell(people.vera)
    vera = open_as(people.vera)

    answer = vera.post(f"/reminders/{first_of(app, people.vera).id}/read")
    assert (answer.status_code, answer.location) == (303, f"/cases/{duty.subject_id}")
    assert vera.get("/reminders/count").json == {"waiting": 0}


def test_on_a_phone_a_tap_leads_to_the_dossier_that_it_carries(app, people, tell, open_as):
    tell(people.vera)
    answer = open_as(people.vera, FIELD).post(f"/reminders/{first_of(app, people.vera).id}/read")
    assert answer.location == f"/families/{people.ryabinkiny.id}"


def test_everything_is_marked_read_at_once(people, tell, open_as):
    tell(people.vera, "before_3")
    tell(people.vera, "due")
    vera = open_as(people.vera)
    assert vera.get("/reminders/count").json == {"waiting": 2}
    vera.post("/reminders/read")
    assert vera.get("/reminders/count").json == {"waiting": 0}


def test_what_is_done_waits_for_nobody(app, people, tell, duty, open_as):
    tell(people.vera)
    with app.app_context():
        db.session.get_one(DutyRow, duty.id).met_on = duty.opened_on
        db.session.commit()

    vera = open_as(people.vera)
    assert vera.get("/reminders/count").json == {"waiting": 0}
    assert "сделано" in vera.get("/reminders").text


def test_who_handed_the_case_over_is_not_reminded_of_it_any_more(app, people, tell, open_as):
    tell(people.vera)
    with app.app_context():
        held = select(Assignment).join(Subject).where(Subject.family_id == people.ryabinkiny.id)
        for one in db.session.scalars(held.where(Assignment.person_id == people.vera.id)):
            one.until_on = demo_day() - timedelta(days=1)
        db.session.commit()
    assert open_as(people.vera).get("/reminders/count").json == {"waiting": 0}


def test_nobody_reads_or_marks_anothers(app, people, tell, open_as):
    tell(people.vera)
    igor = open_as(people.igor)
    assert igor.post(f"/reminders/{first_of(app, people.vera).id}/read").status_code == 404
    assert igor.get(f"/reminders?after={first_of(app, people.vera).id}").status_code == 404
    assert first_of(app, people.vera).read_at is None


def test_a_long_list_goes_on_behind_its_last_line(app, people, open_as):
    with app.app_context():
        for number in range(lines.PAGE + 1):
            said = Said(NEW_WORK, people.ryabinkiny.id, str(number), "/today")
            remind(db.session(), Places(db.session()), people.vera.id, said, now())
        db.session.commit()
    vera = open_as(people.vera)
    shown = vera.get("/reminders").text
    assert shown.count('class="row plain"') == lines.PAGE

    further = shown.split("/reminders?after=")[1].split('"')[0]
    assert vera.get(f"/reminders?after={further}").text.count('class="row plain"') == 1


def test_a_phone_shows_it_inside_the_unlocked_app_only(people, open_as):
    phone = open_as(people.vera, FIELD)
    assert phone.get("/reminders").status_code == 200
    assert phone.client.get("/reminders", base_url="https://localhost").status_code == 404


def test_a_stranger_to_the_app_is_asked_to_sign_in(app):
    assert app.test_client().get("/reminders/count", base_url="https://localhost").status_code in {302, 401, 403}
