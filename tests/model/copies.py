"""The server's last copy, taken and verified by its own command while it works, and put back while it stands still.

Only the newest counts: phones let go of what a verified copy holds, so an older one is no way back any more.
"""

from __future__ import annotations

import itertools
import shutil
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path

from click.testing import Result
from flask import Flask

from tests.support.postgres import PostgresCluster


class Copies(ABC):
    """`last` is the folder of the copy that may come back, None while there is none."""

    def __init__(self, folder: Path, photos: Path) -> None:
        """Keep copies in `folder`; `photos` is the server's photo store."""
        self.last: Path | None = None
        self._folder = folder
        self._photos = photos
        self._numbers = itertools.count(1)

    def take(self, app: Flask) -> None:
        """Take one; raise AssertionError when the server does not find its own copy whole."""
        folder = self._folder / f"copy-{next(self._numbers)}"
        said = self.copy(app, folder)
        assert said.exit_code == 0, f"a copy of a server at work was refused: {said.output} {said.exception!r}"
        self.forget()
        self.last = folder

    def forget(self) -> None:
        """No copy from before this moment comes back."""
        if self.last:
            shutil.rmtree(self.last)
        self.last = None

    def put_back(self) -> None:
        """Put the last one in the place of what there is; the server does not run."""
        assert self.last is not None
        self.put_database_back(self.last)
        shutil.rmtree(self._photos, ignore_errors=True)
        if (self.last / "photos").exists():
            shutil.copytree(self.last / "photos", self._photos)

    @abstractmethod
    def copy(self, app: Flask, folder: Path) -> Result:
        """Copy database and photos into a folder, verify, and return what the command said."""

    @abstractmethod
    def put_database_back(self, copy: Path) -> None:
        """Replace the database by a copy's."""


class SqliteCopies(Copies):
    """Of a SQLite file, as docs/backup.md says."""

    def __init__(self, folder: Path, photos: Path, file: Path) -> None:
        """Take the database's file."""
        super().__init__(folder, photos)
        self._file = file

    def copy(self, app: Flask, folder: Path) -> Result:
        """`flask backup make`."""
        return app.test_cli_runner().invoke(args=["backup", "make", str(folder)])

    def put_database_back(self, copy: Path) -> None:
        """Replace the file; what stood in the former one's log is gone with it."""
        (file,) = copy.glob("*.sqlite")
        for ending in ("-wal", "-shm"):
            self._file.with_name(self._file.name + ending).unlink(missing_ok=True)
        shutil.copyfile(file, self._file)


class PostgresCopies(Copies):
    """Of a database of a cluster, as docs/backup.md says."""

    def __init__(self, folder: Path, photos: Path, cluster: PostgresCluster, name: str) -> None:
        """Take the cluster and the database's name."""
        super().__init__(folder, photos)
        self._cluster = cluster
        self._name = name

    def copy(self, app: Flask, folder: Path) -> Result:
        """Dump it, then the pictures; restore the dump beside it, and `flask backup verify`."""
        folder.mkdir()
        self._run("pg_dump", "-f", folder / "dump", self._cluster.url(self._name))
        # A server that was set back to a copy without pictures makes the folder when the next one comes.
        self._photos.mkdir(exist_ok=True)
        shutil.copytree(self._photos, folder / "photos", ignore=shutil.ignore_patterns("*#*"))
        beside = self._cluster.create()
        self._run("psql", "-q", "-f", folder / "dump", self._cluster.url(beside))
        url = self._cluster.url(beside).replace("postgresql://", "postgresql+psycopg://")
        said = app.test_cli_runner().invoke(args=["backup", "verify", url, "--photos", str(folder / "photos")])
        self._cluster.drop(beside)
        return said

    def put_database_back(self, copy: Path) -> None:
        """Make it anew from the dump."""
        self._cluster.drop(self._name)
        self._cluster.create_named(self._name)
        self._run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", copy / "dump", self._cluster.url(self._name))

    def _run(self, program: str, *arguments: object) -> None:
        subprocess.run([self._cluster.program(program), *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)
