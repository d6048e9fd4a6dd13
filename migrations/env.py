"""Run migrations on SQLite and PostgreSQL alike: one tree for both."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection

import curator_app.models  # noqa: F401 - registers every table
from curator_app.database import UTC

db = current_app.extensions["migrate"].db


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column type as a plain one: a migration must not depend on today's application."""
    if kind == "type" and isinstance(item, UTC):
        autogen.imports.add("import sqlalchemy as sa")
        return "sa.DateTime(timezone=True)"
    return False


def compare_type(_context: Any, _inspected: Any, _column: Any, _inspected_type: Any, column_type: Any) -> bool | None:
    """Treat our UTC type as the DateTime it is stored as."""
    return False if isinstance(column_type, UTC) else None


def run(connection: Connection) -> None:
    """Migrate over one connection."""
    context.configure(
        connection=connection,
        target_metadata=db.metadatas[None],
        render_as_batch=True,
        render_item=render_item,
        compare_type=compare_type,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def online() -> None:
    """Open a connection and migrate.

    SQLite rebuilds a table by dropping it, and with foreign keys on that deletes the rows of every
    ON DELETE CASCADE child: they are off while it happens and checked afterwards.
    """
    engine = db.engine
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            driver = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys=OFF")
        run(connection)
        if sqlite:
            broken = driver.execute("PRAGMA foreign_key_check").fetchall()
            driver.execute("PRAGMA foreign_keys=ON")
            if broken:
                message = f"rows without their parents after the migration: {len(broken)}"
                raise RuntimeError(message)


online()
