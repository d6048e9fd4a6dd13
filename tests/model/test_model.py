"""Three phones under random faults: nothing lost, nothing doubled, everything refused seen by who must see it.

Here the seeds that once failed are run again, one of them over 500 steps; `python -m bench --only model` draws new ones
by the thousand. A seed that fails there goes into seeds.txt with its steps and a word of what it found.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.model.copies import SqliteCopies
from tests.model.run import run
from tests.model.world import made

LINES = Path(__file__).with_name("seeds.txt").read_text(encoding="utf-8").splitlines()
KEPT = [tuple(int(word) for word in line.split("#")[0].split()) for line in LINES if line.split("#")[0].strip()]


@pytest.mark.parametrize(("seed", "steps"), KEPT)
def test_phones_and_server_agree_after_everything_that_may_go_wrong(make_live_server, tmp_path, seed, steps):
    server = make_live_server()
    copies = SqliteCopies(tmp_path, server.folder / "photos", server.folder / "curator.sqlite")
    with made(tmp_path, server, copies) as world:
        try:
            happened = run(world, seed, steps)
        except Exception as error:
            raise AssertionError(f"{seed} {steps}  # {error}") from error
    assert sum(happened.values()) == steps
