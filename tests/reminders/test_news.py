"""What was recorded is told to whom it brings something, and not to whoever recorded it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from curator_app.auth.models import Organisation, Person, Role
from curator_app.cases.channel_models import FamilyRequest
from curator_app.clock import now
from curator_app.database import uuid7
from curator_app.extensions import db
from curator_app.intake.check_models import Inquiry
from curator_app.reminders import jobs
from curator_app.reminders.models import Reminder
from curator_app.subjects.service import record_event

DAY = date(2026, 11, 10)


@pytest.fixture
def secretary(world):
    """The secretary of the district's commission."""
    place = Organisation(name="КДНиЗП", kind="commission", territory=world.territory)
    person = Person(name="Секретарёва Ольга Юрьевна")
    db.session.add_all([place, person])
    db.session.flush()
    held = {"organisation_id": place.id, "role": "commission_secretary", "since_on": date(2020, 1, 1)}
    db.session.add(Role(person_id=person.id, **held))
    db.session.commit()
    return person


@pytest.fixture(autouse=True)
def begun(world):
    """The first look was before."""
    world.at(DAY)
    jobs.look_for_news()


def happens(world, what, author=None, at=None, **data):
    """Somebody records something of the case; the sweep looks."""
    record_event(world.subject, what, on=DAY, at=at, data=data, author=author)
    db.session.commit()
    return jobs.look_for_news()


def told(person):
    """Return the kinds of news that somebody was told."""
    news = Reminder.kind.in_(("new_work", "answer"))
    return [one.kind for one in db.session.scalars(select(Reminder).where(Reminder.person_id == person.id, news))]


def test_a_case_that_was_given_to_somebody_is_news_to_them_once(world):
    happens(world, "curator_assigned", world.head)
    jobs.look_for_news()
    assert told(world.curator) == ["new_work"]


def test_whoever_recorded_it_is_not_told(world):
    happens(world, "plan_approved", world.curator)
    assert told(world.curator) == []


def test_an_answer_is_told_to_whoever_asked(world, secretary):
    asked = {"addressee": "Школа", "question": "Ходит ли?", "asked_on": DAY, "due_on": DAY + timedelta(days=5)}
    earlier = {**asked, "asked_by_id": world.head.id, "answered_at": now() - timedelta(days=1)}
    at = now()
    for one in (earlier, {**asked, "asked_by_id": secretary.id, "answered_at": at}):
        db.session.add(Inquiry(subject_id=world.subject.id, **one))
    happens(world, "information_given", at=at)
    assert told(secretary) == ["answer"]
    assert [told(one) for one in (world.curator, world.head)] == [[], []]


def test_what_a_family_asked_is_told_to_head_and_commission_and_never_to_its_curator(world, secretary):
    place = db.session.scalars(select(Organisation).where(Organisation.kind == "social_service")).one()
    asked = {"family_id": world.subject.family_id, "organisation_id": place.id, "territory_id": world.territory.id}
    db.session.add(FamilyRequest(id=uuid7(), kind="complain", received_at=now(), **asked))
    db.session.commit()
    jobs.look_for_news()
    assert (told(world.head), told(secretary), told(world.curator)) == (["new_work"], ["new_work"], [])


def test_history_is_not_told_to_anybody(world):
    world.at(DAY + timedelta(days=1))
    assert jobs.look_for_news() == 0
    assert told(world.curator) == []
