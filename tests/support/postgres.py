"""A scratch PostgreSQL cluster on a unix socket: made in a second, gone afterwards."""

from __future__ import annotations

import itertools
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psycopg

START_SECONDS = "30"
SUPERUSER = "postgres"
# Whoever kills a server process in a test leaves the operating system's cache alone: fsync proves nothing here.
HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


SHAPE = """
SELECT md5(string_agg(format('%s %s %s', relname, attname, atttypid), '|' ORDER BY relname, attnum))
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = 'public'::regnamespace AND NOT attisdropped"""
EMPTY = """
SET lock_timeout = '5s';
SET session_replication_role = replica;
DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE format('DELETE FROM %I', name);
  END LOOP;
END $$"""
"""Without regard to foreign keys. Deleting a few hundred rows is quicker than sixty tables' truncation."""


class PostgresCluster:
    """One cluster in a temporary folder. As root it runs as user postgres, which refuses to be root."""

    def __init__(self, *, durable: bool = False) -> None:
        """Prepare; `durable` keeps fsync on, for whoever measures commits."""
        self._durable = durable
        self._numbers = itertools.count(1)
        self._shapes: dict[str, Any] = {}
        self._binaries = _newest_binaries()
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam(SUPERUSER)
            self._user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        # Not below pytest's folder: that one is closed to other users. Short, for the socket's sake.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        if self._user:
            shutil.chown(self.folder, SUPERUSER)

    def start(self) -> None:
        """Make the cluster and start it."""
        data, log = str(self.folder / "data"), str(self.folder / "log")
        self._run("initdb", "--no-sync", "-A", "trust", "-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8", "-D", data)
        settings = ["listen_addresses=", f"unix_socket_directories={self.folder}", "max_connections=300"]
        settings += [] if self._durable else HASTY
        options = " ".join(f"-c {setting}" for setting in settings)
        self._run("pg_ctl", "start", "-w", "-t", START_SECONDS, "-D", data, "-l", log, "-o", options)

    def stop(self) -> None:
        """Stop the cluster and delete it."""
        subprocess.run(
            [self._binaries / "pg_ctl", "stop", "-m", "immediate", "-D", self.folder / "data"],
            capture_output=True,
            check=False,
            cwd="/",
            **self._user,
        )
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """Return the DATABASE_URL of one database."""
        return f"postgresql://{SUPERUSER}@/{database}?host={self.folder}"

    def create(self, template: str = "template0") -> str:
        """Make a database as a copy of `template` and return its name."""
        name = f"scratch_{next(self._numbers)}"
        self.create_named(name, template)
        return name

    def create_named(self, name: str, template: str = "template0") -> None:
        """Make a database of that name as a copy of `template`."""
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop(self, database: str) -> None:
        """Delete a database, whoever is connected to it."""
        self._execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def empty(self, database: str, *, like: str) -> bool:
        """End all connections and delete every row; False when that fails or its tables are not those of `like`."""
        try:
            with psycopg.connect(self.url(database), autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                if connection.execute(SHAPE).fetchone() != self._shape_of(like):
                    return False
                connection.execute(EMPTY)
        except psycopg.Error:
            return False
        return True

    def program(self, name: str) -> Path:
        """Return the path of one of PostgreSQL's own programs."""
        return self._binaries / name

    def _shape_of(self, database: str) -> Any:
        if database not in self._shapes:
            with psycopg.connect(self.url(database), autocommit=True) as connection:
                self._shapes[database] = connection.execute(SHAPE).fetchone()
        return self._shapes[database]

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, program: str, *arguments: str) -> None:
        # pg_ctl's child keeps our pipes open; a file does not make us wait for it.
        with (self.folder / "setup.log").open("ab") as log:
            subprocess.run(
                [self._binaries / program, *arguments], stdout=log, stderr=log, check=True, cwd="/", **self._user
            )


def _newest_binaries() -> Path:
    """Return the folder of the newest PostgreSQL; Debian keeps it off PATH."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not found and (path := shutil.which("initdb")):
        found = [Path(path).parent]
    if not found:
        message = "PostgreSQL is not installed; `make test` installs it"
        raise RuntimeError(message)
    return max(found, key=lambda path: [int(number) for number in re.findall(r"\d+", str(path))])
