"""A clock that stands where a story stands: the application asks one place what time it is, and that one is moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, tzinfo
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from curator_app import clock

HOUR = time(12, 0)


class MovedClock:
    """The instant that a file holds, for every process that reads the file."""

    def __init__(self, path: Path) -> None:
        """Read from `path`; `move` writes it first."""
        self.path = path

    def move(self, on: date, zone: str, at: time = HOUR) -> None:
        """Let it be that hour of that day in the zone."""
        self.path.write_text(datetime.combine(on, at, ZoneInfo(zone)).isoformat(), encoding="ascii")

    def now(self) -> datetime:
        """Return the instant."""
        return datetime.fromisoformat(self.path.read_text(encoding="ascii"))

    def begin(self) -> None:
        """Let the application of this process go by it from here on."""
        told = self

        class Moved(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                return told.now().astimezone(tz)  # type: ignore[return-value]

        clock.datetime = Moved  # type: ignore[misc]

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Let the application of this process go by it for a while."""
        real = clock.datetime
        self.begin()
        try:
            yield
        finally:
            clock.datetime = real  # type: ignore[misc]
