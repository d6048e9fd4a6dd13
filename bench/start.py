"""How long `make run` takes to a served page, the second time."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bench.figures import Figure, median
from bench.stage import ROOT, Stage, free_port

FIRST_SECONDS = 600
STOP_SECONDS = 30
PAGE = "/sign-in"


def measure(stage: Stage) -> Iterator[Figure]:
    """Start an installation in a fresh data folder, stop it, and time the starts after that."""
    folder = stage.new_folder()
    yield Figure("first start on an empty data folder (packages there)", start_once(folder), "s")
    starts = [start_once(folder) for _ in range(1 if stage.quick else 3)]
    yield Figure("second start of `make run` to a served page", median(starts), "s", budget=5)


def start_once(data: Path) -> float:
    """Run `make run` over a data folder until it serves a page, then Ctrl-C; return the seconds to that page."""
    port = free_port()
    environ = {**os.environ, "CURATOR_DATA": str(data), "PORT": str(port)}
    with (data / "make-run.log").open("ab") as log:
        began = time.monotonic()
        process = subprocess.Popen(
            ["make", "run"],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            while not _serves(port):
                if process.poll() is not None or time.monotonic() - began > FIRST_SECONDS:
                    raise RuntimeError((data / "make-run.log").read_text(encoding="utf-8")[-3000:])
                time.sleep(0.01)
            return time.monotonic() - began
        finally:
            _stop(process)


def _serves(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", PAGE)
        answer = connection.getresponse()
        return answer.status == 200 and b"</html>" in answer.read()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End it as Ctrl-C at a terminal does: the signal reaches the whole group."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
