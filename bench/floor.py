"""The Flask floor: take a body, insert it, answer 201. No sign-in, no check, nothing opened, nothing audited.

What a straightforward endpoint on our own stack reaches on this machine: the ceiling for ours. gunicorn
serves it with two processes of four threads; FLOOR_DATABASE and FLOOR_FOLDER say where things go.
"""

from __future__ import annotations

import hashlib
import os
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

import psycopg_pool
import pysqlite3.dbapi2 as sqlite
from flask import Flask, Response, request

DATABASE = os.environ["FLOOR_DATABASE"]
FOLDER = Path(os.environ["FLOOR_FOLDER"])
TABLE = "CREATE TABLE IF NOT EXISTS taken (id text PRIMARY KEY, header text, body {bytes}, file text)"

app = Flask(__name__)


def postgres_insert() -> Callable[[tuple[object, ...]], None]:
    """Return what inserts a row into PostgreSQL, one durable commit each."""
    pool = psycopg_pool.ConnectionPool(DATABASE, min_size=2, max_size=4, open=True)
    with pool.connection() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(1)")  # two processes make the table at once
        connection.execute(TABLE.format(bytes="bytea").encode())

    def insert(row: tuple[object, ...]) -> None:
        with pool.connection() as connection:
            connection.execute("INSERT INTO taken VALUES (%s, %s, %s, %s)", row)

    return insert


def sqlite_insert() -> Callable[[tuple[object, ...]], None]:
    """Return what inserts a row into SQLite with the durability our application asks of it."""
    mine = threading.local()

    def connection() -> sqlite.Connection:
        if not hasattr(mine, "connection"):
            mine.connection = sqlite.connect(DATABASE.removeprefix("sqlite:///"), timeout=30, isolation_level=None)
            mine.connection.execute("PRAGMA journal_mode=WAL")
            mine.connection.execute("PRAGMA synchronous=FULL")
        return mine.connection

    connection().execute(TABLE.format(bytes="blob"))
    return lambda row: connection().execute("INSERT INTO taken VALUES (?, ?, ?, ?)", row) and None


insert = sqlite_insert() if DATABASE.startswith("sqlite:") else postgres_insert()


@app.get("/session")
def ready() -> str:
    """Say that the floor answers."""
    return ""


@app.patch("/sync/envelopes/<name>")
def take(name: str) -> Response:
    """Insert a text's bytes; a photo's go to a file, its name into the row."""
    body = request.get_data()
    file = None
    if len(body) > 32_000:
        file = hashlib.sha256(body).hexdigest()
        (FOLDER / file).write_bytes(body)
    insert((f"{name}-{uuid.uuid4()}", request.headers.get("Envelope"), b"" if file else body, file))
    return Response(b'{"state":"received"}', status=201, mimetype="application/json")
