"""Which days are working days, and why: the country's production calendar, regional layers, days put right by hand.

Pure: what was put right comes as data. The later layer wins over the earlier one, and a day put right wins over all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version

import holidays
from pydantic import BaseModel, ConfigDict, Field

from curator_app.procedures.profile_definition import Name, Words
from curator_app.procedures.regions import files
from curator_app.procedures.toml_files import FileError, read_model

WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
SATURDAY = 5
OFF = "нерабочий день"
ORDINARY = frozenset({"", "суббота", "воскресенье"})
"""What a day is called that is nothing but a day of its week."""
COUNTRY = "ru"
"""The layer on which all others lie."""


class Part(BaseModel):
    """Whatever stands in a layer's file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Day(Part):
    """One day of one year."""

    on: date
    working: bool
    reason: Words
    source: str = ""


class Yearly(Part):
    """A day off of every year."""

    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)
    reason: Words


class Layer(Part):
    """A layer of the calendar: the country's, or what a region adds to it."""

    id: Name
    title: Words
    country: str = ""
    """Code under which the library knows it; empty for a layer that says its days itself."""
    confirmed_through: int
    """The last year whose days were compared with what was published; later ones are provisional."""
    source: Words
    note: str = ""
    days: tuple[Day, ...] = ()
    yearly: tuple[Yearly, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    """A day that a methodologist put right in a layer, with the reason that people will read."""

    layer: str
    on: date
    working: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What a day is."""

    working: bool
    why: str


class Calendar:
    """Working days of some layers. Asked often, hence each year is worked out once and kept."""

    def __init__(self, layers: Sequence[Layer], overrides: Iterable[Override] = (), number: int = 0) -> None:
        self.layers = tuple(layers)
        names = {layer.id for layer in layers}
        self.overrides = {one.on: one for one in overrides if one.layer in names}
        self.number = number
        self._years: dict[int, dict[date, Standing]] = {}

    @property
    def version(self) -> str:
        """Return what a duty keeps of the calendar it was counted by: library, layers, changes by hand."""
        return f"{_library()}:{'+'.join(layer.id for layer in self.layers)}:{self.number}"

    def is_working(self, day: date) -> bool:
        """Tell whether people work on that day."""
        return self._standing(day).working

    def is_provisional(self, year: int) -> bool:
        """Tell whether the days of that year were not yet compared with what was published."""
        return any(year > layer.confirmed_through for layer in self.layers)

    def why(self, day: date) -> str:
        """Say in Russian why the day is off, or worked against its week; nothing for an ordinary working day."""
        return self._standing(day).why

    def _standing(self, day: date) -> Standing:
        year = self._years.get(day.year)
        if year is None:
            year = self._years[day.year] = self._worked_out(day.year)
        return year[day]

    def _worked_out(self, year: int) -> dict[date, Standing]:
        first = date(year, 1, 1)
        days = (first + timedelta(days=count) for count in range((date(year, 12, 31) - first).days + 1))
        found = {day: _of_week(day) for day in days}
        for layer in self.layers:
            found |= _days_of(layer, year)
        put_right = (one for one in self.overrides.values() if one.on.year == year)
        found |= {one.on: Standing(one.working, one.reason) for one in put_right}
        return found


def calendar_of(names: Sequence[str], overrides: Iterable[Override] = (), number: int = 0) -> Calendar:
    """Return the calendar of the named layers; the same one for the same names and overrides."""
    return _calendar_of(tuple(names), tuple(overrides), number)


@lru_cache
def load_layer(name: str) -> Layer:
    """Read a layer; raise FileError for one that is not here or does not hold."""
    path = files("calendars").get(name)
    if path is None:
        known = ", ".join(layer_names())
        raise FileError([f"{name[:60]}.toml: такого слоя календаря здесь нет; есть: {known}."])
    layer = read_model(path, Layer)
    if layer.id != name:
        raise FileError([f"{path.name}: id: слой назван «{layer.id}», а файл — «{name}»."])
    return layer


def layer_names() -> tuple[str, ...]:
    """Return the layers there are, the country's first."""
    return tuple(sorted(files("calendars"), key=lambda name: (name != COUNTRY, name)))


def forget() -> None:
    """Read layers anew: other files are served from now on."""
    load_layer.cache_clear()
    _calendar_of.cache_clear()


@lru_cache
def _library() -> str:
    """Return the library's version; reading it takes longer than counting a case's duties."""
    return version("holidays")


@lru_cache(maxsize=8)
def _calendar_of(names: tuple[str, ...], overrides: tuple[Override, ...], number: int) -> Calendar:
    return Calendar([load_layer(name) for name in names], overrides, number)


def _of_week(day: date) -> Standing:
    working = day.weekday() < SATURDAY
    return Standing(working, "" if working else WEEKDAYS[day.weekday()])


def _days_of(layer: Layer, year: int) -> dict[date, Standing]:
    found = _of_country(layer.country, year) if layer.country else {}
    for one in layer.yearly:
        try:
            found[date(year, one.month, one.day)] = Standing(working=False, why=f"{OFF}: {one.reason}")
        except ValueError:  # 29 February of an ordinary year
            continue
    own = (day for day in layer.days if day.on.year == year)
    found |= {day.on: Standing(day.working, day.reason if day.working else f"{OFF}: {day.reason}") for day in own}
    return found


def _of_country(country: str, year: int) -> dict[date, Standing]:
    known = holidays.country_holidays(country, years=year, language="ru", expand=False)
    found = {day: Standing(working=False, why=_off(name)) for day, name in known.items()}
    for day in known.weekend_workdays:
        if day.year == year:
            found[day] = Standing(working=True, why=f"рабочая {WEEKDAYS[day.weekday()]}, выходной перенесён")
    return found


def _off(name: str) -> str:
    """Say a day of the library: a holiday by its name, a day off that was moved by where it came from."""
    moved = "Выходной (перенесено с "
    if name.startswith(moved):
        return f"выходной, перенесён с {name.removeprefix(moved).rstrip(')')}"
    holiday = name.removesuffix(" (выходной)")
    return f"выходной за праздник: {holiday}" if holiday != name else f"{OFF}: {name}"
