"""Two who write at once, and a worker that dies: the table is what a recomputation would make of it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from curator_app.cases.stepping import Actor, StepRefused, take_step
from curator_app.extensions import db
from curator_app.subjects import jobs, recounting
from curator_app.subjects.duty_models import DutyRow, Recount
from curator_app.subjects.models import Event, Subject
from curator_app.subjects.service import record_event
from tests.subjects.conftest import TODAY, Case, is_whole

STREAMS = (
    ("visit_made", "paused", "visit_made", "registered"),
    ("registered", "plan_approved", "resumed", "visit_made"),
)


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_two_events_of_one_subject_at_once_leave_the_table_whole(app, make):
    with app.app_context():
        key = make().subject.id
        db.session.commit()
    ready = threading.Barrier(2)

    def write(types):
        with app.app_context():
            for ago, what in enumerate(types):
                ready.wait()
                subject = db.session.get_one(Subject, key)
                record_event(subject, what, on=TODAY - timedelta(days=40 - 9 * ago))
                db.session.commit()

    threads = [threading.Thread(target=write, args=(types,)) for types in STREAMS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with app.app_context():
        case = Case(db.session.get_one(Subject, key))
        written = select(func.count()).select_from(Event).where(Event.subject_id == key)
        assert db.session.scalar(written) == 8
        assert case.rows()
        assert is_whole(case)


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_of_two_who_take_a_step_at_once_that_is_taken_once_the_second_is_refused(app, make):
    with app.app_context():
        case = make()
        case.happened("registered", 3)
        key = case.subject.id
        db.session.commit()
    ready, refused = threading.Barrier(2), []

    def enter(number):
        with app.app_context():
            subject = db.session.get_one(Subject, key)
            by = Actor(None, hats=frozenset({"commission"}))
            ready.wait()
            try:
                take_step(db.session(), subject, "registry_entered", {"number": number}, on=TODAY, by=by, effects={})
                db.session.commit()
            except StepRefused as refusal:
                refused.append(refusal.sentence)

    threads = [threading.Thread(target=enter, args=(number,)) for number in ("1", "2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with app.app_context():
        entered = select(func.count()).select_from(Event).where(Event.type == "registry_entered")
        assert db.session.scalar(entered) == 1
    assert len(refused) == 1
    assert "уже записано" in refused[0]


class Killed(BaseException):
    """What a worker's process feels when it is killed."""


def test_a_recount_that_was_killed_goes_on_where_it_stood(app, make, monkeypatch):
    with app.app_context():
        cases = [make() for _ in range(5)]
        for case in cases:
            case.happened("registered", 3)
        recounting.begin_recount(db.session(), "calendar")
        db.session.commit()
        done = []
        project = recounting.project

        def dies_at_the_third(session, subject):
            project(session, subject)
            if len(done) == 2:
                raise Killed
            done.append(subject.id)

        monkeypatch.setattr(recounting, "project", dies_at_the_third)
        with pytest.raises(Killed):
            jobs.walk_on()
        db.session.rollback()
        walk = db.session.scalars(select(Recount)).one()
        assert (walk.total, walk.done, walk.finished_at) == (5, 2, None)

        assert jobs.walk_on() == 0, "whoever took it may be at it still"
        db.session.rollback()
        monkeypatch.setattr(jobs, "CLAIM_LIVES", timedelta(0))
        monkeypatch.setattr(recounting, "project", lambda session, one: (project(session, one), done.append(one.id)))
        assert jobs.walk_on() == 3

        walk = db.session.scalars(select(Recount)).one()
        assert (walk.total, walk.done, walk.finished_at is None) == (5, 5, False)
        assert sorted(done) == sorted(case.subject.id for case in cases), "each once"
        assert all(is_whole(case) for case in cases)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_walk_leaves_out_what_it_stumbles_over(app, make, monkeypatch):
    with app.app_context():
        cases = [make() for _ in range(3)]
        for case in cases:
            case.happened("registered", 3)
        recounting.begin_recount(db.session(), "calendar")
        db.session.commit()
        bad, project = cases[1].subject.id, recounting.project

        def stumbles(session, subject):
            if subject.id == bad:
                raise RuntimeError
            project(session, subject)

        monkeypatch.setattr(recounting, "project", stumbles)
        jobs.walk_on()

        walk = db.session.scalars(select(Recount)).one()
        assert (walk.done, walk.finished_at is None) == (3, False)
        assert db.session.get_one(Subject, bad).reproject_on is not None
        assert db.session.scalar(select(func.count()).select_from(DutyRow)) > 0
