"""Envelopes and photos a second beside a Flask floor, on both databases.

A visit counts when it was received, opened, checked, applied and audited; the floor only inserts what
comes and answers (bench/floor.py). Both take the same bytes from the same eight connections in turns.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from sqlalchemy import func, select

from bench.figures import Figure, median
from bench.load import run
from bench.pictures import jpeg
from bench.senders import Sender
from bench.stage import ROOT, Stage, free_port
from curator_app.extensions import db
from curator_app.sync.models import APPLIED, Envelope
from curator_app.visits.models import Photo
from curator_app.visits.photos import make_photo
from tests.support.server import LiveServer

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
RATIO = 0.5
WORKER_SECONDS = 180


def measure(stage: Stage) -> Iterator[Figure]:
    """Load an installation and the floor on each database in turns."""
    for kind, name in NAMES.items():
        with stage.installation(kind) as server, floor(stage, kind) as floor_port:
            yield from _texts(stage, server, floor_port, name)
            yield from _photos(stage, server, floor_port, name)


def _texts(stage: Stage, server: LiveServer, floor_port: int, name: str) -> Iterator[Figure]:
    sender = Sender(server)
    rounds, count = (1, 150) if stage.quick else (5, 300)
    file = stage.new_folder() / "requests"
    run(server.port, sender.visits(40), file)  # the first requests import, compile and connect
    run(floor_port, sender.visits(40), file)
    ours, floors, waits, refused = [], [], [], 0
    for _ in range(rounds):
        requests, known = sender.visits(count), _applied(server)
        outcome, bare = run(server.port, requests, file), run(floor_port, requests, file)
        # Only what was applied at once counts: the sweep's later work would not be in the time.
        share = (_applied(server) - known) / (count - outcome.refused)
        ours.append(outcome.per_second * share)
        floors.append(bare.per_second)
        waits.append(outcome.p95_ms)
        refused += outcome.refused + round(count * (1 - share))
    yield Figure(f"visits a second, {name}", median(ours), "1/s", median(floors), better="high")
    ratio = median(one / bare for one, bare in zip(ours, floors, strict=True))
    yield Figure(f"visits a second over the Flask floor's, {name}", ratio, "x", 1, RATIO, "high")
    yield Figure(f"a visit's answer, p95 of 8 connections, {name}", median(waits), "ms")
    yield Figure(f"visits not taken or not applied at once, {name}", refused / rounds / count * 100, "%", 0, 0)


def _photos(stage: Stage, server: LiveServer, floor_port: int, name: str) -> Iterator[Figure]:
    sender = Sender(server)
    count = 30 if stage.quick else 150
    texts, pictures = sender.visits_with_photos(count)
    file = stage.new_folder() / "requests"
    run(server.port, texts, file)
    began = time.perf_counter()
    outcome = run(server.port, pictures, file)
    took = _until_ready(server, sender, count - outcome.refused, began)
    bare = run(floor_port, pictures, file)
    yield Figure(f"photos a second received, {name}", outcome.per_second, "1/s", bare.per_second, better="high")
    yield Figure(
        f"photos a second received and made, {name}",
        (count - outcome.refused) / took,
        "1/s",
        _pillow_alone(),
        better="high",
    )


def _until_ready(server: LiveServer, sender: Sender, count: int, began: float) -> float:
    """Wait until the worker made all photos; return the seconds since `began`."""
    ready = (
        select(func.count())
        .select_from(Photo)
        .join(Photo.visit)
        .where(Photo.state == "ready", Photo.visit.has(enrolment_id=sender.enrolment_id))
    )
    with server.app() as app, app.app_context():
        while time.perf_counter() - began < WORKER_SECONDS:
            if db.session.scalar(ready) == count:
                return time.perf_counter() - began
            db.session.rollback()  # a new snapshot
            time.sleep(0.05)
        message = f"{db.session.scalar(ready)} of {count} photos were made in {WORKER_SECONDS} s"
    raise RuntimeError(message)


def _pillow_alone() -> float:
    """Return how many photos a second one core makes with nothing around it."""
    pictures = [jpeg(seed) for seed in range(5)]
    began = time.perf_counter()
    for picture in pictures:
        make_photo(picture)
    return len(pictures) / (time.perf_counter() - began)


def _applied(server: LiveServer) -> int:
    """Return how many visits were applied so far."""
    with server.app() as app, app.app_context():
        wanted = select(func.count()).select_from(Envelope).where(Envelope.state == APPLIED, Envelope.kind == "visit")
        return int(db.session.scalar(wanted) or 0)


@contextmanager
def floor(stage: Stage, kind: str) -> Iterator[int]:
    """Lend the running Flask floor's port."""
    port, folder = free_port(), stage.new_folder()
    bind = ["-b", f"127.0.0.1:{port}", "-w", "2", "--threads", "4", "-k", "gthread", "--log-level", "warning"]
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", *bind, "bench.floor:app"]
    with stage.database(kind) as url, (folder / "floor.log").open("wb") as log:
        environ = {**os.environ, "FLOOR_DATABASE": url, "FLOOR_FOLDER": str(folder)}
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
        try:
            _wait(port, process, folder / "floor.log")
            yield port
        finally:
            process.terminate()
            process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/session")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.05)
        finally:
            connection.close()
    raise RuntimeError(log.read_text(encoding="utf-8")[-2000:])
