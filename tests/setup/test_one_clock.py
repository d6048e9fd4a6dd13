"""An installation has one clock; a second one says so in a sentence and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import redis
from rq.cron import CronScheduler

from curator_app.clock import now
from curator_app.launch import child_environ, commands
from tests.support.databases import ROOT, config_for

SECONDS = 30


def start(config, *, said=False):
    """Start the clock as `make run` does."""
    environ = {**child_environ(config), "SECRET_KEY": config.secret_key, "DATABASE_URL": config.database_url}
    # Its words come by a pipe where somebody reads them, and go nowhere else.
    out = subprocess.PIPE if said else subprocess.DEVNULL
    return subprocess.Popen(commands()["cron"], cwd=ROOT, env=environ, stdout=out, stderr=out, text=True)


def until_it_ticks(connection, process):
    """Wait until it has said that it runs."""
    deadline = time.monotonic() + SECONDS
    while not CronScheduler.all(connection):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_second_clock_says_so_and_ends_and_after_a_kill_the_next_one_runs_at_once(valkey, tmp_path):
    config = config_for(tmp_path, REDIS_URL=valkey.url, DATABASE_URL=f"sqlite:///{tmp_path / 'none.sqlite'}")
    first = start(config)
    with redis.Redis.from_url(valkey.url) as connection:
        until_it_ticks(connection, first)
        second = start(config, said=True)
        _, said = second.communicate(timeout=SECONDS)
        assert (second.returncode, "Часы этой установки уже идут" in said) == (1, True)
        assert first.poll() is None

        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        connection.delete("rq:cron_schedulers", *connection.keys("rq:cron_scheduler:*"))
        third = start(config)
        until_it_ticks(connection, third)
        third.terminate()
        assert third.wait(SECONDS) == 0


def test_a_clock_on_another_machine_is_named(valkey, tmp_path):
    config = config_for(tmp_path, REDIS_URL=valkey.url, DATABASE_URL=f"sqlite:///{tmp_path / 'none.sqlite'}")
    with redis.Redis.from_url(valkey.url) as connection:
        elsewhere = CronScheduler(connection=connection, name="elsewhere")
        elsewhere.hostname, elsewhere.created_at = "server-2", now()
        elsewhere.register_birth()
        here = start(config, said=True)
        _, said = here.communicate(timeout=SECONDS)
    assert (here.returncode, "server-2" in said) == (1, True)
