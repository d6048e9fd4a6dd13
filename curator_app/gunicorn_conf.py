"""How gunicorn serves the app: one process, many threads, loopback only."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from curator_app.config import Config

if TYPE_CHECKING:
    from gunicorn.workers.base import Worker

_config = Config.from_environ()

wsgi_app = "wsgi:app"
bind = f"127.0.0.1:{_config.port}"
worker_class = "gthread"
workers = 1
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


def post_worker_init(_worker: Worker) -> None:
    """Tell a launcher that asked for it that the app is loaded."""
    if line := os.environ.get("CURATOR_READY_LINE"):
        print(line, flush=True)
