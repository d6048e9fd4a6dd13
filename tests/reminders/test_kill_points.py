"""A real worker and a real queue are killed at the worst moment: nothing is lost, and nobody reads a thing twice."""

from __future__ import annotations

import shutil

import redis
from sqlalchemy import text

from curator_app.extensions import db
from curator_app.reminders import jobs
from curator_app.reminders.models import Parcel, Reminder


def test_killed_before_the_claim_is_committed_it_is_said_by_the_next_worker(install):
    one = install("postgresql")
    one.owe()
    with one.app.app_context(), db.engine.connect() as other:
        other.execute(text("LOCK TABLE parcel IN EXCLUSIVE MODE"))
        one.ask()
        # It has claimed the duty and written the reminder down; the parcel waits for us.
        # The server shows the others as they were when it was first asked, unless told to look again.
        look, waiting = (
            text("SELECT pg_stat_clear_snapshot()"),
            text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%parcel%'"),
        )
        one.until(lambda: bool(other.execute(look) and other.execute(waiting).scalar()), sweeping=False)
        one.server.kill("worker")
        other.rollback()
    assert one.rows(Reminder) == []

    one.begin_again()
    assert (len(one.rows(Reminder)), len(one.post.letters)) == (1, 1)


def test_killed_after_it_was_written_down_and_before_it_is_on_its_way_the_next_sweep_finds_it(install):
    one = install("sqlite")
    one.owe()
    one.ask(jobs.look_at_duties)
    one.until(lambda: len(one.rows(Parcel)) == 1, sweeping=False)
    one.server.kill("worker")
    assert one.post.asked == 0

    one.begin_again()
    assert (len(one.rows(Reminder)), len(one.post.letters)) == (1, 1)


def test_a_queue_that_is_lost_with_all_its_jobs_loses_nothing(install):
    one = install("sqlite")
    one.owe(3)
    one.server.kill("worker")
    one.ask()
    one.server.valkey.kill()
    for kept in [*one.server.folder.glob("appendonlydir"), *one.server.folder.glob("*.rdb")]:
        shutil.rmtree(kept) if kept.is_dir() else kept.unlink()
    one.server.valkey.start()
    one.server.valkey.wait()
    with redis.Redis.from_url(one.server.valkey.url) as connection:
        assert connection.dbsize() == 0

    one.begin_again()
    assert (len(one.rows(Reminder)), len(one.post.letters)) == (3, 3)


def test_killed_between_the_claim_and_the_sending_it_is_sent_by_the_next_worker(install):
    one = install("sqlite")
    one.owe()
    one.post.holds = "before"
    one.until(lambda: one.post.asked == 1)
    one.server.kill("worker")
    (parcel,) = one.rows(Parcel)
    assert (parcel.claimed_at is not None, parcel.done_at, one.post.letters) == (True, None, [])
    one.post.holds = ""

    one.begin_again()
    assert len(one.read()) == 1


def test_killed_between_the_sending_and_the_mark_the_second_letter_is_the_same_letter(install):
    one = install("sqlite")
    one.owe()
    one.post.holds = "after"
    one.until(lambda: len(one.post.letters) == 1)
    one.server.kill("worker")
    assert one.rows(Parcel)[0].done_at is None
    one.post.holds = ""

    one.begin_again()
    assert (len(one.post.letters), len(one.read())) == (2, 1)


def test_two_sweeps_and_two_workers_at_once_say_each_thing_once(install):
    one = install("postgresql")
    one.server.start_process("worker", known_as="second worker")
    one.owe(8)
    for _twice in range(2):
        one.ask(jobs.look_at_duties)
        one.ask()
    one.until(lambda: len(one.rows(Parcel)) == 8, sweeping=False)
    for parcel in one.rows(Parcel):
        for _twice in range(2):
            one.ask(jobs.deliver, parcel.id)

    one.until(one.all_is_sent)
    assert (len(one.rows(Reminder)), len(one.post.letters), len(one.read())) == (8, 8, 8)
