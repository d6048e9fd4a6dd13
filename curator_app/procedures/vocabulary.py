"""The vocabulary of events: one name per fact, whose facts they are, and what is written with them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from pydantic import RootModel

from curator_app.procedures.profile_definition import Name, Part, Profile, SubjectKind, Words
from curator_app.procedures.toml_files import read_model

_FILE = Path(__file__).with_name("events.toml")
EVERY_KIND: tuple[SubjectKind, ...] = get_args(SubjectKind)


class EventType(Part):
    """A kind of fact."""

    title: Words
    subjects: tuple[SubjectKind | Literal["any"], ...]
    data: tuple[Name, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of subjects that have such facts."""
        return EVERY_KIND if "any" in self.subjects else tuple(self.subjects)


class _Vocabulary(RootModel[dict[Name, EventType]]):
    """The whole file."""


@lru_cache
def vocabulary() -> dict[str, EventType]:
    """Return every event type that all profiles share, in the file's order."""
    return read_model(_FILE, _Vocabulary).root


def types_of(profile: Profile) -> dict[str, EventType]:
    """Return the types a profile may speak of: the shared ones and its own, which any subject may have."""
    shared = vocabulary()
    own = {one.type: EventType(title=one.title, subjects=("any",)) for one in profile.events if one.type not in shared}
    return {**shared, **own}


def meaning_in(profile: Profile, type_: str) -> str:
    """Return what an event means in a profile's own words; the shared words where it has none."""
    own = next((one.title for one in profile.events if one.type == type_), "")
    return own or (vocabulary()[type_].title if type_ in vocabulary() else type_)
