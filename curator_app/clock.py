"""The one place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """Return the calendar date in `zone` (an IANA name such as Asia/Novosibirsk)."""
    return now().astimezone(ZoneInfo(zone)).date()
