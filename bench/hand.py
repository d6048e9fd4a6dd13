"""What an ordinary visit asks of a hand: taps, characters, swipes, and how long a hand takes for them."""

from __future__ import annotations

import time
from collections.abc import Iterator

from bench.figures import Figure
from bench.phone import chromium, enrolled
from bench.stage import Stage
from tests.support import ordinary, walk

MOST_TAPS, MOST_SECONDS = 40, 180


def measure(stage: Stage) -> Iterator[Figure]:
    """Walk the visit of tests/support/ordinary.py through the real pages."""
    with stage.installation() as server, chromium() as browser:
        ordinary.promise_something(server)
        phone = enrolled(browser, server)
        walk.open_family(phone, ordinary.FAMILY)
        began = time.monotonic()
        tally = ordinary.ordinary_visit(phone).tally
        took = time.monotonic() - began
        yield Figure("an ordinary visit: taps", tally.taps, "", None, MOST_TAPS)
        yield Figure("an ordinary visit: characters typed", tally.characters, "")
        yield Figure("an ordinary visit: screens swiped", tally.swipes, "")
        yield Figure("an ordinary visit: a hand's time", tally.seconds, "s", None, MOST_SECONDS)
        yield Figure("an ordinary visit: the script's time, pages and all", took, "s")
