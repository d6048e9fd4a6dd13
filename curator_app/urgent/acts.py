"""What a phone says about an alarm or a check-in, as plain data between the form and the service."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One call that the author made: who answered, when (HH:MM as typed), what they said, and how it ended."""

    id: uuid.UUID
    who: str
    when: str
    said: str
    outcome: str


@dataclass(frozen=True, slots=True)
class AlarmAct:
    """One envelope about an alarm. Each carries all that is known, so that any of them makes the alarm."""

    id: uuid.UUID
    family_id: uuid.UUID | None
    act: str
    """raise | note | cancel."""
    step: uuid.UUID
    """Id of this act's own line."""
    at: datetime | None
    raised_at: datetime | None
    need: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    reason: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class CheckInAct:
    """One envelope about a check-in; each carries the whole of it."""

    id: uuid.UUID
    family_id: uuid.UUID | None
    act: str
    """open | extend | return."""
    at: datetime | None
    opened_at: datetime | None
    until_at: datetime
