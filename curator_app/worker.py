"""The job worker: `python -m curator_app.worker`.

The app is imported before the first job is taken. A plain `rq worker` imports it again in every fork,
which turns a job of 30 ms into one of two seconds.
"""

from __future__ import annotations

import resource

from flask import Flask
from rq import Queue, Worker
from rq.job import Job

from curator_app import create_app
from curator_app.extensions import db
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


def main() -> None:
    """Work until SIGTERM; a running job is finished first."""
    app = create_app()
    wait_for_database(app)
    queue: Queue = app.extensions["queue"]
    worker = AppWorker([queue], connection=queue.connection)
    worker.app = app
    worker.work(with_scheduler=True, logging_level="WARNING")


if __name__ == "__main__":
    main()
