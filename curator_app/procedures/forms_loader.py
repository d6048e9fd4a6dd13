"""Forms as data: read a released file, refuse a broken one by name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from curator_app.procedures.form_definition import SCOPES, Chip, FormDefinition, Question, Section

FOLDER = Path(__file__).with_name("forms")
_RELEASE = re.compile(r"([a-z_]{1,40})@([0-9]{1,4})", re.ASCII)

# Where each list of chips lies in a file; the second table may be missing, as it is in version 1.
LISTS = {
    "where": ("meeting", "where"),
    "other_home": ("meeting", "other_home"),
    "results": ("attempt", "results"),
    "change": ("change", "options"),
    "sources": ("sources", "options"),
    "places": ("photos", "places"),
    "purposes": ("photos", "purposes"),
}
OPTIONAL_LISTS = {
    "kinds": ("meeting", "kinds"),
    "unplanned_reasons": ("meeting", "unplanned_reasons"),
    "co_visitors": ("meeting", "co_visitors"),
    "topics": ("conversation", "topics"),
    "rights": ("conversation", "rights"),
    "kept": ("promises", "kept"),
    "promise_reasons": ("promises", "reasons"),
    "promises_ours": ("promises", "ours"),
    "promises_theirs": ("promises", "theirs"),
    "goal_prompts": ("voice", "prompts"),
    "contexts": ("child_words", "contexts"),
    "present": ("child_words", "present"),
    "age_tips": ("child_words", "by_age"),
    "next_reasons": ("next", "reasons"),
    "acquaint": ("acquaint", "options"),
    "check_questions": ("check", "questions"),
}
BEFORE_SECTIONS = ("meeting", "safety", "living")
AFTER_SECTIONS = ("conversation", "promises", "voice", "child_words", "photos", "next", "acquaint", "check")
SIDES = ("strengths", "worries")

Data = dict[str, Any]


class FormError(Exception):
    """A form file that cannot be used; the message names file, entry and what is wrong with it."""


@lru_cache
def load_form(form_id: str) -> FormDefinition:
    """Read a released form such as visit@1; raise FormError for a missing or broken file.

    The name may come from a phone, so that only what looks like a release reaches the file system.
    """
    if not _RELEASE.fullmatch(form_id):
        message = f"{form_id[:60]!r}: a release is called name@number"
        raise FormError(message)
    path = FOLDER / f"{form_id}.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"{path.name}: there is no such form"
        raise FormError(message) from error
    except tomllib.TOMLDecodeError as error:
        message = f"{path.name}: {error}"
        raise FormError(message) from error
    return _definition(path.name, data)


def released(form_id: str) -> str:
    """Return the id if there is such a release here, else ""."""
    try:
        return load_form(form_id).id
    except FormError:
        return ""


def is_ahead(form_id: str, of: str) -> bool:
    """Tell whether this names a later release of the same form than `of`: visit@3 is ahead of visit@2."""
    later, ours = (_RELEASE.fullmatch(one) for one in (form_id, of))
    return bool(later and ours and later[1] == ours[1] and int(later[2]) > int(ours[2]))


@lru_cache
def newest(name: str) -> str:
    """Return the newest release of a form, such as visit@2; raise FormError when there is none."""
    numbers = [
        int(match[2]) for path in FOLDER.glob(f"{name}@*.toml") if (match := _RELEASE.fullmatch(path.stem)) is not None
    ]
    if not numbers:
        message = f"{name}: no release of it is here"
        raise FormError(message)
    return f"{name}@{max(numbers)}"


def _definition(file: str, data: Data) -> FormDefinition:
    meta = _part(file, data, "meta")
    lists = {name: _chips(file, ".".join(at), _part(file, data, at[0]).get(at[1])) for name, at in LISTS.items()}
    for name, (part, key) in OPTIONAL_LISTS.items():
        if key in data.get(part, {}):
            lists[name] = _chips(file, f"{part}.{key}", data[part][key])
    answers = _chips(file, "answers.options", data["answers"]["options"]) if "answers" in data else ()
    safety, living = (_questions(file, part, data, {one.id for one in answers}) for part in ("safety", "living"))
    sections = tuple(_section(file, number, entry, data) for number, entry in enumerate(data.get("sections", []), 1))
    if meta.get("id") != file.removesuffix(".toml"):
        message = f"{file}: meta.id is «{meta.get('id')}», the file's name says otherwise"
        raise FormError(message)
    chips = [*answers, *(chip for group in lists.values() for chip in group)]
    chips += [chip for section in sections for chip in (*section.strengths, *section.worries)]
    labels = {one.id: one.label for one in (*safety, *living)} | {one.id: one.label for one in chips}
    named: dict[str, Any] = lists
    return FormDefinition(
        id=str(meta["id"]),
        title=str(meta.get("title", "")),
        words={name: _strings(part) for name, part in data.items() if isinstance(part, dict)},
        lists={name: _sentences(part) for name, part in data.items() if isinstance(part, dict)},
        steps=_steps(data, [section.id for section in sections]),
        sections=sections,
        answers={one.id: one for one in answers},
        safety=safety,
        living=living,
        labels=labels,
        **named,
    )


def _strings(part: Data) -> dict[str, str]:
    return {key: value for key, value in part.items() if isinstance(value, str)}


def _sentences(part: Data) -> dict[str, tuple[str, ...]]:
    return {
        key: tuple(value)
        for key, value in part.items()
        if isinstance(value, list) and all(isinstance(one, str) for one in value)
    }


def _steps(data: Data, sections: list[str]) -> tuple[str, ...]:
    """Return the parts of the form in their order: those that this release has."""
    before = [name for name in BEFORE_SECTIONS if name in data]
    return (*before, *sections, *(name for name in AFTER_SECTIONS if name in data))


def _part(file: str, data: Data, name: str) -> Data:
    part = data.get(name)
    if not isinstance(part, dict):
        message = f"{file}: there is no [{name}]"
        raise FormError(message)
    return part


def _section(file: str, number: int, entry: Data, data: Data) -> Section:
    """Make a section; what all six have in common may stand once, in [section_common] and [skips]."""
    where = f"sections[{number}] «{entry.get('id', '?')}»"
    common = {key: value for key, value in data.get("section_common", {}).items() if key in _names(Section)}
    values = {**common, **{key: value for key, value in entry.items() if key not in SIDES}}
    for side in SIDES:
        entries = entry.get(side)
        skips = data.get("skips", {}).get(side, [])
        values[side] = _chips(file, f"{where}.{side}", [*entries, *skips] if isinstance(entries, list) else entries)
    section: Section = _build(file, where, Section, values)
    return section


def _questions(file: str, part: str, data: Data, answers: set[str]) -> tuple[Question, ...]:
    if part not in data:
        return ()
    common = data[part].get("answers", [])
    made = []
    for number, entry in enumerate(data[part].get("questions", []), 1):
        where = f"{part}.questions[{number}]"
        values = {**entry, "answers": tuple(entry.get("answers", common))}
        question: Question = _build(file, where, Question, values)
        unknown = [one for one in (*question.answers, question.concern_on) if one and one not in answers]
        if unknown:
            message = f"{file}: {where} «{question.id}»: answer «{unknown[0]}» is not in [answers]"
            raise FormError(message)
        made.append(question)
    _refuse_repeats(file, part, made)
    return tuple(made)


def _chips(file: str, where: str, entries: object) -> tuple[Chip, ...]:
    if not isinstance(entries, list) or not entries:
        message = f"{file}: {where} holds no entries"
        raise FormError(message)
    chips = tuple(_build(file, f"{where}[{number}]", Chip, entry) for number, entry in enumerate(entries, 1))
    _refuse_repeats(file, where, chips)
    return chips


def _refuse_repeats(file: str, where: str, entries: Any) -> None:
    seen: set[str] = set()
    for entry in entries:
        if entry.scope not in SCOPES:
            message = f"{file}: {where} «{entry.id}»: scope «{entry.scope}» is none of {', '.join(sorted(SCOPES))}"
            raise FormError(message)
        if entry.id in seen:
            message = f"{file}: {where} «{entry.id}» stands there twice"
            raise FormError(message)
        seen.add(entry.id)


def _names(kind: type[Any]) -> Iterator[str]:
    return (one.name for one in fields(kind))


def _build(file: str, where: str, kind: type[Any], values: Data) -> Any:
    unknown = set(values) - set(_names(kind))
    if unknown:
        message = f"{file}: {where} has «{min(unknown)}», which no entry of this kind has"
        raise FormError(message)
    try:
        return kind(**values)
    except TypeError as error:
        message = f"{file}: {where}: {error}"
        raise FormError(message) from error
