"""What every measurement stands on: a folder, real installations, sessions, and the run's thoroughness."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from curator_app.auth.models import OFFICE, Person
from curator_app.extensions import db
from curator_app.families.models import Family
from tests.support.databases import Databases, config_for, lend_app
from tests.support.days import demo_day
from tests.support.people import sign_in
from tests.support.postgres import PostgresCluster
from tests.support.server import LiveServer

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ("CURATOR_DATA", "DATABASE_URL", "REDIS_URL", "PHOTO_STORE_URL", "PUBLIC_URL", "PORT")
SETTINGS += ("WEB_THREADS", "WEB_PROCESSES")
SESSION_COOKIE = "__Host-s"
CURATOR, HEAD = "Туманова", "Осокина"
FAMILY = "Рябинкины"


class DurableDatabases(Databases):
    """Databases whose PostgreSQL keeps fsync on: a commit that is not durable is not worth timing."""

    takes_again = False

    @cached_property
    def cluster(self) -> PostgresCluster:
        """The run's PostgreSQL, started at the first use."""
        cluster = PostgresCluster(durable=True)
        self._stack.callback(cluster.stop)
        cluster.start()
        return cluster


class Stage:
    """Lends installations; everything is stopped and deleted at the end of the run."""

    def __init__(self, *, quick: bool) -> None:
        """Prepare; `quick` asks each measurement for its least number of repetitions."""
        self.quick = quick
        self.folder = Path(tempfile.mkdtemp(prefix="bench-"))
        self._databases = DurableDatabases(self.folder)
        self._numbers = itertools.count(1)
        for name in SETTINGS:
            # The settings of whoever runs this belong to their installation, not to ours.
            os.environ.pop(name, None)

    def close(self) -> None:
        """Delete what was made."""
        self._databases.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_folder(self) -> Path:
        """Make a folder of one's own (0700)."""
        folder = self.folder / str(next(self._numbers))
        folder.mkdir(mode=0o700)
        return folder

    @contextmanager
    def installation(self, kind: str = "sqlite", **environ: str) -> Iterator[LiveServer]:
        """Lend a running installation with the demonstration's people; `kind` is the database."""
        folder = self.new_folder()
        with ExitStack() as stack:
            url = stack.enter_context(self._databases.fresh(kind, folder))
            server = LiveServer(folder, {"DATABASE_URL": url, **environ})
            stack.callback(server.stop)
            server.start()
            yield server

    @contextmanager
    def application(self, kind: str) -> Iterator[Flask]:
        """Lend an application on an empty migrated database; nobody serves it."""
        folder = self.new_folder()
        with self._databases.fresh(kind, folder) as url, lend_app(config_for(folder, DATABASE_URL=url)) as app:
            yield app

    @property
    def cluster(self) -> PostgresCluster:
        """The run's PostgreSQL."""
        return self._databases.cluster

    @contextmanager
    def database(self, kind: str) -> Iterator[str]:
        """Lend an empty database as a URL; the Flask floor makes its own table in it."""
        folder = self.new_folder()
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'floor.sqlite'}"
            return
        name = self._databases.cluster.create()
        try:
            yield self._databases.cluster.url(name)
        finally:
            self._databases.cluster.drop(name)


def office_cookie(server: LiveServer, surname: str) -> str:
    """Open an office session for somebody and return it as a Cookie header's `name=value`."""
    with server.app() as app:
        with app.app_context():
            person = db.session.scalars(select(Person).where(Person.name.startswith(surname))).one()
            db.session.expunge(person)
        cookie = sign_in(app, person, OFFICE).get_cookie(SESSION_COOKIE, domain="localhost", path="/")
    if cookie is None:
        message = f"no session for {surname}"
        raise RuntimeError(message)
    return f"{SESSION_COOKIE}={cookie.value}"


def family_id(server: LiveServer, surname: str = FAMILY) -> str:
    """Return the id of a family of the demonstration."""
    with server.app() as app, app.app_context():
        return str(db.session.scalars(select(Family.id).where(Family.surname == surname)).one())


def curators_families(server: LiveServer) -> list[str]:
    """Return the ids of the families that the curator visits."""
    with server.app() as app, app.app_context():
        person = db.session.scalars(select(Person).where(Person.name.startswith(CURATOR))).one()
        return [str(family.id) for family in db.session.scalars(Family.visible_to(person, demo_day()))]


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
