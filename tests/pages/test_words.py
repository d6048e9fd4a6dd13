"""How the interface speaks: dates, ages, numbers with their words, refusals in three parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from curator_app import presentation, texts

FORBIDDEN = ("синхронизац", "сесси", "невалид", "токен", "кэш", "финализир", "конфликт версий")
SHAPELESS = ("tone", "what", "safe", "do", "button")


@dataclass(frozen=True)
class Child:
    """A member as far as the filter asks."""

    born_on: date | None

    def age(self, on: date) -> int | None:
        """Return full years."""
        if self.born_on is None:
            return None
        return on.year - self.born_on.year - ((on.month, on.day) < (self.born_on.month, self.born_on.day))


@pytest.mark.parametrize(
    ("n", "word"),
    [
        (1, "день"),
        (2, "дня"),
        (5, "дней"),
        (11, "дней"),
        (14, "дней"),
        (21, "день"),
        (22, "дня"),
        (111, "дней"),
        (0, "дней"),
    ],
)
def test_a_number_takes_its_word(n: int, word: str) -> None:
    assert texts.plural(n, "день", "дня", "дней") == word


def test_days_are_said_as_people_say_them() -> None:
    on = date(2026, 11, 24)

    assert presentation.day(on) == "вт 24 ноября"
    assert presentation.day_long(on) == "Вторник, 24 ноября"
    assert presentation.day_short(date(2026, 10, 27)) == "27 окт."
    assert presentation.day_year(on) == "24 ноября 2026"


@pytest.mark.parametrize(("days", "words"), [(None, "ещё не были"), (0, "сегодня"), (1, "вчера"), (3, "3 дня назад")])
def test_how_long_ago(days: int | None, words: str) -> None:
    assert presentation.days_ago(days) == words


def test_a_time_is_told_in_the_zone_of_the_territory() -> None:
    instant = datetime(2026, 11, 24, 20, 5, tzinfo=UTC)

    assert presentation.clock(instant, "Asia/Novosibirsk") == "03:05"
    assert presentation.clock(None, "Asia/Novosibirsk") == ""


@pytest.mark.parametrize(
    ("born_on", "words"),
    [
        (date(2014, 2, 17), "12 лет"),
        (date(2005, 11, 24), "21 год"),
        (date(2023, 11, 25), "2 года"),
        (date(2026, 8, 25), "2 месяца"),
        (date(2026, 11, 20), "меньше месяца"),
        (None, ""),
    ],
)
def test_an_age_takes_its_word(born_on: date | None, words: str) -> None:
    member: Any = Child(born_on)

    assert presentation.age_words(member, date(2026, 11, 24)) == words


def test_a_hole_in_a_text_is_seen_and_a_number_finds_its_form() -> None:
    assert texts.filled("Ждут: {n} {n:запись|записи|записей}", n=3) == "Ждут: 3 записи"
    assert texts.filled("в {time}") == "в {time}"


@pytest.mark.parametrize("name", sorted(texts.tables()["refusals"] | texts.tables()["office_refusals"]))
def test_a_refusal_says_what_happened_what_is_safe_and_what_to_do(name: str) -> None:
    words = (texts.tables()["refusals"] | texts.tables()["office_refusals"])[name]

    assert set(words) == set(SHAPELESS)
    assert all(words[part].strip().endswith((".", "?", "!")) for part in ("what", "safe", "do"))
    assert words["tone"] in {"calm", "attention"}


def test_no_text_speaks_of_machinery() -> None:
    said = " ".join(leaves(texts.tables())).lower()

    assert [word for word in FORBIDDEN if word in said] == []


def leaves(part: Any) -> list[str]:
    """Return every text of a table."""
    if isinstance(part, dict):
        return [text for value in part.values() for text in leaves(value)]
    if isinstance(part, list):
        return [text for value in part for text in leaves(value)]
    return [str(part)]
