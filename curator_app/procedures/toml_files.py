"""Read a TOML file into a model; what cannot be read is said in Russian, one sentence a fault."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from curator_app.procedures.faults import sentences

Model = TypeVar("Model", bound=BaseModel)
_PLACE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")
# What tomllib says, and how we say it; the first that fits.
_SAID = (
    ("Expected '=' after a key", "после имени поля нет знака «=»"),
    ("Cannot overwrite a value", "это поле уже стоит выше"),
    ("Cannot declare", "эта таблица уже стоит выше"),
    ("Cannot mutate", "к этой таблице здесь нельзя добавить"),
    ("Unclosed array", "не закрыта скобка «]»"),
    ("Unclosed inline table", "не закрыта скобка «}»"),
    ("Unterminated string", "не закрыты кавычки"),
    ("Illegal character", "недопустимый знак; строка кончается раньше, чем закрыты кавычки"),
    ("Expected ']' at the end of a table", "не закрыта скобка «]» в заголовке таблицы"),
    ("Expected ']]' at the end of an array", "не закрыты скобки «]]» в заголовке таблицы"),
    ("Expected newline or end of document", "после значения стоит лишнее"),
    ("Unescaped '\\' in a string", "знак «\\» в строке пишется дважды"),
    ("Invalid date or datetime", "такой даты нет"),
    (
        "Invalid initial character for a key part",
        "имя поля пишется латинскими буквами, а запись в скобках {…} — в одну строку",
    ),
    ("Invalid value", "значение не читается: строка пишется в кавычках, дата — как 2026-10-30"),
    ("Invalid statement", "строка не читается: здесь должно быть имя поля или заголовок таблицы"),
)


class FileError(Exception):
    """A file that cannot be used: one Russian sentence a fault, each naming the file and the entry."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def read_text(path: Path) -> str:
    """Read a text in UTF-8; raise FileError with the place of what is no UTF-8."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise FileError([f"{path.name}: такого файла нет."]) from error
    except OSError as error:
        raise FileError([f"{path.name}: файл не открывается, нет прав или это папка."]) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        sentence = f"{path.name}, строка {line}: файл не в кодировке UTF-8; сохраните его в UTF-8."
        raise FileError([sentence]) from error


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file; raise FileError with the line of what is no TOML."""
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise FileError([f"{path.name}{_place(str(error))}: {_fault(str(error))}."]) from error
    except (RecursionError, ValueError) as error:  # such as a date of the thirteenth month
        raise FileError([f"{path.name}: файл не читается как TOML, проверьте скобки, даты и числа."]) from error


def read_model(path: Path, model: type[Model]) -> Model:
    """Read a TOML file as a model; raise FileError with everything that does not fit."""
    return build(path.name, read_toml(path), model)


def build(file: str, data: dict[str, Any], model: type[Model]) -> Model:
    """Make a model of what a file says."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise FileError(sentences(file, data, error, model)) from error


def joined(errors: Sequence[FileError]) -> FileError:
    """Return several files' faults as one."""
    return FileError(fault for error in errors for fault in error.faults)


def _place(message: str) -> str:
    match = _PLACE.search(message)
    if match is None:
        return ""
    return f", строка {match[1]}, знак {match[2]}" if match[1] else ", конец файла"


def _fault(message: str) -> str:
    return next((ours for theirs, ours in _SAID if theirs in message), "здесь это не TOML")
