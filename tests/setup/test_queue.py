"""The embedded queue and the preloading worker, both real."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import redis
from rq import Queue
from rq.job import Job

from curator_app.valkey import EmbeddedValkey
from tests.support.server import LiveServer

PROBE = "tests.support.probe_jobs"


def finished(job: Job, seconds: float = 20) -> object:
    """Wait for a job and return its result."""
    deadline = time.monotonic() + seconds
    while not job.is_finished:
        assert not job.is_failed, job.latest_result()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return job.return_value()


def test_a_job_finds_the_application_and_its_database(live_server: LiveServer) -> None:
    with redis.Redis.from_url(live_server.valkey.url) as connection:
        job = Queue(connection=connection).enqueue(f"{PROBE}.count_people", result_ttl=60)

        assert finished(job) == 3


def test_a_job_that_asks_for_the_whole_machine_is_refused_and_the_next_one_runs(live_server: LiveServer) -> None:
    with redis.Redis.from_url(live_server.valkey.url) as connection:
        queue = Queue(connection=connection)
        greedy = queue.enqueue(f"{PROBE}.ask_for", 4 * 1024**3, result_ttl=60)
        modest = queue.enqueue(f"{PROBE}.ask_for", 300 * 1024**2, result_ttl=60)

        assert finished(greedy) == "refused"
        assert finished(modest) == str(300 * 1024**2)


def test_what_waits_survives_a_power_cut_of_the_queue(tmp_path: Path) -> None:
    folder = tmp_path / "kv"
    folder.mkdir()
    before, after = EmbeddedValkey(folder), EmbeddedValkey(folder)
    before.start()
    before.wait()
    with redis.Redis.from_url(before.url) as connection:
        Queue(connection=connection).enqueue(f"{PROBE}.count_people", job_id="waits")
        # The file is synced once a second.
        time.sleep(1.2)

    before.kill()
    after.start()
    after.wait()

    with redis.Redis.from_url(after.url) as connection:
        assert Queue(connection=connection).job_ids == ["waits"]
    after.stop()


def test_a_server_left_by_a_killed_launcher_is_replaced(valkey: EmbeddedValkey, tmp_path: Path) -> None:
    with redis.Redis.from_url(valkey.url) as connection:
        connection.set("kept", "1")

        successor = EmbeddedValkey(tmp_path / "valkey")
        successor.start()
        successor.wait()

    with redis.Redis.from_url(successor.url) as connection:
        assert connection.get("kept") == b"1"
    successor.stop()


def test_the_queue_listens_on_no_network(valkey: EmbeddedValkey) -> None:
    with redis.Redis.from_url(valkey.url) as connection:
        assert connection.config_get("port")["port"] == "0"
        assert connection.config_get("appendonly")["appendonly"] == "yes"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_killed_web_process_comes_back_on_the_same_data(make_live_server, kind: str) -> None:
    server = make_live_server(kind=kind)

    server.kill()
    assert not server.answers()
    server.start_web()

    assert server.answers()
