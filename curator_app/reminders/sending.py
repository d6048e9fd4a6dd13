"""What became of sending a message: the words that every channel answers in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from curator_app.reminders.models import Parcel

LATER = "later"


@dataclass(frozen=True, slots=True)
class Outcome:
    """sent | nothing (all was read or done before) | gone (no such address) | later, after a pause (None: ours)."""

    name: str
    pause: timedelta | None = None


SENT = Outcome("sent")
NOTHING = Outcome("nothing")
GONE = Outcome("gone")
Send = Callable[[Session, Parcel, datetime], Outcome]
