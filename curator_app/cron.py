"""The clock of an installation: `python -m curator_app.cron`. There is one; a second says so and ends."""

from __future__ import annotations

import fcntl
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import redis
from rq.cron import CronScheduler
from rq.exceptions import StopRequested

from curator_app.clock import now
from curator_app.config import Config

SILENT = timedelta(minutes=2)
"""It says each minute that it runs; one that said nothing for so long is gone."""
SCHEDULE = "curator_app.schedule"


class SecondClock(Exception):
    """Another clock runs for this installation; the message is a Russian sentence that says what to do."""


def main() -> int:
    """Ask for the jobs of the schedule until a signal; return 1 at once where another one does."""
    config = Config.from_environ()
    connection = redis.Redis.from_url(config.redis_url)
    try:
        with only_here(config.data_folder):
            refuse_second(connection)
            clock = CronScheduler(connection=connection, logging_level="WARNING")
            clock.load_config_from_file(SCHEDULE)
            try:
                clock.start()  # type: ignore[no-untyped-call]
            except StopRequested:
                # A signal that comes while it is saying that it runs: rq listens already, and does not catch yet.
                clock.register_death()
    except SecondClock as error:
        print(error, file=sys.stderr)  # noqa: T201 - whoever started it reads this
        return 1
    return 0


@contextmanager
def only_here(folder: Path) -> Iterator[None]:
    """Hold the place of the clock on this machine: it is free again when the process ends, however it ends."""
    with (folder / "cron.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"Часы этой установки уже идут (папка {folder}): вторые не нужны, этот запуск окончен."
            raise SecondClock(message) from error
        yield


def refuse_second(connection: redis.Redis) -> None:
    """Raise SecondClock while a clock on another machine works with the same queue."""
    for other in CronScheduler.all(connection):
        seen = other.last_heartbeat
        if other.hostname != socket.gethostname() and seen is not None and seen > now() - SILENT:
            message = (
                f"Часы этой установки уже идут на машине {other.hostname}: остановите их там или не запускайте здесь."
            )
            raise SecondClock(message)


if __name__ == "__main__":
    sys.exit(main())
