"""What a curator promised a family is said the day before and on the day, to who carries the case now."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from curator_app.auth.models import Person
from curator_app.extensions import db
from curator_app.reminders import jobs
from curator_app.reminders.models import PROMISE, Reminder
from curator_app.visits.agreements import Promise

MADE = date(2026, 11, 9)
DUE = date(2026, 11, 19)
"""A Thursday."""


@pytest.fixture
def promise(world):
    """The curator promised to find a place in a kindergarten."""
    said = {"side": "ours", "what": "Узнать о садике", "made_on": MADE, "due_on": DUE}
    made = Promise(family_id=world.subject.family_id, author_id=world.curator.id, **said)
    db.session.add(made)
    db.session.commit()
    return made


def look(world, on, hour=7):
    """Let it be that morning in the district, and let the sweep look."""
    world.clock.move(on, world.territory.zone, time(hour))
    return jobs.look_at_promises()


def said(person):
    """Return the steps of what was said of promises, and whether each still waits."""
    rows = db.session.scalars(select(Reminder).where(Reminder.kind == PROMISE, Reminder.person_id == person.id))
    return [(row.step.partition("@")[0], row.settled_at is None) for row in rows]


def test_the_day_before_and_on_the_day_once_each(world, promise):
    assert look(world, DUE - timedelta(days=2)) == 0
    for day in (1, 0):
        assert [look(world, DUE - timedelta(days=day), hour) for hour in (7, 8)] == [1, 0]
    assert look(world, DUE + timedelta(days=1)) == 0
    assert said(world.curator) == [("day_before", True), ("day", True)]
    (first, _second) = db.session.scalars(select(Reminder).order_by(Reminder.id)).all()
    assert (first.path, first.about_id) == (f"/families/{world.subject.family_id}", promise.id)


def test_what_was_kept_waits_no_more(world, promise):
    look(world, DUE)
    promise.state, promise.closed_on = "kept", DUE
    db.session.commit()
    look(world, DUE, 9)
    assert said(world.curator) == [("day", False)]


def test_what_was_promised_today_for_tomorrow_is_known(world, promise):
    promise.made_on = DUE - timedelta(days=1)
    db.session.commit()
    assert look(world, DUE - timedelta(days=1)) == 0
    assert look(world, DUE) == 1


@pytest.mark.usefixtures("promise")
def test_a_promise_goes_with_the_case_to_who_carries_it_now(world):
    successor = Person(name="Новая Анна Олеговна")
    db.session.add(successor)
    db.session.flush()
    world.assignments()[0].person_id = successor.id
    db.session.commit()
    look(world, DUE)
    assert (said(world.curator), said(successor)) == ([], [("day", True)])


@pytest.mark.parametrize(("field", "value"), [("side", "theirs"), ("closed_on", MADE), ("due_on", None)])
def test_what_the_family_promised_what_is_over_and_what_has_no_day_is_not_said(world, promise, field, value):
    setattr(promise, field, value)
    db.session.commit()
    assert look(world, DUE) == 0
