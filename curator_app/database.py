"""What every table has in common, and how SQLite is told to behave like a database of record."""

from __future__ import annotations

import json
import uuid
from datetime import UTC as UTC_ZONE
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from flask import has_request_context, request
from sqlalchemy import JSON, DateTime, Engine, MetaData, String, Table, Uuid, bindparam, event, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry
from sqlalchemy.types import TypeDecorator
from uuid_utils.compat import uuid7 as _uuid7

from curator_app.clock import now
from curator_app.turns import TurnTakingConnection, turn_of

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


BYTEWISE = String().with_variant(String(collation="C"), "postgresql")
"""Text that is compared byte by byte, as SQLite does anyway: ranges and orders mean the same on every database."""


class UTC(TypeDecorator[datetime]):
    """An instant. Refuses naive values; always comes back aware, in UTC (SQLite drops the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Take an aware datetime to UTC; raise ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "an instant needs a time zone"
            raise ValueError(message)
        return value.astimezone(UTC_ZONE)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC_ZONE) if value.tzinfo is None else value.astimezone(UTC_ZONE)


def uuid7() -> uuid.UUID:
    """Return a time-ordered UUID (RFC 9562, version 7)."""
    return _uuid7()


class Base(DeclarativeBase):
    """A table: a UUIDv7 key, and when the row was made."""

    # Flask-SQLAlchemy subclasses this class; a type map set on the class itself is refused there.
    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UTC(),
            uuid.UUID: Uuid(),
            dict[str, Any]: JSON(),
            list[Any]: JSON(),
        },
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    created_at: Mapped[datetime] = mapped_column(default=now)


def dumps(value: object) -> str:
    """Write JSON with Cyrillic left readable: SQLite's JSON paths fail on escaped keys."""
    return json.dumps(value, ensure_ascii=False)


def claim(session: Session, model: type[Base], key: uuid.UUID, *, when: dict[str, Any], then: dict[str, Any]) -> bool:
    """Set `then` on the row `key` if it still looks like `when`; True for exactly one caller."""
    condition = [getattr(model, column) == value for column, value in when.items()]
    done = session.execute(update(model).where(model.id == key, *condition).values(**then))
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def next_value(session: Session, model: type[Base], column: str, **key: object) -> int:
    """Add one to a counter row (made on first use, found by its unique `key`) and return the new value.

    The row stays locked until the transaction ends, so values are handed out in the order of commits.
    """
    statement = _counting(model, column, tuple(key), session.get_bind().dialect.name)
    return int(session.execute(statement, {"id": uuid7(), "created_at": now(), **key, column: 1}).scalar_one())


def insert_once(session: Session, model: type[Base], **values: object) -> bool:
    """Insert a row under an id that came with it, unless it is there; True for exactly one caller.

    A concurrent caller waits for the first one's commit and then finds the row.
    """
    return insert_unique(session, model, ("id",), **values)


def insert_unique(session: Session, model: type[Base], unique: tuple[str, ...], /, **values: object) -> bool:
    """Insert a row unless there is one that is the same by a `unique` constraint; True for exactly one caller."""
    session.flush()
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(model).values(**values).on_conflict_do_nothing(index_elements=list(unique)).returning(model.id)
    return session.execute(statement).first() is not None


@lru_cache
def _counting(model: type[Base], column: str, key: tuple[str, ...], dialect: str) -> Any:
    # Made once: SQLAlchemy takes longer to build this than the database to run it.
    table = cast("Table", model.__table__)
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(table).values({name: bindparam(name) for name in ("id", "created_at", *key, column)})
    counter = table.c[column]
    return statement.on_conflict_do_update(index_elements=list(key), set_={column: counter + 1}).returning(counter)


def is_reading() -> bool:
    """Tell whether this thread serves a GET or HEAD, which must not write in its own transaction."""
    return has_request_context() and request.method in {"GET", "HEAD", "OPTIONS"}


def begin_reading(session: Session) -> None:
    """Begin the session's next transaction as a reader, although the request may write later.

    On SQLite a writing request begins IMMEDIATE: every upload would queue for the write lock just to be
    recognised, and every search for its turn.
    """
    if not session.in_transaction():
        session.connection(execution_options={"immediate": False})


def set_up_sqlite(engine: Engine) -> None:
    """Make SQLite durable (FULL) and honest about concurrency.

    Python's driver begins transactions late and as readers, which loses updates without an error
    (two read-modify-writes, one result). Here a writing request begins IMMEDIATE, when it is its turn
    (turns.py), a GET begins plainly. The engine's connections are TurnTakingConnections.
    """
    turn = turn_of(engine.url.database)

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        connection.create_function("lower", 1, lambda s: s.lower() if isinstance(s, str) else s, deterministic=True)

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate", not is_reading())
        if not immediate:
            connection.exec_driver_sql("BEGIN")
            return
        driver = connection.connection.driver_connection
        if not isinstance(driver, TurnTakingConnection):
            message = "the engine was not made with connect_args factory=TurnTakingConnection"
            raise TypeError(message)
        try:
            driver.begin_writing(turn)
        except driver.OperationalError as error:
            # Outside a statement SQLAlchemy does not wrap the driver's errors.
            raise OperationalError("BEGIN IMMEDIATE", None, error) from error
