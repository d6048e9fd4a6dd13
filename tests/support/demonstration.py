"""The small demonstration for tests: installed once a process and kind of database, then copied into every other.

Installing writes half a year of records through the forms, which takes most of a second; a thousand tests want it.
Rows are copied as the database itself holds them: turning each value into Python and back took longer than all else.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.orm import Session

from curator_app.database import Base
from curator_app.demo.load import install
from curator_app.procedures.profiles_loader import released
from tests.support.days import demo_day

_rows: dict[tuple[str, str, tuple[str, ...]], dict[str, Any]] = {}
"""Every table's rows by the kind of database, the day from which its dates count, and the procedures it began under."""


def install_demonstration(session: Session) -> None:
    """Fill an empty database with the demonstration; the caller commits."""
    connection = session.connection()
    kind = connection.dialect.name
    take, put = COPIES[kind]
    key = (kind, demo_day().isoformat(), released())
    if key not in _rows:
        install(session, small=True)
        session.flush()
        found = {_columns(table): take(connection, table) for table in Base.metadata.sorted_tables}
        _rows[key] = {columns: rows for columns, rows in found.items() if rows}
        return
    for columns, rows in _rows[key].items():
        put(connection, columns, rows)


def _columns(table: Table) -> str:
    """Return the table with its columns as both databases write them."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    return f'"{table.name}" ({names})'


def _take_tuples(connection: Connection, table: Table) -> list[tuple[Any, ...]]:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    return [tuple(row) for row in connection.exec_driver_sql(f'SELECT {names} FROM "{table.name}"')]  # noqa: S608


def _put_tuples(connection: Connection, columns: str, rows: list[tuple[Any, ...]]) -> None:
    places = ", ".join("?" * len(rows[0]))
    connection.exec_driver_sql(f"INSERT INTO {columns} VALUES ({places})", rows)  # noqa: S608


def _take_text(connection: Connection, table: Table) -> bytes:
    with connection.connection.cursor() as cursor, cursor.copy(f"COPY {_columns(table)} TO STDOUT") as copy:  # type: ignore[attr-defined]
        return b"".join(bytes(block) for block in copy)


def _put_text(connection: Connection, columns: str, text: bytes) -> None:
    with connection.connection.cursor() as cursor, cursor.copy(f"COPY {columns} FROM STDIN") as copy:  # type: ignore[attr-defined]
        copy.write(text)


COPIES = {"sqlite": (_take_tuples, _put_tuples), "postgresql": (_take_text, _put_text)}
"""By database, what takes a table's rows out and what puts them into another database."""
