"""Three phones, a server and a bad network: ten thousand random steps, and what they ended in (tests/model)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url

from bench.figures import Figure
from bench.stage import Stage
from tests.model.copies import Copies, PostgresCopies, SqliteCopies
from tests.model.run import run
from tests.model.world import made
from tests.support.server import LiveServer

RUNS = {"sqlite": 7, "postgresql": 3}
"""Runs of STEPS each: what a phone still holds grows with a run, and every look at it with that."""
STEPS = 1000


def measure(stage: Stage) -> Iterator[Figure]:
    """Run the model on both databases; a run whose sides do not agree is printed with its seed and counts as lost."""
    steps = 100 if stage.quick else STEPS
    done, failed, began = 0, 0, time.monotonic()
    for kind, times in RUNS.items():
        for _ in range(1 if stage.quick else times):
            seed = secrets.randbelow(10**9)
            try:
                done += sum(_run(stage, kind, seed, steps).values())
            except Exception as error:  # noqa: BLE001 - the other runs say as much as this one
                failed += 1
                print(f"  tests/model/seeds.txt wants: {seed} {steps}  # {kind}: {error}")
    yield Figure("random steps of three phones and a server", done, "")
    yield Figure("runs after which phones and server did not agree", failed, "", 0, 0)
    yield Figure("a random step of theirs", (time.monotonic() - began) * 1000 / max(done, 1), "ms")


def _run(stage: Stage, kind: str, seed: int, steps: int) -> dict[str, int]:
    with stage.installation(kind) as server:
        folder = stage.new_folder()
        with made(folder, server, _copies(stage, kind, server, folder)) as world:
            return run(world, seed, steps)


def _copies(stage: Stage, kind: str, server: LiveServer, folder: Path) -> Copies:
    photos = server.folder / "photos"
    if kind == "sqlite":
        return SqliteCopies(folder, photos, server.folder / "curator.sqlite")
    return PostgresCopies(folder, photos, stage.cluster, make_url(server.database_url).database or "")
