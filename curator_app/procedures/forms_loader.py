"""Forms as data: read a released file, refuse a broken one by name, choose the chips that fit a family."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

FOLDER = Path(__file__).with_name("forms")
SCOPES = frozenset({"family", "child", "adult"})
_RELEASE = re.compile(r"[a-z_]{1,40}@[0-9]{1,4}", re.ASCII)


class FormError(Exception):
    """A form file that cannot be used; the message names file, entry and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Chip:
    """Something to tap. `scope` says of whom; ages are full years, inclusive; place is rural or urban."""

    id: str
    label: str
    scope: str = "family"
    hint: str = ""
    icon: str = ""
    skip: bool = False
    urgent_hint: bool = False
    place: str = ""
    age_from: int | None = None
    age_to: int | None = None

    def fits_place(self, place: str) -> bool:
        """Tell whether the chip makes sense in a village or a town."""
        return not self.place or self.place == place

    def fits_age(self, age: int | None) -> bool:
        """Tell whether the chip makes sense at that age; an unknown age fits everything."""
        if age is None:
            return True
        return (self.age_from is None or age >= self.age_from) and (self.age_to is None or age <= self.age_to)


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six sections of the ККСС."""

    id: str
    title: str
    short: str
    icon: str
    hue: int
    strengths_title: str
    worries_title: str
    own_words: str
    strengths_hint: str
    worries_hint: str
    fact_hint: str
    conclusion_hint: str
    from_last_time: str
    strengths: tuple[Chip, ...]
    worries: tuple[Chip, ...]

    def side(self, name: str) -> tuple[Chip, ...]:
        """Return the chips of «strengths» or «worries»."""
        return self.strengths if name == "strengths" else self.worries


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """A released form. `words` holds the headings of its parts by part and name."""

    id: str
    title: str
    words: dict[str, dict[str, str]]
    where: tuple[Chip, ...]
    other_home: tuple[Chip, ...]
    results: tuple[Chip, ...]
    change: tuple[Chip, ...]
    sources: tuple[Chip, ...]
    sections: tuple[Section, ...]
    places: tuple[Chip, ...]
    purposes: tuple[Chip, ...]
    labels: dict[str, str] = field(default_factory=dict)

    def label(self, item: str) -> str:
        """Return a chip's words; an id the form does not know is shown as it is."""
        return self.labels.get(item, item)


class Member(Protocol):
    """A person of a family, as far as chips care."""

    id: Any
    kind: str


@dataclass(frozen=True, slots=True)
class ChipGroup:
    """The chips about one member, or about the whole family when `member` is None."""

    member: Any
    chips: tuple[Chip, ...]


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


def chips_for(chips: tuple[Chip, ...], members: Sequence[tuple[Member, int | None]], place: str) -> list[ChipGroup]:
    """Sort chips by whom they are about: the family first, then each (member, age) that has any."""
    here = [chip for chip in chips if chip.fits_place(place)]
    groups = [ChipGroup(None, tuple(chip for chip in here if chip.scope == "family"))]
    for member, age in members:
        own = tuple(chip for chip in here if chip.scope == member.kind and chip.fits_age(age))
        if own:
            groups.append(ChipGroup(member, own))
    return groups


def _definition(file: str, data: dict[str, Any]) -> FormDefinition:
    meta = _part(file, data, "meta")
    lists = {
        "where": _chips(file, "meeting.where", _part(file, data, "meeting").get("where")),
        "other_home": _chips(file, "meeting.other_home", _part(file, data, "meeting").get("other_home")),
        "results": _chips(file, "attempt.results", _part(file, data, "attempt").get("results")),
        "change": _chips(file, "change.options", _part(file, data, "change").get("options")),
        "sources": _chips(file, "sources.options", _part(file, data, "sources").get("options")),
        "places": _chips(file, "photos.places", _part(file, data, "photos").get("places")),
        "purposes": _chips(file, "photos.purposes", _part(file, data, "photos").get("purposes")),
    }
    sections = tuple(_section(file, number, entry) for number, entry in enumerate(data.get("sections", []), 1))
    if meta.get("id") != file.removesuffix(".toml"):
        message = f"{file}: meta.id is «{meta.get('id')}», the file's name says otherwise"
        raise FormError(message)
    chips = [chip for group in lists.values() for chip in group]
    chips += [chip for section in sections for chip in (*section.strengths, *section.worries)]
    words = {
        name: {key: value for key, value in part.items() if isinstance(value, str)}
        for name, part in data.items()
        if isinstance(part, dict)
    }
    return FormDefinition(
        id=str(meta["id"]),
        title=str(meta.get("title", "")),
        words=words,
        sections=sections,
        labels={chip.id: chip.label for chip in chips},
        **lists,
    )


def _part(file: str, data: dict[str, Any], name: str) -> dict[str, Any]:
    part = data.get(name)
    if not isinstance(part, dict):
        message = f"{file}: there is no [{name}]"
        raise FormError(message)
    return part


def _section(file: str, number: int, entry: dict[str, Any]) -> Section:
    where = f"sections[{number}] «{entry.get('id', '?')}»"
    values = {key: value for key, value in entry.items() if key not in {"strengths", "worries"}}
    for side in ("strengths", "worries"):
        values[side] = _chips(file, f"{where}.{side}", entry.get(side))
    section: Section = _build(file, where, Section, values)
    return section


def _chips(file: str, where: str, entries: object) -> tuple[Chip, ...]:
    if not isinstance(entries, list) or not entries:
        message = f"{file}: {where} holds no entries"
        raise FormError(message)
    chips = tuple(_build(file, f"{where}[{number}]", Chip, entry) for number, entry in enumerate(entries, 1))
    seen: set[str] = set()
    for chip in chips:
        if chip.scope not in SCOPES:
            message = f"{file}: {where} «{chip.id}»: scope «{chip.scope}» is none of {', '.join(sorted(SCOPES))}"
            raise FormError(message)
        if chip.id in seen:
            message = f"{file}: {where} «{chip.id}» stands there twice"
            raise FormError(message)
        seen.add(chip.id)
    return chips


def _build(file: str, where: str, kind: type[Any], values: dict[str, Any]) -> Any:
    known = {one.name for one in fields(kind)}
    unknown = set(values) - known
    if unknown:
        message = f"{file}: {where} has «{min(unknown)}», which no entry of this kind has"
        raise FormError(message)
    try:
        return kind(**values)
    except TypeError as error:
        message = f"{file}: {where}: {error}"
        raise FormError(message) from error
