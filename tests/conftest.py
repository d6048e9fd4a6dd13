"""Fixtures that everybody uses: databases of both kinds, the queue server, an app, a live server."""

from __future__ import annotations

import gc
import itertools
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings

from curator_app.config import Config
from curator_app.valkey import EmbeddedValkey
from tests.support.databases import Databases, config_for, lend_app
from tests.support.server import LiveServer

SETTINGS = (
    "CURATOR_DATA",
    "DATABASE_URL",
    "REDIS_URL",
    "PHOTO_STORE_URL",
    "PUBLIC_URL",
    "PORT",
    "SECRET_KEY",
    "WEB_THREADS",
    "WEB_PROCESSES",
    "SERVICE_WORKER",
    "PHOTO_LIMIT_KB",
    "CURATOR_PROFILES",
    "SMTP_URL",
    "SMTP_CA",
    "MAIL_FROM",
    "PUSH_CONTACT",
    "PUSH_HOSTS",
    "TRUSTED_PROXIES",
)


MEMORY = Path("/dev/shm")  # noqa: S108 - the folder is pytest's own, below it
ROOM_BYTES = 4 * 2**30


# How quickly examples are drawn says something of the machine, nothing of the code.
settings.register_profile("curator", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("curator")


def pytest_configure() -> None:
    """Forget the settings of whoever runs the tests: each test says its own. Keep their folders in memory.

    A commit waits for the disk, and the tests make tens of thousands; none of them cuts the power, so that nothing is
    proven by waiting.
    """
    for name in SETTINGS:
        os.environ.pop(name, None)
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Keep the tests of a module of pages on one database, but for those that are marked as of both."""
    function = metafunc.definition
    named = any("database_kind" in mark.args[0] for mark in function.iter_markers("parametrize"))
    pages = function.get_closest_marker("pages") and not function.get_closest_marker("on_both")
    if pages and not named and "database_kind" in metafunc.fixturenames:
        function.add_marker(pytest.mark.parametrize("database_kind", ["sqlite"]))


def pytest_collection_finish() -> None:
    """Take all that was imported out of the garbage collector's sight: it walked a million objects for each new app."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            host = str(address[0])  # type: ignore[index]
            if host not in {"localhost", "::1"} and not host.startswith("127."):
                message = f"a test tried to reach {host}"
                raise AssertionError(message)
        connect(self, address)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Templates of migrated databases, one set for each test process."""
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Run the test on both; `@pytest.mark.parametrize("database_kind", ["sqlite"])` narrows it.

    A module of pages (`pytestmark = pytest.mark.pages`) asks whom a page is for and what it says: SQL is the ORM's and
    alike on both. It runs on SQLite, and on both what it marks with `on_both`: the way through the page's own rows.
    """
    return str(request.param)


@pytest.fixture
def database_url(databases: Databases, database_kind: str, tmp_path: Path) -> Iterator[str]:
    """A fresh migrated database, empty."""
    with databases.fresh(database_kind, tmp_path) as url:
        yield url


@pytest.fixture
def postgres_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    """A fresh migrated PostgreSQL database, empty."""
    with databases.fresh("postgresql", tmp_path) as url:
        yield url


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    """A queue server of the test's own; `.url`, `.kill()`."""
    folder = tmp_path / "valkey"
    folder.mkdir(mode=0o700)
    server = EmbeddedValkey(folder)
    server.start()
    server.wait()
    yield server
    server.stop()


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    """Settings of an installation in the test's folder. Nothing listens at its queue's address."""
    return config_for(tmp_path, DATABASE_URL=database_url)


@pytest.fixture
def make_app() -> Iterator[Callable[[Config], Flask]]:
    """Make applications from settings; their connections are closed after the test."""
    with ExitStack() as stack:
        yield lambda config: stack.enter_context(lend_app(config))


@pytest.fixture
def app(make_app: Callable[[Config], Flask], config: Config) -> Flask:
    """An application on a fresh, migrated, empty database."""
    return make_app(config)


@pytest.fixture
def make_live_server(databases: Databases, tmp_path: Path) -> Iterator[Callable[..., LiveServer]]:
    """Start real servers: `make_live_server(kind="postgresql", WEB_THREADS="8")`; all are stopped after the test.

    `kind` is the database; other keywords in capitals are settings, the rest goes to LiveServer.
    """
    numbers = itertools.count(1)
    with ExitStack() as stack:

        def make(kind: str = "sqlite", **options: str) -> LiveServer:
            folder = tmp_path / f"server-{next(numbers)}"
            folder.mkdir(mode=0o700)
            environ = {name: value for name, value in options.items() if name.isupper()}
            rest = {name: value for name, value in options.items() if not name.isupper()}
            environ["DATABASE_URL"] = stack.enter_context(databases.fresh(kind, folder))
            server = LiveServer(folder, environ, **rest)
            stack.callback(server.end)
            server.start()
            return server

        yield make


@pytest.fixture
def live_server(make_live_server: Callable[..., LiveServer]) -> LiveServer:
    """A real server on SQLite: gunicorn, worker and Valkey, with the demonstration's people."""
    return make_live_server()
