"""Fresh migrated databases: migrated once a session, then copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine

from curator_app import create_app
from curator_app.config import Config
from curator_app.extensions import DEFAULT, db
from tests.support.postgres import PostgresCluster
from tests.support.quick_apps import make_apps_quickly

ROOT = Path(__file__).resolve().parent.parent.parent


class CompiledTemplates(BytecodeCache):
    """What Jinja compiled, for all applications of this process: each test makes one, and compiles most pages."""

    def __init__(self) -> None:
        """Begin empty."""
        self._known: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the bucket what is known of its template in this wording."""
        if known := self._known.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._known[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


TEMPLATES = CompiledTemplates()
make_apps_quickly()
_dialects: dict[str, tuple[Any, Any]] = {}
"""By database, the dialect of an engine that was connected and the statements compiled for it, for the next engine."""


class Databases:
    """Gives out database URLs of fresh, migrated databases of either kind."""

    takes_again = True
    """Whether a PostgreSQL database that was given back is emptied and lent again: a copy takes ten times as long."""

    def __init__(self, folder: Path) -> None:
        """Keep templates in `folder`."""
        self._folder = folder
        self._stack = ExitStack()
        self._empty: list[str] = []

    @contextmanager
    def fresh(self, kind: str, folder: Path) -> Iterator[str]:
        """Lend a database of `kind` (sqlite or postgresql); a SQLite file lies in `folder`."""
        if kind == "sqlite":
            path = folder / "curator.sqlite"
            shutil.copyfile(self.sqlite_template, path)
            yield f"sqlite:///{path}"
            return
        name = self._empty.pop() if self._empty else self.cluster.create(self.postgres_template)
        try:
            yield self.cluster.url(name)
        finally:
            if self.takes_again and self.cluster.empty(name, like=self.postgres_template):
                self._empty.append(name)
            else:
                self.cluster.drop(name)

    def close(self) -> None:
        """Stop what was started."""
        self._stack.close()

    @cached_property
    def cluster(self) -> PostgresCluster:
        """The session's PostgreSQL, started at the first use."""
        cluster = PostgresCluster()
        self._stack.callback(cluster.stop)
        cluster.start()
        return cluster

    @cached_property
    def sqlite_template(self) -> Path:
        """An empty migrated SQLite file."""
        path = self._folder / "template.sqlite"
        self._migrate(f"sqlite:///{path}")
        return path

    @cached_property
    def postgres_template(self) -> str:
        """Name of an empty migrated database."""
        name = self.cluster.create()
        self._migrate(self.cluster.url(name))
        return name

    def _migrate(self, url: str) -> None:
        with lend_app(config_for(self._folder, DATABASE_URL=url)) as app, app.app_context():
            upgrade(str(ROOT / "migrations"))


def config_for(folder: Path, **environ: str) -> Config:
    """Return settings as an installation in `folder` would read them; `environ` are its variables."""
    return Config.from_environ({"CURATOR_DATA": str(folder), "SECRET_KEY": "only for tests", **environ})


@contextmanager
def lend_app(config: Config, make: Callable[[Config], Flask] = create_app) -> Iterator[Flask]:
    """Make an application and close its connections afterwards."""
    app = make(config)
    app.testing = True
    app.jinja_env.bytecode_cache = TEMPLATES
    with app.app_context():
        _take_statements(db.engine)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
            _keep_statements(db.engine)
        app.extensions["queues"][DEFAULT].connection.close()


def _take_statements(engine: Engine) -> None:
    """Let a new engine begin with the statements that earlier ones compiled: a fifth of a test's time went there."""
    if known := _dialects.get(engine.dialect.name):
        engine.dialect, engine._compiled_cache = known


def _keep_statements(engine: Engine) -> None:
    # Before the first connection a dialect does not know its server.
    if getattr(engine.dialect, "server_version_info", None):
        _dialects.setdefault(engine.dialect.name, (engine.dialect, engine._compiled_cache))
