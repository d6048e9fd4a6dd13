"""`flask rules` with words that it does not know, or without those that it needs, says so in a Russian sentence."""

from __future__ import annotations

import pytest
from flask import Flask

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("explain",), "Не хватает: ПОРЯДОК."),
        (("explain", "kochki_2020"), "Не хватает: СОБЫТИЯ.json."),
        (("explain", "kochki_2020", "x.json", "--day", "2026-11-22"), "Ключа «--day» нет."),
        (("explain", "kochki_2020", "x.json", "--as-of"), "После --as-of нужно значение."),
        (("explain", "kochki_2020", "x.json", "y.json"), "Лишнее слово в команде: y.json."),
        (("explain", "ы" * 300, "x.json", "--as-of", "2026-11-22"), "Порядка «ы"),
        (("chek", "x.toml"), "Команды «chek» нет; есть: check, diff, events, explain, quotes."),
    ],
)
def test_a_command_that_is_written_wrongly_is_refused_in_a_sentence(
    app: Flask, arguments: tuple[str, ...], sentence: str
) -> None:
    result = app.test_cli_runner().invoke(args=["rules", *arguments])

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1
