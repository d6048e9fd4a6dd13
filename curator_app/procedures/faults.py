"""What does not fit a model, in Russian: file, entry by its id, and what is wrong."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

NAMING = ("id", "type", "event", "to", "on")
"""Fields by which an entry of a list is called, the first that it has."""
SHOWN = 60
_WRONG_DATE = "нужна дата вида 2026-10-30 или время вида 2026-10-30T14:00:00+07:00, а стоит {input}"
_WRONG_LIST = "нужен список в скобках […], а стоит {input}"
_WRONG_TABLE = "здесь должна быть таблица с полями, а стоит {input}"
_SAID = {
    "string_type": "нужна строка в кавычках, а стоит {input}",
    "string_too_short": "строка пустая",
    "string_pattern_mismatch": "{input} не подходит: имя пишется строчными латинскими буквами, цифрами и знаком «_»",
    "int_type": "нужно целое число без кавычек, а стоит {input}",
    "bool_type": "нужно true или false, а стоит {input}",
    "greater_than_equal": "нужно число не меньше {ge}, а стоит {input}",
    "less_than_equal": "нужно число не больше {le}, а стоит {input}",
    "too_short": "список пуст, нужна хотя бы одна запись",
    "tuple_type": _WRONG_LIST,
    "list_type": _WRONG_LIST,
    "dict_type": _WRONG_TABLE,
    "model_type": _WRONG_TABLE,
    "missing": "нет обязательного поля",
}


def sentences(file: str, data: Any, error: ValidationError, model: type[BaseModel]) -> list[str]:
    """Return one sentence for each thing that does not fit."""
    names = sorted(_names_in(model))
    said: dict[str, str] = {}
    for one in error.errors():
        where = place(data, one["loc"])
        said.setdefault(where, f"{file}: {where}: {_wrong(one, names)}.")
    return list(said.values())


def place(data: Any, loc: Sequence[int | str]) -> str:
    """Return where a fault is: duties «ipr_draft», within.unit."""
    words: list[str] = []
    fields: list[str] = []
    for step in loc:
        inside = _inside(data, step)
        if isinstance(step, int):
            words.append(f"{'.'.join(fields)} {called(inside, step)}")
            fields = []
        elif inside is _NOWHERE and not isinstance(data, dict):
            break  # the name of an alternative that pydantic tried, such as date or datetime
        else:
            fields.append(step)
        data = inside
    return ", ".join([*words, ".".join(fields)] if fields else words)


def called(entry: Any, index: int) -> str:
    """Return how an entry of a list is called: by its id, or by its number where it has none."""
    names = [entry[name] for name in NAMING if name in entry] if isinstance(entry, dict) else []
    return f"«{names[0]}»" if names else f"[запись {index + 1}]"


class _Nowhere:
    """Stands for what is not in the file."""


_NOWHERE = _Nowhere()


def _inside(data: Any, step: int | str) -> Any:
    try:
        return data[step]
    except (LookupError, TypeError):
        return _NOWHERE


def _wrong(one: ErrorDetails, names: list[str]) -> str:
    kind, context = one["type"], one.get("ctx", {})
    if kind == "extra_forbidden":
        return f"такого поля нет{_nearest(str(one['loc'][-1]), names)}"
    if kind == "literal_error":
        expected = str(context["expected"]).replace(" or ", ", ").replace("'", "")
        return f"{_shown(one['input'])} здесь не бывает; бывает: {expected}"
    if kind.startswith(("date", "is_instance_of")):
        return _WRONG_DATE.format(input=_shown(one["input"]))
    return _SAID.get(kind, "значение {input} не подходит").format(input=_shown(one["input"]), **context)


def _nearest(name: str, names: list[str]) -> str:
    close = difflib.get_close_matches(name, names, n=1)
    return f"; похоже на «{close[0]}»" if close else ""


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "таблица"
    if isinstance(value, list):
        return "список"
    return f"«{str(value)[:SHOWN]}»"


def _names_in(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name
        for inner in _models_of(field.annotation):
            yield from _names_in(inner)


def _models_of(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_of(argument)
