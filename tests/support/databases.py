"""Fresh migrated databases: migrated once a session, then copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from curator_app import create_app
from curator_app.config import Config
from curator_app.extensions import db
from tests.support.postgres import PostgresCluster

ROOT = Path(__file__).resolve().parent.parent.parent


class Databases:
    """Gives out database URLs of fresh, migrated databases of either kind."""

    def __init__(self, folder: Path) -> None:
        """Keep templates in `folder`."""
        self._folder = folder
        self._stack = ExitStack()

    @contextmanager
    def fresh(self, kind: str, folder: Path) -> Iterator[str]:
        """Lend a database of `kind` (sqlite or postgresql); a SQLite file lies in `folder`."""
        if kind == "sqlite":
            path = folder / "curator.sqlite"
            shutil.copyfile(self.sqlite_template, path)
            yield f"sqlite:///{path}"
            return
        name = self.cluster.create(self.postgres_template)
        try:
            yield self.cluster.url(name)
        finally:
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
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
        app.extensions["queue"].connection.close()
