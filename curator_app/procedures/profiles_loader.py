"""Procedures as data: read a released profile or a region's own file, refuse a broken one with the place of the fault.

A file is taken whole or not at all: nothing that was read before changes when another one is refused.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from curator_app.procedures import calendar, regions
from curator_app.procedures.profile_checks import faults_of
from curator_app.procedures.profile_definition import Profile
from curator_app.procedures.profile_examples import wrong_examples
from curator_app.procedures.regions import files
from curator_app.procedures.toml_files import FileError, read_model

_RELEASE = re.compile(r"([a-z][a-z0-9_]{0,59})@([1-9][0-9]{0,3})", re.ASCII)


class ProfileError(FileError):
    """A profile that cannot be used: one Russian sentence a fault."""


def read_profile(path: Path) -> Profile:
    """Read any profile file; raise ProfileError with every fault in it."""
    try:
        profile = read_model(path, Profile)
    except FileError as error:
        raise ProfileError(error.faults) from error
    faults = [*_misnamed(path, profile), *faults_of(profile)] or wrong_examples(profile)
    if faults:
        raise ProfileError(f"{path.name}: {fault}." for fault in faults)
    return profile


@lru_cache
def load_profile(key: str) -> Profile:
    """Return the profile of this name and version, such as kochki_2020@1; raise ProfileError where there is none."""
    path = files("profiles").get(key) if _RELEASE.fullmatch(key) else None
    if path is None:
        raise unknown(key)
    return read_profile(path)


@lru_cache
def profile_of(name: str) -> Profile:
    """Return the newest version of a procedure, such as kochki_2020."""
    found = versions_of(name)
    if not found:
        raise unknown(name)
    return load_profile(found[0])


def versions_of(name: str) -> list[str]:
    """Return the keys of a procedure's versions, the newest first."""
    versions = [int(match[2]) for key in released() if (match := _RELEASE.fullmatch(key)) and match[1] == name]
    return [f"{name}@{version}" for version in sorted(versions, reverse=True)]


def newest_key(name: str) -> str:
    """Return the name under which a new subject keeps its procedure; the file is not read.

    Also of a procedure that is not here: nothing is lost for want of its file, the subject keeps that fault.
    """
    return next(iter(versions_of(name)), f"{name}@1")


@lru_cache
def released() -> tuple[str, ...]:
    """Return the keys of all profiles there are: those of the release, then a region's own."""
    return tuple(name for name in files("profiles") if _RELEASE.fullmatch(name))


def names() -> tuple[str, ...]:
    """Return the procedures there are, whatever their versions."""
    return tuple(dict.fromkeys(key.partition("@")[0] for key in released()))


def unknown(name: str) -> ProfileError:
    """Return the refusal of a profile that is not here."""
    return ProfileError([f"Порядка «{name[:60]}» здесь нет; есть: {', '.join(released())}."])


def serve_region(folder: Path | None) -> None:
    """Serve a region's own files too; raise ProfileError, and serve what was served before, when one is broken."""
    before = regions.own_folder()
    if folder == before:
        return
    _serve(folder)
    try:
        for name in calendar.layer_names():
            calendar.load_layer(name)
        for key in released():
            load_profile(key)
    except FileError:
        _serve(before)
        raise


def _serve(folder: Path | None) -> None:
    regions.also_serve(folder)
    for kept in (released, load_profile, profile_of):
        kept.cache_clear()
    calendar.forget()


def _misnamed(path: Path, profile: Profile) -> list[str]:
    """Compare what a file is called with what it holds, where its name is a release's."""
    if not _RELEASE.fullmatch(path.stem) or path.stem == profile.key:
        return []
    return [f"id и version: в файле «{profile.key}», а файл назван «{path.stem}»"]
