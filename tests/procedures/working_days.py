"""A small production calendar for the engine's tests: the country's days off as the library knows them."""

from __future__ import annotations

from datetime import date

import holidays

RUSSIA = holidays.RU(years=range(2024, 2030))


class Country:
    """Days off and moved days of Russia; from `unsettled` on the years are not settled yet."""

    def __init__(self, unsettled: int = 2100) -> None:
        self.unsettled = unsettled

    def is_working(self, day: date) -> bool:
        return RUSSIA.is_working_day(day)

    def is_provisional(self, year: int) -> bool:
        return year >= self.unsettled

    def why(self, day: date) -> str:
        if self.is_working(day):
            return ""
        return "праздник" if day in RUSSIA else "выходной"
