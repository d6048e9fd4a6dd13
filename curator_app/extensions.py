"""Extensions, made here and bound to an application in create_app."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import redis
from flask import Flask, current_app
from flask_compress import Compress
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from rq import Queue
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job, JobStatus

from curator_app.clock import now
from curator_app.database import Base

log = logging.getLogger(__name__)
OVER = frozenset({JobStatus.FAILED, JobStatus.FINISHED, JobStatus.STOPPED, JobStatus.CANCELED})
SILENT = timedelta(minutes=2)
"""A worker says twice a minute that its job runs; one that said nothing for so long was killed."""

DEFAULT, CALLS = "default", "calls"
"""The two queues: a worker of its own takes nothing but calls, so that an alarm never waits for a job that runs."""

db = SQLAlchemy(model_class=Base)
migrate = Migrate()
csrf = CSRFProtect()
login_manager = LoginManager()
compress = Compress()


def bind_queue(app: Flask, url: str) -> None:
    """Give the application its job queues on the Valkey at `url` (redis:// or unix://)."""
    connection = redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=5)
    app.extensions["queues"] = {name: Queue(name, connection=connection) for name in (CALLS, DEFAULT)}


def enqueue(job: Callable[..., Any], *args: object, job_id: str | None = None, queue: str = DEFAULT) -> bool:
    """Ask a worker to run `job(*args)` soon; False when a job of that id waits or runs already.

    One that failed, or whose worker was killed, keeps its id for a day: it makes way, or nobody would be
    reminded for that day.

    The database is the truth and a sweep finds what is left, so a queue that is down, or a job that
    waits already under the same id, is not the caller's trouble.
    """
    waiting: Queue = current_app.extensions["queues"][queue]
    try:
        named = {"unique": job_id is not None, "result_ttl": 0, "failure_ttl": 86400}
        try:
            waiting.enqueue(job, *args, job_id=job_id, **named)
        except DuplicateJobError:
            if not _make_way(waiting, str(job_id)):
                return False
            waiting.enqueue(job, *args, job_id=job_id, **named)
    except DuplicateJobError:
        return False
    except redis.RedisError:
        log.warning("queue is not reachable; the sweep will do %s", job.__name__)
    return True


def _make_way(queue: Queue, job_id: str) -> bool:
    """Delete a job that nobody will run any more; False when it waits or runs."""
    try:
        job = Job.fetch(job_id, connection=queue.connection)
    except NoSuchJobError:
        return True
    if job.get_status(refresh=False) not in OVER:
        beat = job.last_heartbeat
        if not job.is_started or beat is None or beat > now() - SILENT:
            return False
    job.delete()
    return True
