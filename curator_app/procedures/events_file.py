"""A list of events as JSON, read for `flask rules explain`; what does not hold is said in Russian, naming the event."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

from curator_app.procedures.corrections import CORRECTION, resolved
from curator_app.procedures.facts import Fact
from curator_app.procedures.history import COMMON_KEY, DECIDED
from curator_app.procedures.profile_definition import LONGEST, Profile, SubjectKind
from curator_app.procedures.toml_files import FileError, read_text
from curator_app.procedures.vocabulary import types_of

FIELDS = ("id", "subject", "subject_id", "type", "on", "at", "data")
KINDS: tuple[str, ...] = get_args(SubjectKind)
STEPS = ("calendar_day", "week", "month")
Event = dict[str, Any]
_DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d", re.ASCII)
"""A day of a life that somebody may still remember; nobody counts terms of other centuries."""


@dataclass(frozen=True)
class Story:
    """One subject and its facts in the order in which they were written down."""

    subject: str
    subject_id: str
    facts: tuple[Fact, ...]


class _Fault(Exception):
    """What is wrong with one event, without the file's and the event's name."""


def read_events(path: Path, profile: Profile, zone: str) -> list[Story]:
    """Read a file of events; raise FileError with one sentence for each event that does not hold."""
    entries = _entries(path)
    faults: list[str] = []
    told: dict[tuple[str, str], list[Fact]] = {}
    ids: set[str] = set()
    for index, entry in enumerate(entries):
        try:
            key, fact = _fact(entry, profile, zone)
            if fact.id in ids:
                raise _Fault("такой id уже есть выше")  # noqa: TRY301 - said like every other fault of an event
            ids.add(fact.id)
            told.setdefault(key, []).append(fact)
        except _Fault as fault:
            faults.append(f"{path.name}, событие {_called(entry, index)}: {fault}.")
    if not faults:
        faults = [f"{path.name}, {fault}." for facts in told.values() for fault in _wrong_corrections(facts)]
    if not faults:
        corrected = (fault for facts in told.values() for fault in _wrongly_corrected(facts, profile, zone))
        faults = [f"{path.name}, {fault}." for fault in corrected]
    if faults:
        raise FileError(faults)
    return [Story(subject, subject_id, tuple(facts)) for (subject, subject_id), facts in told.items()]


def read_day(text: str) -> date:
    """Read a day written as 2026-10-30; raise ValueError, or TypeError for what is no text."""
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def read_moment(text: str) -> date | datetime:
    """Read a day, or a moment with its zone; raise ValueError for anything else."""
    if _DAY.fullmatch(text):
        return read_day(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not _DAY.fullmatch(moment.date().isoformat()):
        raise ValueError(text)
    return moment


def _entries(path: Path) -> list[Any]:
    text = read_text(path)
    try:
        entries = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        sentence = (
            f"{path.name}, строка {error.lineno}, знак {error.colno}: это не JSON, проверьте скобки, запятые и кавычки."
        )
        raise FileError([sentence]) from error
    except _Fault as fault:
        raise FileError([f"{path.name}: {fault}."]) from fault
    except (RecursionError, ValueError) as error:
        raise FileError([f"{path.name}: файл не читается как JSON."]) from error
    try:
        json.dumps(entries, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise FileError([f"{path.name}: в строках стоят половины знаков (\\ud800…), их нельзя показать."]) from error
    if not isinstance(entries, list):
        raise FileError([f"{path.name}: нужен список событий в скобках […]."])
    return entries


def _once(pairs: list[tuple[str, Any]]) -> Event:
    """Make a table of its fields; one that stands twice would silently lose what it said first."""
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice is not None:
        raise _Fault(f"поле «{twice}» стоит в одной записи дважды")
    return dict(pairs)


def _fact(entry: Any, profile: Profile, zone: str) -> tuple[tuple[str, str], Fact]:
    if not isinstance(entry, dict):
        raise _Fault("нужна запись в скобках {…}")
    unknown = [name for name in entry if name not in FIELDS]
    if unknown:
        raise _Fault(f"поля «{unknown[0]}» нет; бывают: {', '.join(FIELDS)}")
    subject = _word(entry, "subject")
    if subject not in KINDS:
        raise _Fault(f"subject: «{subject}» не бывает; бывает: {', '.join(KINDS)}")
    data = entry.get("data", {})
    if not isinstance(data, dict):
        raise _Fault("data: нужны скобки {…}")
    on, at = _times(entry, zone)
    fact = Fact(_word(entry, "id"), subject, _type(entry, subject, profile), on, at, data)
    _check_data(fact, profile)
    subject_id = _word(entry, "subject_id") if entry.get("subject_id") is not None else ""
    return (subject, subject_id), fact


def _type(entry: Event, subject: str, profile: Profile) -> str:
    known, type_ = types_of(profile), _word(entry, "type")
    if type_ not in known:
        raise _Fault(f"type: события «{type_}» порядок «{profile.key}» не знает; словарь показывает flask rules events")
    if subject not in known[type_].kinds:
        raise _Fault(f"type: событие «{type_}» бывает у {', '.join(known[type_].kinds)}, а subject здесь — {subject}")
    return type_


def _times(entry: Event, zone: str) -> tuple[date, datetime | None]:
    on = _day("on", _word(entry, "on"))
    if entry.get("at") is None:
        return on, None
    at = _moment("at", entry["at"])
    if on not in {at.date(), at.astimezone(ZoneInfo(zone)).date()}:
        raise _Fault(f"on и at: день {on} и время {entry['at']} не об одном дне")
    return on, at


def _word(entry: Event, name: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _Fault(f"{name}: нужна строка в кавычках" if name in entry else f"нет обязательного поля {name}")
    return value


def _day(name: str, value: Any) -> date:
    try:
        return read_day(value)
    except (TypeError, ValueError) as error:
        raise _Fault(f"{name}: нужна дата вида 2026-10-30, а стоит «{value}»") from error


def _moment(name: str, value: Any) -> datetime:
    try:
        moment = read_moment(value)
    except (TypeError, ValueError):
        moment = None
    if not isinstance(moment, datetime):
        raise _Fault(f"{name}: нужно время с поясом вида 2026-10-30T14:00+07:00, а стоит «{value}»")
    return moment


def _check_data(fact: Fact, profile: Profile) -> None:
    """Look at what the engine reads of an event's data; everything else is free."""
    if fact.type == CORRECTION:
        _check_correction(fact)
    elif fact.type == "frequency_set":
        _check_frequency(fact, profile)
    elif fact.type == DECIDED:
        _check_decision(fact, profile)


def _check_decision(fact: Fact, profile: Profile) -> None:
    values = {one.id: [value.id for value in one.values] for one in profile.classifications}
    everywhere = [value for known in values.values() for value in known]
    for key, known in {**values, COMMON_KEY: everywhere}.items():
        decided = fact.data.get(key, [])
        for value in decided if isinstance(decided, list) else [decided]:
            if value not in known:
                raise _Fault(f"data.{key}: значения «{value}» нет; есть: {', '.join(known)}")


def _check_correction(fact: Fact) -> None:
    data = dict(fact.data)
    if not isinstance(data.get("corrects"), str):
        raise _Fault("data.corrects: нужен id исправляемого события")
    if "on" in data:
        _day("data.on", data["on"])
    if data.get("at") is not None:
        _moment("data.at", data["at"])
    if not isinstance(data.get("data", {}), dict):
        raise _Fault("data.data: нужны скобки {…}")
    if not isinstance(data.get("void", False), bool):
        raise _Fault("data.void: нужно true или false")


def _check_frequency(fact: Fact, profile: Profile) -> None:
    every = fact.data.get("every")
    step = every if isinstance(every, dict) else {}
    number = step.get("n", 1)
    if (
        step.get("unit") not in STEPS
        or not isinstance(number, int)
        or isinstance(number, bool)
        or not 0 < number <= LONGEST
    ):
        raise _Fault(f'data.every: нужно вида {{"n": 1, "unit": "week"}}; unit бывает {", ".join(STEPS)}')
    if "until" in fact.data:
        until = _day("data.until", fact.data["until"])
        if until < fact.on:
            raise _Fault(f"data.until: {until} раньше дня события {fact.on}")
    rules = [rule.id for rule in profile.duties if rule.frequency]
    if "rule" in fact.data and fact.data["rule"] not in rules:
        raise _Fault(f"data.rule: обязанности «{fact.data['rule']}» с изменяемой частотой нет")


def _wrong_corrections(facts: list[Fact]) -> Iterator[str]:
    known = {fact.id for fact in facts}
    for fact in facts:
        if fact.type == CORRECTION and fact.data["corrects"] not in known - {fact.id}:
            yield f"событие «{fact.id}»: data.corrects: события «{fact.data['corrects']}» у этого subject нет"
    named = {fact.id: str(fact.data["corrects"]) for fact in facts if fact.type == CORRECTION}
    for first in _in_rings(named):
        yield f"событие «{first}»: data.corrects: исправления называют друг друга по кругу, исправлять нечего"


def _in_rings(named: dict[str, str]) -> Iterator[str]:
    """Yield one correction of every ring in which each corrects the next."""
    seen: set[str] = set()
    for begun in named:
        way: dict[str, None] = {}
        reached = begun
        while reached in named and reached not in seen:
            seen.add(reached)
            way[reached] = None
            reached = named[reached]
        if reached in way:
            yield reached


def _wrongly_corrected(facts: list[Fact], profile: Profile, zone: str) -> Iterator[str]:
    """Look at the data that corrections left, as at any other."""
    written = {fact.id: fact for fact in facts}
    for fact in resolved(facts, ZoneInfo(zone)):
        if fact is written[fact.id]:
            continue
        try:
            _check_data(fact, profile)
        except _Fault as fault:
            yield f"событие «{fact.id}» после исправления: {fault}"


def _called(entry: Any, index: int) -> str:
    named = isinstance(entry, dict) and isinstance(entry.get("id"), str) and entry["id"]
    return f"«{entry['id']}»" if named else f"[запись {index + 1}]"
