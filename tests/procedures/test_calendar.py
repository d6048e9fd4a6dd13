"""The production calendar: the country's, a region's, and days put right by hand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from curator_app.procedures.calendar import Calendar, Override, calendar_of, layer_names, load_layer
from curator_app.procedures.profiles_loader import serve_region
from curator_app.procedures.toml_files import FileError

RUSSIA = calendar_of(("ru",))
BASHKORTOSTAN = calendar_of(("ru", "bashkortostan"))


def days(first: date, last: date) -> list[date]:
    """Return the days from the first to the last."""
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]


def off(calendar: Calendar, year: int) -> set[date]:
    """Return the days off of a year that are no ordinary Saturday or Sunday."""
    all_days = days(date(year, 1, 1), date(year, 12, 31))
    return {day for day in all_days if day.weekday() < 5 and not calendar.is_working(day)}


def test_2026_is_as_the_government_published_it() -> None:
    spans = [((1, 1), (1, 11)), ((2, 21), (2, 23)), ((3, 7), (3, 9)), ((5, 1), (5, 3)), ((5, 9), (5, 11))]
    spans += [((6, 12), (6, 14)), ((11, 4), (11, 4)), ((12, 31), (12, 31))]
    published = {day for first, last in spans for day in days(date(2026, *first), date(2026, *last))}

    assert off(RUSSIA, 2026) == {day for day in published if day.weekday() < 5}
    assert not any(RUSSIA.is_working(day) for day in published)
    assert [
        day for day in days(date(2026, 1, 1), date(2026, 12, 31)) if day.weekday() > 4 and RUSSIA.is_working(day)
    ] == []


def test_2025_is_as_the_government_published_it_with_its_working_saturday() -> None:
    spans = [
        ((1, 1), (1, 8)),
        ((5, 1), (5, 4)),
        ((5, 8), (5, 11)),
        ((6, 12), (6, 15)),
        ((11, 2), (11, 4)),
        ((12, 31), (12, 31)),
    ]
    published = {day for first, last in spans for day in days(date(2025, *first), date(2025, *last))}

    assert off(RUSSIA, 2025) == {day for day in published if day.weekday() < 5}
    assert RUSSIA.is_working(date(2025, 11, 1))
    assert RUSSIA.why(date(2025, 11, 1)) == "рабочая суббота, выходной перенесён"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 2), ""),
        (date(2026, 10, 31), "суббота"),
        (date(2026, 11, 4), "нерабочий день: День народного единства"),
        (date(2026, 1, 9), "выходной, перенесён с 03.01.2026"),
        (date(2026, 3, 9), "выходной за праздник: Международный женский день"),
    ],
)
def test_a_day_says_why_it_is_what_it_is(day: date, words: str) -> None:
    assert RUSSIA.why(day) == words


def test_years_whose_transfers_were_not_compared_are_provisional() -> None:
    assert [year for year in (2025, 2026, 2027, 2028) if RUSSIA.is_provisional(year)] == [2027, 2028]
    assert "2027" in load_layer("ru").note


def test_a_region_adds_its_own_days() -> None:
    feast = date(2026, 5, 27)

    assert RUSSIA.is_working(feast)
    assert not BASHKORTOSTAN.is_working(feast)
    assert BASHKORTOSTAN.why(feast) == "нерабочий день: Курбан-байрам"
    assert not BASHKORTOSTAN.is_working(date(2027, 10, 11))
    assert not BASHKORTOSTAN.is_working(date(2026, 11, 4))


def test_a_day_put_right_wins_in_its_own_layer_only() -> None:
    friday, sunday = date(2026, 10, 9), date(2026, 10, 11)
    puts = (
        Override("bashkortostan", friday, working=False, reason="День города"),
        Override("bashkortostan", sunday, working=True, reason="рабочее воскресенье"),
    )

    put_right = calendar_of(("ru", "bashkortostan"), puts, number=2)

    assert not put_right.is_working(friday)
    assert put_right.why(friday) == "День города"
    assert put_right.is_working(sunday)
    assert calendar_of(("ru",), puts, number=2).is_working(friday)
    assert put_right.version != BASHKORTOSTAN.version


def test_a_leap_day_is_counted() -> None:
    assert RUSSIA.is_working(date(2028, 2, 29))


def test_the_country_stands_first_and_an_unknown_layer_is_refused() -> None:
    assert layer_names()[0] == "ru"

    with pytest.raises(FileError, match=r"такого слоя календаря здесь нет; есть: ru, bashkortostan\."):
        load_layer("mars")


def test_a_region_may_bring_a_layer_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "calendars"
    folder.mkdir()
    text = 'id = "vydumka"\ntitle = "Выдумка"\nconfirmed_through = 2027\nsource = "закон"\n'
    (folder / "vydumka.toml").write_text(
        f'{text}[[yearly]]\nmonth = 2\nday = 29\nreason = "День лишнего дня"\n', "utf-8"
    )

    serve_region(tmp_path)
    try:
        own = calendar_of(("ru", "vydumka"))
        assert not own.is_working(date(2028, 2, 29))
        assert own.is_working(date(2027, 3, 1))
    finally:
        serve_region(None)
