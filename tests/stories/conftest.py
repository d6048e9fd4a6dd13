"""A district of its own for each story, whose clock the story moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from curator_app.extensions import db
from tests.support.moved_clock import MovedClock
from tests.support.story import ClientDesk
from tests.support.story_world import settle_world


@pytest.fixture
def clock(tmp_path: Path) -> Iterator[MovedClock]:
    """The clock of this process's application, in the hands of the story."""
    moved = MovedClock(tmp_path / "clock")
    moved.move(date(2026, 1, 12), "UTC")
    with moved.in_force():
        yield moved


@pytest.fixture
def settle(app: Flask, clock: MovedClock) -> Callable[..., ClientDesk]:
    """Return a desk in a district with this procedure and zone; a second one has a name of its own."""

    def made(procedure: str, zone: str, *name: str) -> ClientDesk:
        with app.app_context():
            world = settle_world(db.session(), procedure, zone, *name)
            db.session.commit()
        return ClientDesk(app, clock, world)

    return made
