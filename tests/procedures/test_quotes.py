"""Every quote is looked for in the document: line breaks, hyphens, dashes, quotation marks and ё do not matter."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from curator_app.procedures.quotes import Plain, is_said
from tests.procedures.little_profile import LITTLE, written

DOCUMENT = """\
ПОРЯДОК

1. Куратор случая ведёт семью. Есть два уровня: «спокойно» и «тревожно».
3. План составляется в тече-
ние 15 дней
   со дня назначения – не позже.
4. Куратор бывает в семье не реже одного раза в месяц, социально-
педагогическая помощь — по запросу.
"""


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder with the document of the little profile."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "900_vydumka.txt").write_text(DOCUMENT, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "quote",
    [
        "в течение 15 дней",
        "в течение 15 дней со дня назначения - не позже",
        "Куратор случая ведет семью",
        '"спокойно" и "тревожно"',
        "социально-педагогическая помощь",
        "Куратор … в месяц",
        "План составляется … не позже",
        "два уровня […] тревожно",
        "два уровня ... тревожно",
        "спокойно",
    ],
)
def test_what_the_document_says_is_found(quote: str) -> None:
    assert is_said(quote, Plain.of(DOCUMENT))


@pytest.mark.parametrize(
    "quote",
    [
        "в течение 20 дней",
        "куратор случая ведёт семью",
        "не позже … План составляется",
        "течение 15 дне",
        "ечение 15 дней",
        "Есть три уровня",
        "Куратор ведёт семью",
    ],
)
def test_what_the_document_does_not_say_is_not_found(quote: str) -> None:
    assert not is_said(quote, Plain.of(DOCUMENT))


def run(app: Flask, *arguments: str | Path) -> tuple[int, str, str]:
    """Run `flask rules quotes`; return its exit code and what it printed on either stream."""
    result = app.test_cli_runner().invoke(args=["rules", "quotes", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_all_found_is_said_with_their_number(app: Flask, documents: Path, tmp_path: Path) -> None:
    profile = written(
        tmp_path, LITTLE.replace("куратор случая", "Куратор случая").replace("раза в месяц", "раза … месяц")
    )

    code, out, err = run(app, documents, profile)

    assert (code, out, err) == (0, "Цитат 6, не найдено 0.\n", "")


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_quote_that_is_not_there_is_named_with_its_entry_and_file(
    app: Flask, documents: Path, tmp_path: Path
) -> None:
    code, out, err = run(app, documents, written(tmp_path, LITTLE.replace("15 дней", "16 дней")))

    assert code == 1
    assert "Цитат 6, не найдено 2." in out
    assert "vydumka@1, duties «plan_draft»: в 900_vydumka.txt нет слов «в течение 16 дней»" in err
    assert "vydumka@1, roles «case_curator»: в 900_vydumka.txt нет слов «куратор случая»" in err


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_document_that_is_not_there_is_said(app: Flask, documents: Path, tmp_path: Path) -> None:
    (documents / "900_vydumka.txt").rename(documents / "901_vydumka.txt")

    code, _, err = run(app, documents, written(tmp_path))

    assert code == 1
    assert "нет файла, чьё имя начинается с 900" in err


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_no_folder_and_another_encoding_are_refused(app: Flask, documents: Path, tmp_path: Path) -> None:
    code, out, err = run(app, tmp_path / "nowhere", written(tmp_path))
    assert (code, out) == (2, "")
    assert "нет: назовите ту, где лежат тексты документов." in err

    (documents / "900_vydumka.txt").write_bytes(DOCUMENT.encode("cp1251"))
    code, out, err = run(app, documents, written(tmp_path))
    assert (code, out) == (2, "")
    assert "900_vydumka.txt, строка 1: файл не в кодировке UTF-8" in err
