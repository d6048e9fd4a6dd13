"""Two who do the same at the same time, on PostgreSQL: both stand before the row before either may go on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import Flask
from sqlalchemy import Select, text

from curator_app.extensions import db

T = TypeVar("T")
WAITING = text("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
SECONDS = 60


def at_once(app: Flask, row: Select[object], acts: Sequence[Callable[[], T]]) -> list[T]:
    """Hold a row until all of the acts wait for a lock, let go, and return what came of each."""
    answers: list[T] = []
    threads = [threading.Thread(target=lambda act=act: answers.append(act())) for act in acts]
    with app.app_context():
        db.session.execute(row.with_for_update())
        for thread in threads:
            thread.start()
        _until_all_wait(len(acts))
        db.session.rollback()
    for thread in threads:
        thread.join()
    return answers


def _until_all_wait(wanted: int) -> None:
    until = time.monotonic() + SECONDS
    with db.engine.connect() as other:
        while other.scalar(WAITING) < wanted:
            other.rollback()
            assert time.monotonic() < until, "they do not wait for the row that was held"
            time.sleep(0.01)
