"""`python -m curator_app.launch`: starts everything, stops everything, and says in one sentence what is in the way."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from curator_app.demo.load import INVITED
from curator_app.extensions import db
from tests.support.databases import ROOT, Databases, config_for, lend_app
from tests.support.demonstration import install_demonstration
from tests.support.server import free_port

START_SECONDS = 90
GREETED = "adb reverse"

Launch = Callable[..., "Launched"]


class Launched:
    """A launcher with its own data folder and port, and everything it has said so far."""

    def __init__(self, folder: Path, log: Path, port: int, **environ: str) -> None:
        self.port = port
        self.log = log
        env = {**os.environ, "CURATOR_DATA": str(folder), "PORT": str(port), **environ}
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "curator_app.launch"], cwd=ROOT, env=env, stdout=output, stderr=output
            )

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_until_it_greets(self) -> str:
        deadline = time.monotonic() + START_SECONDS
        while GREETED not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)
        return self.said

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    """Start launchers; what a failed test leaves behind is stopped."""
    started: list[Launched] = []

    def start(folder: Path | None = None, port: int | None = None, **environ: str) -> Launched:
        log = tmp_path / f"log-{len(started)}"
        started.append(Launched(folder or tmp_path / "data", log, port or free_port(), **environ))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end()


def status_of(port: int, path: str) -> int:
    with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=10) as answer:
        return int(answer.status)


@pytest.fixture(scope="module")
def begun(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as a first start leaves it: making it takes longer than all that comes after."""
    folder = tmp_path_factory.mktemp("begun")
    with (
        databases.fresh("sqlite", folder) as url,
        lend_app(config_for(folder, DATABASE_URL=url)) as app,
        app.app_context(),
    ):
        install_demonstration(db.session())
        db.session.commit()
    return folder / "curator.sqlite"


@pytest.fixture
def folder(begun: Path, tmp_path: Path) -> Path:
    """A data folder of a second start."""
    made = tmp_path / "data"
    made.mkdir(mode=0o700)
    shutil.copyfile(begun, made / begun.name)
    return made


def stops(launched: Launched, number: int) -> None:
    """Send the signal: everything that was started ends, and leaves nothing behind."""
    children = psutil.Process(launched.process.pid).children(recursive=True)
    commands = " ".join(" ".join(child.cmdline()) for child in children)
    for part in ("gunicorn", "curator_app.worker", "curator_app.cron", "valkey-server"):
        assert part in commands

    assert launched.end(number) == 0
    assert "Traceback" not in launched.said
    assert not psutil.wait_procs(children, timeout=5)[1]


def test_it_starts_everything_and_a_signal_stops_everything(launch: Launch, tmp_path: Path) -> None:
    launched = launch()
    said = launched.wait_until_it_greets()

    assert len(re.findall(rf"http://localhost:{launched.port}/enrol#\S{{20,}}", said)) == len(INVITED)
    assert f"adb reverse tcp:{launched.port} tcp:{launched.port}" in said
    assert status_of(launched.port, "/session") == 200
    stops(launched, signal.SIGINT)
    assert not (tmp_path / "data" / "kv.sock").exists()


def test_a_terminal_that_is_closed_stops_everything_too(launch: Launch, folder: Path) -> None:
    launched = launch(folder)
    launched.wait_until_it_greets()

    stops(launched, signal.SIGHUP)


def test_the_second_start_keeps_the_data_and_invents_nothing(launch: Launch, tmp_path: Path) -> None:
    # Too deep for a unix socket, which then lies elsewhere.
    folder = tmp_path / ("папка" * 12) / ("x" * 60)
    first = launch(folder)
    first.wait_until_it_greets()
    assert first.end(signal.SIGTERM) == 0

    second = launch(folder)

    assert "/enrol#" not in second.wait_until_it_greets()
    assert second.end(signal.SIGTERM) == 0
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600


def one_sentence(launched: Launched) -> str:
    """Wait for the end; return the only line it said, having checked that it is one."""
    assert launched.process.wait(START_SECONDS) == 1
    said = launched.said.strip()
    assert len(said.splitlines()) == 1, said
    return said


def test_a_port_in_use_is_said_in_one_sentence(launch: Launch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert f"Порт {port} занят" in one_sentence(launch(port=port))


def test_a_data_folder_in_use_is_said_in_one_sentence(launch: Launch, folder: Path) -> None:
    first = launch(folder)
    first.wait_until_it_greets()

    assert "занята другим запуском" in one_sentence(launch(folder))
    assert first.end() == 0


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"PHOTO_STORE_URL": "s3://photos"}, "S3_ACCESS_KEY"),
        ({"PHOTO_STORE_URL": "ftp://photos"}, "PHOTO_STORE_URL"),
        ({"PUBLIC_URL": "http://192.168.1.5:8000"}, "PUBLIC_URL"),
        ({"DATABASE_URL": "mysql://db/kurator"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "DATABASE_URL"),
        ({"REDIS_URL": "unix:///nowhere/kv.sock"}, "REDIS_URL"),
        ({"REDIS_URL": "nonsense"}, "REDIS_URL"),
        ({"WEB_THREADS": "many"}, "WEB_THREADS"),
        ({"WEB_PROCESSES": "0"}, "WEB_PROCESSES"),
    ],
    ids=lambda value: " ".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else "",
)
def test_half_made_settings_are_said_in_one_sentence(launch: Launch, environ: dict[str, str], sentence: str) -> None:
    assert sentence in one_sentence(launch(**environ))


def test_a_part_that_dies_stops_the_rest_and_says_so(launch: Launch, folder: Path) -> None:
    launched = launch(folder)
    launched.wait_until_it_greets()
    children = psutil.Process(launched.process.pid).children(recursive=True)
    cron = next(child for child in children if "curator_app.cron" in " ".join(child.cmdline()))

    cron.kill()

    assert launched.process.wait(20) == 1
    assert "остановилась сама" in launched.said
    assert not psutil.wait_procs(children, timeout=5)[1]
