"""The real thing on a free port: gunicorn, the job worker and Valkey, started as `make run` starts them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil
from flask import Flask
from sqlalchemy import delete, select

from curator_app.auth.models import FIELD, Person
from curator_app.auth.service import invite
from curator_app.config import Config
from curator_app.database import Base
from curator_app.demo import load as demo
from curator_app.extensions import db
from curator_app.launch import child_environ, commands
from curator_app.valkey import EmbeddedValkey
from tests.support.databases import ROOT, config_for, lend_app
from tests.support.demonstration import install_demonstration

START_SECONDS = 30
STOP_SECONDS = 10


class LiveServer:
    """One installation in a folder of its own, with the demonstration in its database.

    `url` is http://localhost:PORT, `folder` its data, `log` the file that holds what all its processes say.
    """

    def __init__(
        self, folder: Path, environ: dict[str, str], *, application: str | None = None, worker: bool = True
    ) -> None:
        """Prepare in `folder` (0700); `environ` are settings, with a migrated DATABASE_URL.

        `application` ("module:app") replaces the app that gunicorn serves; without `worker` no jobs run.
        """
        self.port = free_port()
        self.folder = folder
        self.log = folder / "server.log"
        self.valkey = EmbeddedValkey(folder)
        self._environ = {"PORT": str(self.port), **environ}
        self._config = config_for(folder, **self._environ)
        self._application = application
        self._with_worker = worker
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        with self.app() as app, app.app_context():
            if demo.is_empty(db.session()):
                install_demonstration(db.session())
                db.session.commit()

    @property
    def url(self) -> str:
        """The origin, without a slash at its end."""
        return self._config.origin

    @property
    def database_url(self) -> str:
        """Where its rows are."""
        return self._config.database_url

    @contextmanager
    def app(self) -> Iterator[Flask]:
        """Lend an application in this process over the same database, to look or to write beside the server."""
        with lend_app(self._config) as app:
            yield app

    def link(self, surname: str, kind: str = FIELD) -> str:
        """Make a one-time enrolment link for a person of the demonstration and return its address."""
        with self.app() as app, app.app_context():
            person = db.session.scalars(select(Person).where(Person.name.startswith(surname))).one()
            token = invite(db.session(), person, kind)
            db.session.commit()
        return f"{self.url}/enrol#{token}"

    def start(self) -> None:
        """Start everything and wait until it answers."""
        self.valkey.start()
        self.valkey.wait()
        if self._with_worker:
            self.start_process("worker")
        self.start_web()

    def start_web(self) -> None:
        """Start the web process alone (after `kill`) and wait until it answers."""
        self.start_process("web")
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self._running["web"].poll() is not None or time.monotonic() > deadline:
                message = f"the server does not answer:\n{self.log.read_text(encoding='utf-8')[-4000:]}"
                raise RuntimeError(message)
            time.sleep(0.05)

    def answers(self) -> bool:
        """Tell whether the web process serves a request."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/session")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def start_process(self, name: str, known_as: str = "") -> None:
        """Start one of `commands`: web, worker, calls or cron; a second one is `known_as` something else."""
        config = self._config_now()
        command = commands()[name]
        if name == "web" and self._application:
            command = [*command, self._application]
        environ = {**child_environ(config), **self._environ, "SECRET_KEY": config.secret_key}
        with self.log.open("ab") as log:
            self._running[known_as or name] = subprocess.Popen(
                command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, name: str = "web") -> None:
        """End a process and its children as a power cut would: SIGKILL, no last words."""
        process = self._running.pop(name)
        # The worker gives each job a process group of its own: it must not outlive the power cut.
        children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        # It may have ended by itself a moment ago, as a worker does whose queue was killed.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        for child in children:
            with suppress(psutil.NoSuchProcess):
                child.kill()
        process.wait()
        psutil.wait_procs(children, timeout=STOP_SECONDS)

    def freeze(self, name: str = "web") -> None:
        """Let a process hang: connections are taken, nobody answers."""
        os.killpg(self._running[name].pid, signal.SIGSTOP)

    def thaw(self, name: str = "web") -> None:
        """Let it go on where it stood."""
        os.killpg(self._running[name].pid, signal.SIGCONT)

    def restart(self, *, application: str | None = None, **environ: str) -> None:
        """Stop everything and start it again on the same port and data, with other settings or another app."""
        self.stop()
        self._application = application or self._application
        self._environ.update(environ)
        self.start()

    def begin_anew(self) -> None:
        """Make everything as it was at the first start, under the running processes: starting them takes seconds."""
        with self.app() as app, app.app_context():
            self._wait_for_jobs(app)
            session = db.session()
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(delete(table))
            install_demonstration(session)
            session.commit()
        for name in ("photos", "partials"):
            for path in (self.folder / name).glob("*"):
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    @staticmethod
    def _wait_for_jobs(app: Flask) -> None:
        """Wait until the worker has done what the last test gave it; what is left finds no rows any more."""
        queues = app.extensions["queues"].values()
        deadline = time.monotonic() + STOP_SECONDS
        while any(queue.count or queue.started_job_registry.count for queue in queues) and time.monotonic() < deadline:
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop what runs, Valkey last."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._running.clear()
        self.valkey.stop()

    def end(self) -> None:
        """End what runs at once: nobody reads this data any more, and gunicorn waits seconds for open connections."""
        for name in list(self._running):
            self.kill(name)
        self.valkey.stop()

    def _config_now(self) -> Config:
        """Return the settings with the queue's address, which is known once Valkey runs."""
        return replace(config_for(self._config.data_folder, **self._environ), redis_url=self.valkey.url)


def free_port() -> int:
    """Return a port of loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
