"""A phone that says it holds unsent records has its owner reminded on the third and the fifth day."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from curator_app.auth.models import ACTIVE, FIELD, LOST, Enrolment
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.reminders import phone_jobs
from curator_app.reminders.models import UNSENT, Reminder
from curator_app.sync.service import note_contact

SEALED = date(2026, 11, 10)


@pytest.fixture(autouse=True)
def phone(world):
    """The curator's phone, with one record that was sealed at noon of the tenth."""
    world.clock.move(SEALED, world.territory.zone)
    made = Enrolment(person_id=world.curator.id, short="0a1b2c3d", kind=FIELD, state=ACTIVE)
    db.session.add(made)
    db.session.flush()
    hello(made, unsent=2, oldest=now().isoformat(), counts={"drafts": 1})
    return made


def hello(phone, **state):
    """Let the phone say how it is."""
    note_contact(db.session(), phone, state, now())
    db.session.commit()


def look(world, days, hour=13):
    """Let the sweep look so many days after the record was sealed."""
    world.clock.move(SEALED + timedelta(days=days), world.territory.zone, time(hour))
    return phone_jobs.look_at_phones()


def said(waiting=False):
    """Return the days that were said."""
    query = select(Reminder).where(Reminder.kind == UNSENT).order_by(Reminder.id)
    query = query.where(Reminder.settled_at.is_(None)) if waiting else query
    return [int(one.step.partition("@")[0]) for one in db.session.scalars(query)]


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
def test_it_is_said_on_the_third_and_the_fifth_day_and_once(world):
    for day in (1, 2):
        assert look(world, day) == 0
    for day in (3, 3, 4, 5, 6, 9):
        look(world, day)
    assert said() == [3, 5]


def test_a_phone_that_says_the_same_again_is_not_said_again(world, phone):
    look(world, 3)
    hello(phone, **phone.phone_state)
    assert look(world, 3, 14) == 1
    assert said() == [3]
    look(world, 5)
    assert said() == [3, 5]


def test_what_was_sent_meanwhile_is_not_said_and_what_was_said_is_settled(world, phone):
    look(world, 3)
    assert said(waiting=True) == [3]
    hello(phone, unsent=1, counts={"drafts": 1})
    look(world, 4)
    assert said(waiting=True) == []
    look(world, 5)
    assert said() == [3]


def test_a_draft_alone_waits_for_nobody(world, phone):
    hello(phone, unsent=1, oldest=now().isoformat(), counts={"drafts": 1})
    look(world, 3)
    assert said() == []


def test_a_phone_that_was_switched_off_is_no_matter_of_its_owner(world, phone):
    phone.state, phone.drain_way = "draining", LOST
    db.session.commit()
    look(world, 3)
    assert said() == []


def test_when_nothing_is_due_nothing_is_looked_at(world, phone):
    look(world, 3)
    look(world, 5)
    assert phone.unsent_look_at is None
    assert look(world, 6) == 0
