"""Extensions, made here and bound to an application in create_app."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import redis
from flask import Flask, current_app
from flask_compress import Compress
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from rq import Queue
from rq.exceptions import DuplicateJobError

from curator_app.database import Base

log = logging.getLogger(__name__)

db = SQLAlchemy(model_class=Base)
migrate = Migrate()
csrf = CSRFProtect()
login_manager = LoginManager()
compress = Compress()


def bind_queue(app: Flask, url: str) -> None:
    """Give the application its job queue on the Valkey at `url` (redis:// or unix://)."""
    connection = redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=5)
    app.extensions["queue"] = Queue("default", connection=connection)


def enqueue(job: Callable[..., Any], *args: object, job_id: str | None = None) -> bool:
    """Ask a worker to run `job(*args)` soon; False when a job of that id waits or runs already.

    The database is the truth and a sweep finds what is left, so a queue that is down, or a job that
    waits already under the same id, is not the caller's trouble.
    """
    queue: Queue = current_app.extensions["queue"]
    try:
        queue.enqueue(job, *args, job_id=job_id, unique=job_id is not None, result_ttl=0, failure_ttl=86400)
    except DuplicateJobError:
        return False
    except redis.RedisError:
        log.warning("queue is not reachable; the sweep will do %s", job.__name__)
    return True
