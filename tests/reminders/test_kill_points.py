"""A real worker and a real queue are killed at the worst moment: nothing is lost, and nobody reads a thing twice."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from flask import Flask
from rq import Queue
from sqlalchemy import select, text, update

from curator_app.clock import now
from curator_app.extensions import db
from curator_app.reminders import jobs
from curator_app.reminders.models import Parcel, Reminder
from curator_app.subjects.duty_models import DutyRow
from tests.reminders.conftest import make_world
from tests.support.databases import Databases
from tests.support.mail_server import MailServer, mail_server
from tests.support.moved_clock import MovedClock
from tests.support.server import LiveServer

LONG_AGO = timedelta(minutes=5)
SECONDS = 30


class Installation:
    """A worker, a queue, a mail server and one curator who owes things that do not wait for the morning."""

    def __init__(self, server: LiveServer, post: MailServer, app: Flask) -> None:
        """Take what runs; `app` looks at the same rows from this process."""
        self.server, self.post, self.app = server, post, app

    def owe(self, count: int = 1) -> None:
        """Let the curator owe so many things that are asked for at once; nothing else is due."""
        with self.app.app_context():
            for _one in range(count):
                world = make_world(MovedClock(Path("unused")), began=date(2026, 10, 30))
                world.curator.email = f"{world.curator.id}@example.test"
                db.session.flush()
                row = db.session.scalars(select(DutyRow).where(DutyRow.subject_id == world.subject.id)).first()
                assert row is not None
                db.session.execute(update(DutyRow).where(DutyRow.subject_id == world.subject.id).values(remind_at=None))
                row.at_once, row.due_at, row.created_at = True, now(), now() - LONG_AGO
                row.owner, row.met_on = "case_curator", None
                db.session.flush()
                asked = update(DutyRow).where(DutyRow.id == row.id).values(remind_at=now() - LONG_AGO)
                db.session.execute(asked)
            mine = {one.id for one in db.session.scalars(select(DutyRow).where(DutyRow.at_once.is_(True)))}
            others = update(DutyRow).where(DutyRow.remind_at.is_not(None), DutyRow.id.not_in(mine))
            db.session.execute(others.values(remind_at=None))
            db.session.commit()

    def ask(self, job: Callable[..., Any] = jobs.sweep, *args: object) -> None:
        """Ask for a job as cron does each minute."""
        with redis.Redis.from_url(self.server.valkey.url) as connection:
            Queue(connection=connection).enqueue(job, *args, result_ttl=0, failure_ttl=86400)

    def until(self, so: Callable[[], bool], *, sweeping: bool = True) -> None:
        """Let minutes pass, each with its sweep, until it is so."""
        deadline = time.monotonic() + SECONDS
        while not so():
            assert time.monotonic() < deadline, self.server.log.read_text(encoding="utf-8")[-3000:]
            if sweeping and self.is_idle():
                self.ask()
            time.sleep(0.05)

    def is_idle(self) -> bool:
        """Tell whether no job waits: a sweep a minute does not pile up."""
        with redis.Redis.from_url(self.server.valkey.url) as connection:
            return not Queue(connection=connection).count

    def rows(self, model: type[Any]) -> list[Any]:
        """Return what stands in the database."""
        with self.app.app_context():
            found = list(db.session.scalars(select(model)))
            db.session.expunge_all()
            return found

    def let_time_pass(self) -> None:
        """Let so much time pass that a worker which says nothing counts as dead."""
        with self.app.app_context():
            then = update(Parcel).where(Parcel.claimed_at.is_not(None), Parcel.done_at.is_(None))
            db.session.execute(then.values(claimed_at=now() - LONG_AGO))
            db.session.commit()
        ago = (datetime.now(UTC) - LONG_AGO).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        with redis.Redis.from_url(self.server.valkey.url) as connection:
            for key in connection.scan_iter("rq:job:*"):
                if connection.hget(key, "status") == b"started":
                    connection.hset(key, "last_heartbeat", ago)

    def begin_again(self) -> None:
        """Start a worker some minutes after the last one was killed, and sweep until all is sent."""
        self.let_time_pass()
        self.server.start_process("worker")
        self.until(self.all_is_sent)

    def all_is_sent(self) -> bool:
        """Tell whether something was sent and nothing is on its way."""
        parcels = self.rows(Parcel)
        return bool(parcels) and all(one.outcome == "sent" for one in parcels)

    def read(self) -> list[str]:
        """Return the letters as a mailbox shows them: the same Message-ID is one letter."""
        return sorted({str(one["Message-ID"]) for one in self.post.letters})


@pytest.fixture
def install(databases: Databases, tmp_path: Path) -> Iterator[Callable[[str], Installation]]:
    """Start a queue, a worker and a mail server over a database of a kind; no pages are served."""
    with ExitStack() as stack:

        def make(kind: str) -> Installation:
            folder = tmp_path / "server"
            folder.mkdir(mode=0o700)
            post = stack.enter_context(mail_server(tmp_path))
            url = stack.enter_context(databases.fresh(kind, folder))
            server = LiveServer(folder, {"DATABASE_URL": url, **post.settings})
            stack.callback(server.end)
            server.valkey.start()
            server.valkey.wait()
            server.start_process("worker")
            return Installation(server, post, stack.enter_context(server.app()))

        yield make


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
