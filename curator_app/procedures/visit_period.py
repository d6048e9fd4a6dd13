"""The latest day of the next visit, where the procedure names a period: a ceiling, not an aim."""

from __future__ import annotations

import calendar
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("visit_periods.toml")
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The last day on which the next visit still keeps the period, and the document's own words for it."""

    on: date
    quote: str


def latest_next_visit(procedure: str, last_on: date) -> Ceiling | None:
    """Return the ceiling after a visit on `last_on`; None where the document names no period.

    `procedure` is a profile, with or without its version: krasnoyarsk_2011@1. A month ends on the day of the same
    number, or on the last day of a shorter month (ГК РФ, ст. 192, п. 3).
    """
    period = _periods().get(procedure.partition("@")[0])
    if period is None:
        return None
    return Ceiling(_months_after(last_on, int(period["months"])), str(period["quote"]))


@lru_cache
def _periods() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
