"""A worker, a queue and a mail server that are real, and a curator who owes things that do not wait for the morning."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import redis
from flask import Flask
from rq import Queue
from sqlalchemy import select, update

from curator_app.clock import now
from curator_app.extensions import DEFAULT, db
from curator_app.reminders import jobs
from curator_app.reminders.models import Parcel
from curator_app.subjects.duty_models import DutyRow
from tests.reminders.world import make_world
from tests.support.mail_server import MailServer
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
                # It arose today: nobody is told yet that it was not done.
                row.owner, row.met_on, row.opened_on = "case_curator", None, now().date()
                db.session.flush()
                asked = update(DutyRow).where(DutyRow.id == row.id).values(remind_at=now() - LONG_AGO)
                db.session.execute(asked)
            mine = {one.id for one in db.session.scalars(select(DutyRow).where(DutyRow.at_once.is_(True)))}
            others = update(DutyRow).where(DutyRow.remind_at.is_not(None), DutyRow.id.not_in(mine))
            db.session.execute(others.values(remind_at=None))
            db.session.commit()

    def ask(self, job: Callable[..., Any] = jobs.sweep, *args: object, queue: str = DEFAULT) -> None:
        """Ask for a job as cron does each minute."""
        with redis.Redis.from_url(self.server.valkey.url) as connection:
            Queue(queue, connection=connection).enqueue(job, *args, result_ttl=0, failure_ttl=86400)

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
