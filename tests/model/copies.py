"""Copies of a server's database and pictures, taken while it works and put back while it stands still."""

from __future__ import annotations

import itertools
import shutil
import sqlite3
import subprocess
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path

from tests.model.plan import pick
from tests.support.postgres import PostgresCluster


class Copies(ABC):
    """`taken` holds the copies that may come back, the oldest first."""

    def __init__(self, folder: Path, photos: Path) -> None:
        """Keep copies in `folder`; `photos` is the server's photo store."""
        self.taken: list[Path] = []
        self._folder = folder
        self._photos = photos
        self._numbers = itertools.count(1)

    def take(self) -> None:
        """Copy the database, then the pictures: what the database knows of is in the copy as well."""
        copy = self._folder / f"copy-{next(self._numbers)}"
        copy.mkdir()
        self.copy_database(copy / "database")
        if self._photos.exists():
            shutil.copytree(self._photos, copy / "photos", copy_function=_copied)
        self.taken.append(copy)

    def forget(self) -> None:
        """Delete all copies."""
        for copy in self.taken:
            shutil.rmtree(copy)
        self.taken.clear()

    def put_back(self, which: float) -> None:
        """Put one back; the server does not run. Later copies are of a time that has not been."""
        copy: Path = pick(self.taken, which)
        del self.taken[self.taken.index(copy) + 1 :]
        self.put_database_back(copy / "database")
        shutil.rmtree(self._photos, ignore_errors=True)
        if (copy / "photos").exists():
            shutil.copytree(copy / "photos", self._photos)

    @abstractmethod
    def copy_database(self, to: Path) -> None:
        """Copy the database into a file."""

    @abstractmethod
    def put_database_back(self, file: Path) -> None:
        """Replace the database by a file's."""


class SqliteCopies(Copies):
    """Of a SQLite file."""

    def __init__(self, folder: Path, photos: Path, file: Path) -> None:
        """Take the database's file."""
        super().__init__(folder, photos)
        self._file = file

    def copy_database(self, to: Path) -> None:
        """Copy by SQLite's own means: the server goes on writing."""
        source, target = sqlite3.connect(self._file), sqlite3.connect(to)
        with target:
            source.backup(target)
        source.close()
        target.close()

    def put_database_back(self, file: Path) -> None:
        """Replace the file; what stood in the former one's log is gone with it."""
        for ending in ("-wal", "-shm"):
            self._file.with_name(self._file.name + ending).unlink(missing_ok=True)
        shutil.copyfile(file, self._file)


class PostgresCopies(Copies):
    """Of a database of a cluster."""

    def __init__(self, folder: Path, photos: Path, cluster: PostgresCluster, name: str) -> None:
        """Take the cluster and the database's name."""
        super().__init__(folder, photos)
        self._cluster = cluster
        self._name = name

    def copy_database(self, to: Path) -> None:
        """Dump it, as an administrator does."""
        subprocess.run([self._cluster.program("pg_dump"), "-f", to, self._cluster.url(self._name)], check=True)

    def put_database_back(self, file: Path) -> None:
        """Make it anew from the dump."""
        self._cluster.drop(self._name)
        self._cluster.create_named(self._name)
        psql = [self._cluster.program("psql"), "-q", "-v", "ON_ERROR_STOP=1", "-f", file, self._cluster.url(self._name)]
        subprocess.run(psql, check=True, stdout=subprocess.DEVNULL)


def _copied(source: str, target: str) -> None:
    # Being written just now: no database knows of it yet.
    with suppress(FileNotFoundError):
        shutil.copyfile(source, target)
