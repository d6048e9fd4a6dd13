"""An alarm calls the duty person at once and again until somebody named answers; so does who did not come back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from curator_app.auth.models import Organisation, Person, Role
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.reminders import jobs
from curator_app.reminders.calling import step_of
from curator_app.reminders.models import Reminder
from curator_app.urgent.models import CONFIRMED, Alarm, CheckIn

NIGHT = date(2026, 11, 28)
"""A Saturday: quiet, and nobody works."""


@pytest.fixture
def duty(world):
    """The duty person of the curator's organisation, who takes letters."""
    place = db.session.scalars(select(Organisation).where(Organisation.territory_id == world.territory.id)).one()
    person = Person(name="Дежурная Нина Павловна", email="n.dezhurnaya@example.test")
    db.session.add(person)
    db.session.flush()
    since = date(2020, 1, 1)
    db.session.add(Role(person=person, organisation_id=place.id, role="duty", since_on=since))
    db.session.commit()
    return person


def at(world, minute, hour=2):
    """Let it be that minute of the night, and let the sweep call."""
    world.clock.move(NIGHT, world.territory.zone, time(hour, minute))
    return jobs.call_people()


def raise_alarm(world):
    """The curator calls from the case at that moment."""
    place = db.session.scalars(select(Organisation).order_by(Organisation.id)).first()
    held = {"subject_id": world.subject.id, "organisation_id": place.id, "author_id": world.curator.id}
    alarm = Alarm(family_id=world.subject.family_id, raised_at=now(), received_at=now(), **held)
    db.session.add(alarm)
    db.session.commit()
    return alarm


def go_out(world, until):
    """The curator says until when she is out of reach."""
    place = db.session.scalars(select(Organisation)).one()
    held = {"subject_id": world.subject.id, "organisation_id": place.id, "person_id": world.curator.id}
    check = CheckIn(opened_at=now(), received_at=now(), until_at=until, **held)
    db.session.add(check)
    db.session.commit()
    return check


def said_to(person):
    """Return what was said to somebody: «kind step», in order, and whether it still waits."""
    rows = db.session.scalars(select(Reminder).where(Reminder.person_id == person.id).order_by(Reminder.id))
    return [(row.kind, row.step, row.settled_at is None) for row in rows]


def test_the_call_goes_out_at_once_in_the_night_of_a_day_off(world, duty):
    at(world, 0)
    raise_alarm(world)
    assert at(world, 0) > 0

    assert said_to(duty) == [("alarm", "0", True)]
    (parcel,) = world.parcels(duty)
    assert parcel.next_at == now()
    assert said_to(world.head) == [("alarm", "0", True)], "the head answers alarms too"


def test_it_is_repeated_every_few_minutes_and_only_the_newest_waits(world, duty):
    at(world, 0)
    raise_alarm(world)
    for minute in (0, 1, 2, 3, 4, 6):
        at(world, minute)

    assert said_to(duty) == [("alarm", "0", False), ("alarm", "3", False), ("alarm", "6", True)]
    assert len(world.parcels(duty)) == 3


def test_once_somebody_answered_nobody_is_called_and_the_author_is_told(world, duty):
    at(world, 0)
    alarm = raise_alarm(world)
    at(world, 0)
    alarm.state, alarm.confirmed_at, alarm.confirmed_by_id = CONFIRMED, now(), duty.id
    db.session.commit()
    at(world, 3)
    at(world, 6)

    assert said_to(duty) == [("alarm", "0", False)]
    assert [one for one in said_to(world.curator) if one[0] == "alarm_confirmed"] == [
        ("alarm_confirmed", "confirmed", True)
    ]


def test_a_call_that_was_not_yet_sent_when_somebody_answered_is_not_sent(world, duty):
    at(world, 0)
    alarm = raise_alarm(world)
    at(world, 0)
    alarm.state = CONFIRMED
    db.session.commit()
    at(world, 1)
    assert jobs.deliver(world.parcels(duty)[0].id) == "nothing"


def test_who_did_not_come_back_is_looked_for_until_found(world, duty):
    at(world, 0)
    check = go_out(world, now() + timedelta(minutes=30))
    at(world, 21)
    assert [one[0] for one in said_to(world.curator)] == ["check_in"]

    at(world, 31)
    check.missed_at = now()
    db.session.commit()
    at(world, 31)
    at(world, 34)
    assert [one[:2] for one in said_to(duty)] == [("check_in_late", "0"), ("check_in_late", "3")]

    check.closed_at = now()
    db.session.commit()
    at(world, 37)
    assert not any(waits for _kind, _step, waits in said_to(duty))
    assert len(said_to(duty)) == 2


def test_the_pace_is_the_territorys_and_slows_down_after_an_hour():
    since = datetime(2026, 11, 28, 2, 0).astimezone()
    rounds = {minute: step_of(since, since + timedelta(minutes=minute), 5) for minute in (0, 4, 5, 59, 60, 89, 90)}
    assert rounds == {0: "0", 4: "0", 5: "5", 59: "55", 60: "60", 89: "60", 90: "90"}


def an_officer(world):
    """Somebody who takes signals in for the district."""
    place = Organisation(name="Единое окно", kind="commission", territory=world.territory)
    person = Person(name="Приёмова Анна Львовна")
    db.session.add_all([place, person])
    db.session.flush()
    db.session.add(Role(person=person, organisation_id=place.id, role="intake_officer", since_on=date(2020, 1, 1)))
    db.session.commit()
    return person


def test_where_an_organisation_has_nobody_the_districts_intake_is_called_and_may_answer(world):
    at(world, 0)
    alarm = raise_alarm(world)
    officer = an_officer(world)
    at(world, 0)
    assert said_to(officer) == [], "the organisation has a head"
    for role in db.session.scalars(select(Role).where(Role.person_id == world.head.id)):
        role.until_on = date(2026, 11, 1)
    db.session.commit()

    at(world, 9)

    assert [kind for kind, _step, waits in said_to(officer) if waits] == ["alarm"]
    assert db.session.scalars(Alarm.at_duty_of(officer, NIGHT)).all() == [alarm]


def test_a_head_who_calls_from_a_home_herself_is_not_her_own_duty_person(world):
    at(world, 0)
    alarm = raise_alarm(world)
    alarm.author_id = world.head.id
    officer = an_officer(world)
    at(world, 0)

    assert said_to(world.head) == []
    assert [kind for kind, _step, _waits in said_to(officer)] == ["alarm"]


def test_an_alarm_that_nobody_answers_is_said_again_each_day(world, duty):
    at(world, 0)
    raise_alarm(world)
    at(world, 0)
    for days, hour in ((1, 2), (1, 8), (2, 2), (2, 9), (2, 10), (3, 8)):
        world.clock.move(NIGHT + timedelta(days=days), world.territory.zone, time(hour, 1))
        jobs.call_people()

    assert [step for _kind, step, _waits in said_to(duty)] == ["0", "1d", "2d", "3d"], "and in no night but the first"
