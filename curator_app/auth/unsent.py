"""When the owner of a phone is reminded of what waits on it: reckoned from what the phone last said of itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from curator_app.auth.models import Enrolment

DAYS = (3, 5)
"""After so many days: some browsers forget a site's storage on the seventh."""


def sealed_unsent(phone: Enrolment) -> int:
    """Return how many finished records only wait for a network."""
    counts = phone.phone_state.get("counts")
    drafts = counts.get("drafts", 0) if isinstance(counts, dict) else 0
    return max(0, phone.unsent - drafts) if isinstance(drafts, int) else phone.unsent


def days_passed(phone: Enrolment, at: datetime) -> int | None:
    """Return the last of DAYS that has passed with something unsent; None before the first."""
    oldest = _oldest(phone)
    return max((days for days in DAYS if oldest + timedelta(days=days) <= at), default=None) if oldest else None


def next_look(phone: Enrolment, at: datetime) -> datetime | None:
    """Return the next of these moments."""
    oldest = _oldest(phone)
    moments = [oldest + timedelta(days=days) for days in DAYS] if oldest else []
    return min((moment for moment in moments if moment > at), default=None)


def _oldest(phone: Enrolment) -> datetime | None:
    return phone.oldest_unsent_at if sealed_unsent(phone) else None
