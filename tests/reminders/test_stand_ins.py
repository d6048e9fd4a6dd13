"""Whoever stands in for the owner of early help hears of it on the first day, once, whenever they were named for it."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from curator_app.auth.models import Organisation, Person
from curator_app.extensions import db
from curator_app.reminders import jobs
from curator_app.reminders.models import Reminder
from curator_app.schedule import TABLE
from curator_app.subjects.models import STAND_IN, Assignment, Subject
from curator_app.subjects.service import record_event

NAMED = date(2026, 11, 10)
FIRST, LAST = date(2026, 11, 16), date(2026, 11, 20)
DAY = timedelta(days=1)
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])


@pytest.fixture
def early(world):
    """Early help in its owner's hands; the first look at news was before."""
    world.clock.move(NAMED, world.territory.zone)
    jobs.look_for_news()
    subject = Subject(
        kind="early_help",
        territory=world.territory,
        procedure="novosibirsk_2022@1",
        family_id=world.subject.family_id,
    )
    owner, other = Person(name="Помощникова Ольга"), Person(name="Педагогова Ирина")
    db.session.add_all([subject, owner, other])
    db.session.flush()
    place = db.session.scalars(select(Organisation)).first()
    held = {"subject_id": subject.id, "organisation_id": place.id, "since_on": NAMED - 20 * DAY}
    db.session.add(Assignment(person_id=owner.id, role="early_help_owner", **held))
    db.session.commit()
    return subject, owner, other


def put_in(early, since=FIRST, until=LAST, by=None):
    """Put the other person in the owner's place, as the step does."""
    subject, owner, other = early
    place = db.session.scalars(select(Organisation)).first()
    held = {"subject_id": subject.id, "person_id": other.id, "organisation_id": place.id, "role": STAND_IN}
    row = Assignment(**held, since_on=since, until_on=until)
    db.session.add(row)
    record_event(subject, "owner_stand_in_named", on=NAMED, author=by or owner)
    db.session.commit()
    return row


def at(world, on, hour=9):
    """Let it be that hour in the district; both looks that may tell of it are made."""
    world.clock.move(on, world.territory.zone, time(hour))
    db.session.expire_all()
    done = jobs.look_at_stand_ins()
    jobs.look_for_news()
    return done


def told(person):
    """Return where the lines lead that somebody was told."""
    return list(db.session.scalars(select(Reminder.path).where(Reminder.person_id == person.id)))


def test_whoever_was_named_for_a_later_day_hears_of_it_on_that_day_once(world, early):
    subject, owner, other = early
    put_in(early)

    assert [at(world, NAMED), at(world, FIRST - DAY, 23)] == [0, 0]
    assert told(other) == []
    assert [at(world, FIRST, hour) for hour in (0, 1, 9)] == [1, 0, 0]
    assert at(world, LAST) == 0
    assert told(other) == [f"/cases/{subject.id}"]
    assert told(owner) == [], "who named them knows"


def test_whoever_begins_today_hears_of_it_at_once_and_not_again_by_the_hour(world, early):
    _, _, other = early
    put_in(early, since=NAMED)

    jobs.look_for_news()
    assert len(told(other)) == 1
    assert at(world, NAMED, 15) == 0
    assert len(told(other)) == 1


def test_named_before_midnight_and_looked_at_after_it_is_one_line(world, early):
    _, _, other = early
    world.clock.move(FIRST - DAY, world.territory.zone, time(23, 59))
    put_in(early)

    at(world, FIRST, 0)

    assert len(told(other)) == 1


def test_an_hour_that_was_lost_with_the_queue_is_made_good_by_the_next_and_days_off_line_too(world, early):
    _, _, other = early
    put_in(early)

    # The job of the first hours is lost; each hour asks the rows anew, and nothing of it lies in the queue.
    assert [row.every_seconds for row in TABLE if row.job is jobs.look_at_stand_ins] == [3600]
    assert at(world, FIRST + 3 * DAY) == 1
    assert len(told(other)) == 1


def test_who_was_called_off_before_the_first_day_hears_nothing(world, early):
    row = put_in(early)
    row.until_on = FIRST - DAY
    db.session.commit()

    assert at(world, FIRST) == 0


def test_of_help_that_is_over_and_of_days_that_are_over_nothing_is_said(world, early):
    subject, _, other = early
    put_in(early)
    assert at(world, LAST + DAY) == 0
    subject.closed_on = FIRST
    db.session.commit()

    assert at(world, FIRST) == 0
    assert told(other) == []


def test_the_owner_is_told_by_intake_that_somebody_stands_in(world, early):
    _, owner, other = early
    put_in(early, by=world.head)

    jobs.look_for_news()

    assert (len(told(owner)), told(other)) == (1, [])


def test_who_stands_in_for_a_curator_hears_of_it_on_the_first_day_once_for_all_families(world):
    world.clock.move(NAMED, world.territory.zone)
    other = Person(name="Заменина Ирина Олеговна")
    second = Subject(kind="case", territory=world.territory, procedure=world.subject.procedure)
    second.family_id = world.subject.family_id
    db.session.add_all([other, second])
    db.session.flush()
    place = world.assignments()[0].organisation_id
    held = {"person_id": other.id, "organisation_id": place, "role": "substitute", "since_on": FIRST, "until_on": LAST}
    db.session.add_all([Assignment(subject_id=one.id, **held) for one in (world.subject, second)])
    db.session.commit()

    assert [at(world, FIRST - DAY), at(world, FIRST), at(world, FIRST, 10), at(world, LAST)] == [0, 1, 0, 0]
    assert told(other) == ["/today"]
