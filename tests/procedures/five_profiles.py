"""The five released profiles under short names, and what each asks for after the same events."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from curator_app.procedures.calendar import calendar_of
from curator_app.procedures.engine import duties
from curator_app.procedures.facts import Duty, Fact
from curator_app.procedures.profile_checks import parts_of
from curator_app.procedures.profile_definition import Entry, Profile, Role, Rule
from curator_app.procedures.profiles_loader import load_profile

TABLE = load_profile("kdn_stage_table@1")
KRASNOYARSK = load_profile("krasnoyarsk_2011@1")
NOVOSIBIRSK = load_profile("novosibirsk_2022@1")
KOCHKI = load_profile("kochki_2020@1")
BASHKORTOSTAN = load_profile("bashkortostan_2017@1")
ALL = (TABLE, KRASNOYARSK, NOVOSIBIRSK, KOCHKI, BASHKORTOSTAN)


def fact(kind: str, type_: str, on: str, at: str = "", **data: Any) -> Fact:
    """Write an event as a document's reader would tell it; its type is its id too."""
    moment = datetime.fromisoformat(f"{on}T{at}") if at else None
    return Fact(f"{type_} {on}", kind, type_, date.fromisoformat(on), moment, data)


def owed(profile: Profile, *facts: Fact, as_of: str) -> dict[str, Duty]:
    """Return what is owed by a day, by rule; of a rule's several duties the last one."""
    found = duties(profile, facts, calendar_of(profile.calendar), date.fromisoformat(as_of))
    return {duty.rule.id: duty for duty in found}


def rule(profile: Profile, name: str) -> Rule:
    return next(one for one in profile.duties if one.id == name)


def role(profile: Profile, name: str) -> Role:
    return next(one for one in profile.roles if one.id == name)


def called(profile: Profile, word: str) -> set[str]:
    """Return the roles for which a document uses a word, as a word of its own."""
    return {one.id for one in profile.roles if any(word in _words(title) for title in (one.title, *one.also))}


def periods(profile: Profile) -> dict[str, tuple[int, str, str]]:
    """Return how often each periodic duty comes back: how many of what, and in which way."""
    return {one.id: (one.every.n, one.every.unit, one.every.mode) for one in profile.duties if one.every is not None}


def quotes(profile: Profile) -> str:
    """Return every quote of a profile, one a line."""
    entries = (part for _, part in parts_of(profile) if isinstance(part, Entry))
    return "\n".join(one.source.quote for one in entries if one.source)


def _words(title: str) -> set[str]:
    return {word.strip("«»(),.:").lower() for word in title.split()}
