"""Three phones under random faults: nothing lost, nothing doubled, everything refused seen by who must see it.

Each run draws a seed of its own beside the kept ones. A seed that fails is named in the failure: it goes into seeds.txt
with its steps and a word of what it found, and is a test from then on.
"""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from tests.model.copies import SqliteCopies
from tests.model.run import run
from tests.model.world import made

STEPS = 500
LINES = Path(__file__).with_name("seeds.txt").read_text(encoding="utf-8").splitlines()
KEPT = [tuple(int(word) for word in line.split("#")[0].split()) for line in LINES if line.split("#")[0].strip()]
RUNS = [*KEPT, (secrets.randbelow(10**9), STEPS)]


@pytest.mark.parametrize(("seed", "steps"), RUNS, ids=[*(f"seed {seed}" for seed, _ in KEPT), "drawn"])
def test_phones_and_server_agree_after_everything_that_may_go_wrong(make_live_server, tmp_path, seed, steps):
    server = make_live_server()
    copies = SqliteCopies(tmp_path, server.folder / "photos", server.folder / "curator.sqlite")
    with made(tmp_path, server, copies) as world:
        try:
            happened = run(world, seed, steps)
        except Exception as error:
            raise AssertionError(f"{seed} {steps}  # {error}") from error
    assert sum(happened.values()) == steps
