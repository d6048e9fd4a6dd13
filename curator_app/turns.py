"""SQLite has one writer at a time: writers queue here, first come first served, instead of polling for its lock.

SQLite's own waiting (busy_timeout) is a row of ever longer sleeps: under load the lock lies idle between them,
and who is unlucky every time gives up after seconds while later ones pass.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import deque
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

PATIENCE_SECONDS = 5.0
"""So long a writer waits in all; then it fails as it would on SQLite's own lock."""
POLL_SECONDS = 0.0005


class WriteTurn:
    """The turn to write to one SQLite file: a queue among this process's threads, a file lock among processes."""

    def __init__(self, file: Path | None) -> None:
        """Take the file to lock beside the database; None when no other process can have it open."""
        self._file = file
        self._handle = -1
        self._mutex = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def take(self, seconds: float = PATIENCE_SECONDS) -> bool:
        """Wait for the turn, at most `seconds`; False when it did not come."""
        deadline = time.monotonic() + seconds
        if not self._take_among_threads(seconds):
            return False
        try:
            got = self._take_among_processes(deadline)
        except BaseException:
            self._pass_on()
            raise
        if not got:
            self._pass_on()
        return got

    def give_back(self) -> None:
        """Let the next one write."""
        # Closing the file lets go of its lock; a process that dies lets go in the same way.
        handle, self._handle = self._handle, -1
        if handle != -1:
            os.close(handle)
        self._pass_on()

    def _take_among_threads(self, seconds: float) -> bool:
        with self._mutex:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._mutex:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        # It came in the last moment.
        return True

    def _pass_on(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    def _take_among_processes(self, deadline: float) -> bool:
        if self._file is None:
            return True
        # Opened anew each time: a descriptor that a fork inherited would share its lock with the parent.
        handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(handle)
                    return False
                time.sleep(POLL_SECONDS)
            except BaseException:
                os.close(handle)
                raise
            else:
                self._handle = handle
                return True


class TurnTakingConnection(sqlite.Connection):
    """A connection whose writing transactions wait for their turn and hold it until they ended."""

    _turn: WriteTurn | None = None

    def begin_writing(self, turn: WriteTurn) -> None:
        """Begin IMMEDIATE when it is our turn; raise sqlite.OperationalError when it does not come in time."""
        if not turn.take():
            message = "database is locked"
            raise sqlite.OperationalError(message)
        self._turn = turn
        try:
            self.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._end_turn()
            raise

    def commit(self) -> None:
        """Commit; the turn stays with a transaction that could not, until it is rolled back."""
        super().commit()
        self._end_turn()

    def rollback(self) -> None:
        """Roll back and give the turn back, whatever happens."""
        try:
            super().rollback()
        finally:
            self._end_turn()

    def close(self) -> None:
        """Close, which rolls back."""
        try:
            super().close()
        finally:
            self._end_turn()

    def __del__(self) -> None:
        """Give the turn back for whoever lost the connection without closing it."""
        self._end_turn()

    def _end_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.give_back()


def turn_of(database: str | None) -> WriteTurn:
    """Return the turn for a database file, in this process; its lock file lies beside it."""
    return WriteTurn(Path(f"{database}-turn") if database and database != ":memory:" else None)
