"""The application by the clock of a story: which file holds the hour, the environment says."""

from __future__ import annotations

import os
from pathlib import Path

from curator_app.application import create_app
from tests.support.moved_clock import MovedClock

CLOCK = "STORY_CLOCK"

MovedClock(Path(os.environ[CLOCK])).begin()
application = create_app()
