"""Signals of the demonstration that nobody has decided about: how they came, and how far their check has come."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from curator_app.auth.models import Person, Territory
from curator_app.clock import now, today
from curator_app.families.models import Family
from curator_app.intake.models import CHECKING, SENT, TAKEN, Informant, Signal
from curator_app.procedures.profiles_loader import newest_key
from curator_app.subjects.models import Subject
from curator_app.subjects.numbers import next_in
from curator_app.subjects.service import record_event

CONTENT = Path(__file__).with_name("signals.toml")
IN_CHECK = frozenset({"primary_diagnosis_done", "survey_done", "signal_checked"})
Entry = dict[str, Any]


def put_signals(session: Session, territories: Mapping[str, Territory], people: Mapping[str, Person]) -> None:
    """Record the signals of these territories; who told one gets its line of feedback."""
    for entry in _signals():
        territory = territories.get(entry["territory"])
        if territory is not None and entry.get("by", "") in {"", *people}:
            put_signal(session, entry, territory, people.get(entry.get("by", "")))


def put_signal(session: Session, entry: Entry, territory: Territory, author: Person | None) -> Signal:
    """Record one signal with what has happened to it so far."""
    subject = Subject(kind="signal", territory=territory, procedure=newest_key(territory.procedure))
    session.add(subject)
    session.flush()
    on = today(territory.zone)
    signal = _kept(session, entry, subject, on)
    signal.author_id = author.id if author else None
    signal.organisation_id = author.roles[0].organisation_id if author else None
    session.flush()
    for what in entry["events"]:
        said = {name: what[name] for name in ("outcome",) if name in what}
        record_event(subject, what["type"], on=_day(on, what), data=said, author=author)
    return signal


def signal_of(session: Session, subject: Subject, family: Family, events: list[Entry]) -> Signal:
    """Give a family that is known by a signal only its line in the journal."""
    told: Entry = {
        "way": "notice",
        "source": "health",
        "facts": family.story,
        "children": [{"name": f"{family.surname}, {child.name}", "age": "", "place": ""} for child in family.children],
        "address": family.address,
        "events": events,
    }
    signal = _kept(session, told, subject, today(family.territory.zone))
    signal.family_id = family.id
    session.flush()
    return signal


def _kept(session: Session, entry: Entry, subject: Subject, on: date) -> Signal:
    types = {what["type"] for what in entry["events"]}
    known_on = _day(on, entry["events"][0])
    zone = ZoneInfo(subject.territory.zone)
    at = min(datetime.combine(known_on, time(12, 30), zone), now())
    signal = Signal(
        subject=subject,
        territory=subject.territory,
        way=entry["way"],
        source=entry["source"],
        known_on=known_on,
        received_at=at,
        facts=entry["facts"],
        safe_now=entry.get("safe_now", "unknown"),
        children=entry["children"],
        adults=entry.get("adults", ""),
        address=entry.get("address", ""),
        state=SENT,
    )
    if "signal_registered" in types:
        signal.year, signal.registered_at = known_on.year, at
        signal.number = next_in(session, f"signal:{subject.territory_id}", known_on.year)
        signal.state = CHECKING if types & IN_CHECK else TAKEN
    session.add(signal)
    if "teller" in entry:
        session.add(Informant(signal=signal, **entry["teller"]))
    return signal


def _day(today: date, what: Entry) -> date:
    return today - timedelta(days=what["ago"])


@lru_cache
def _signals() -> list[Entry]:
    found: list[Entry] = tomllib.loads(CONTENT.read_text(encoding="utf-8"))["signals"]
    return found
