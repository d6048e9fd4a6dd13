"""How gunicorn serves the app: one process or a few, many threads each, loopback only."""

from __future__ import annotations

import fcntl
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from curator_app.config import Config

if TYPE_CHECKING:
    from gunicorn.workers.base import Worker

# gunicorn's own code for «do not try again», arbiter.py.
APP_LOAD_ERROR = 4

_config = Config.from_environ()

wsgi_app = "wsgi:app"
bind = f"127.0.0.1:{_config.port}"
worker_class = "gthread"
workers = _config.web_processes
# An upload holds a thread while it streams; a phone on EDGE takes a minute for a photo.
threads = _config.web_threads
keepalive = 30
# Ctrl-C should not wait for a stalled phone: what it has sent is kept and it resumes.
graceful_timeout = 3
loglevel = "warning"
# By default a control socket appears in the home folder, one for all instances.
control_socket_disable = True
# The heartbeat file: a disk that is busy syncing must not look like a worker that hangs.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() and os.access("/dev/shm", os.W_OK) else None


def post_worker_init(worker: Worker) -> None:
    """Bring the database up to date when a launcher started us, and tell it that we serve, or why we cannot.

    In production `flask db upgrade` is an act of its own and nothing happens here.
    """
    if not os.environ.get("CURATOR_LAUNCHER"):
        return
    # Imported here: the master stays small, and systemd's units need no launcher.
    from curator_app.launch import READY, REFUSED  # noqa: PLC0415
    from curator_app.prepare import DatabaseDown, prepare_database  # noqa: PLC0415

    # One process after the other: the second finds the work done. The end of a process lets go of the lock.
    with (_config.data_folder / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            invitations = prepare_database(worker.wsgi)
        except DatabaseDown as error:
            print(f"{REFUSED}{error}", flush=True)
            sys.exit(APP_LOAD_ERROR)
        # Still under the lock: the launcher greets with the first line, which is the one with the invitations.
        print(READY + json.dumps([asdict(one) for one in invitations], ensure_ascii=False), flush=True)
