"""Writers of one SQLite file take turns: all arrive, none fails, and a turn that is held too long ends in 503."""

from __future__ import annotations

import threading
from multiprocessing import get_context
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from curator_app.extensions import db
from curator_app.turns import WriteTurn

THREADS, TIMES = 8, 25

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def counter(app: Flask) -> Flask:
    """An app whose database has a row to count in."""
    with app.app_context():
        db.session.execute(text("CREATE TABLE counted (n INTEGER)"))
        db.session.execute(text("INSERT INTO counted VALUES (0)"))
        db.session.commit()
    return app


@on_sqlite
def test_every_increment_of_every_thread_arrives(counter: Flask) -> None:
    failures: list[Exception] = []

    def count() -> None:
        for _ in range(TIMES):
            try:
                with counter.app_context():
                    increment()
            except Exception as error:  # noqa: BLE001 - a thread's failure is the test's
                failures.append(error)

    threads = [threading.Thread(target=count) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert not failures
    assert counted(counter) == THREADS * TIMES


def increment() -> None:
    """Read, then write: what loses updates when two begin as readers."""
    n = db.session.execute(text("SELECT n FROM counted")).scalar_one()
    db.session.execute(text("UPDATE counted SET n = :n"), {"n": n + 1})
    db.session.commit()


def counted(app: Flask) -> int:
    """Return what was counted."""
    with app.app_context():
        return int(db.session.execute(text("SELECT n FROM counted")).scalar_one())


@on_sqlite
@pytest.mark.parametrize("end", ["commit", "rollback", "remove", "fail", "invalidate"])
def test_the_turn_is_given_back_however_a_transaction_ends(counter: Flask, end: str) -> None:
    with counter.app_context():
        db.session.execute(text("UPDATE counted SET n = 5"))
        if end == "fail":
            with pytest.raises(OperationalError):
                db.session.execute(text("SELECT nothing FROM nowhere"))
            db.session.remove()
        else:
            getattr(db.session if end == "remove" else db.session(), end)()
    others: list[int] = []

    def other() -> None:
        with counter.app_context():
            increment()
            others.append(1)

    thread = threading.Thread(target=other)
    thread.start()
    thread.join(2)

    assert others == [1]


@on_sqlite
def test_a_turn_that_does_not_come_is_503_and_the_next_request_passes(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WriteTurn.take, "__defaults__", (0.2,))
    file = Path(app.config["CURATOR"].data_folder) / "curator.sqlite-turn"
    holder = WriteTurn(file)

    assert holder.take()
    refused = app.test_client().post("/sign-in/start", json={}, base_url="https://localhost")
    holder.give_back()
    passed = app.test_client().post("/sign-in/start", json={}, base_url="https://localhost")

    assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
    assert passed.status_code == 200


def test_a_turn_is_kept_from_another_process_and_freed_by_its_death(tmp_path: Path) -> None:
    file = tmp_path / "turn"
    context = get_context("spawn")
    ready = context.Event()
    holder = context.Process(target=hold, args=(str(file), ready))
    holder.start()
    assert ready.wait(30)

    refused = WriteTurn(file).take(0.2)
    holder.kill()
    holder.join()

    assert not refused
    assert WriteTurn(file).take(5)


def hold(file: str, ready: threading.Event) -> None:
    """Take the turn and never give it back."""
    WriteTurn(Path(file)).take()
    ready.set()
    threading.Event().wait()


def test_turns_come_in_the_order_of_asking(tmp_path: Path) -> None:
    turn = WriteTurn(tmp_path / "turn")
    turn.take()
    order: list[int] = []

    def write(number: int) -> None:
        assert turn.take()
        order.append(number)
        turn.give_back()

    threads = []
    for number in range(6):
        threads.append(threading.Thread(target=write, args=(number,)))
        threads[-1].start()
        # It must wait before the next one asks.
        while len(turn._waiting) <= number:
            pass
    turn.give_back()
    for thread in threads:
        thread.join(5)

    assert order == list(range(6))
