"""The small demonstration for tests: installed once a process, then its rows are put into every other database.

Installing writes half a year of records through the forms, which takes most of a second; a thousand tests want it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from curator_app.database import Base
from curator_app.demo.load import install
from tests.support.days import demo_day

_rows: dict[str, list[tuple[Table, list[dict[str, Any]]]]] = {}
"""Every table's rows by the day they were made: the demonstration's dates are counted from it."""


def install_demonstration(session: Session) -> None:
    """Fill an empty database with the demonstration; the caller commits."""
    day = demo_day().isoformat()
    if day not in _rows:
        install(session, small=True)
        session.flush()
        tables = Base.metadata.sorted_tables
        found = [(table, [dict(row) for row in session.execute(select(table)).mappings()]) for table in tables]
        _rows[day] = [(table, rows) for table, rows in found if rows]
        return
    for table, rows in _rows[day]:
        session.execute(insert(table), rows)
