"""The job workers: `python -m curator_app.worker` takes every job, calls first; `… calls` takes nothing else.

A job runs until it ends: a photo takes seconds and a mail server that does not answer a quarter of a minute. The
second worker is there for whoever stands behind a door meanwhile.
The app is imported before the first job is taken. A plain `rq worker` imports it again in every fork,
which turns a job of 30 ms into one of two seconds.
"""

from __future__ import annotations

import resource
import sys

from flask import Flask
from rq import Queue, Worker
from rq.job import Job

from curator_app import create_app
from curator_app.extensions import CALLS, db
from curator_app.prepare import wait_for_database

MEMORY_BYTES = 2 * 1024**3
"""Of address space for one job; the largest picture that may be opened (50 megapixels, WebP) takes 0.9 GB of it.

A decoder led to ask for more gets MemoryError and the picture is refused: the machine does not run out for everybody.
"""


class AppWorker(Worker):
    """Runs each job in a fork with its own application context and its own database connections."""

    app: Flask

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Run one job in the fork; never returns (rq leaves by os._exit)."""
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, hard))
        with self.app.app_context():
            # The parent's sockets must not be used from two processes, nor closed by the child.
            db.engine.dispose(close=False)
            super().main_work_horse(job, queue)


def main(only: str = "") -> None:
    """Work until SIGTERM, on every queue or on the one named; a running job is finished first."""
    app = create_app()
    wait_for_database(app)
    # In this order: what stands in the first is taken before anything of the second.
    queues: list[Queue] = [queue for name, queue in app.extensions["queues"].items() if not only or name == only]
    worker = AppWorker(queues, connection=queues[0].connection)
    worker.app = app
    worker.work(logging_level="WARNING")


if __name__ == "__main__":
    main(CALLS if CALLS in sys.argv[1:] else "")
