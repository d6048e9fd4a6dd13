"""The journal of signals: page by page and narrowed, for the intake and the commission of a territory."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from curator_app import texts
from curator_app.auth.models import Person, Territory
from curator_app.families.words import words
from curator_app.intake.models import COMMISSION, INTAKE, SENT, Signal, signal_word, territories_of
from curator_app.intake.places import ADDRESS, NAME
from curator_app.procedures.profiles_loader import load_profile
from curator_app.procedures.toml_files import FileError

PAGE = 30
FEW_TERRITORIES = 5
MANY = 100
"""Whoever has that many to read is told no exact number: it is counted at every look at «Сегодня»."""
MOST_ROWS = 5000
"""Of one file: a territory's year has hundreds. More is asked for period by period."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one looks for; days are those on which a signal came in, in the reader's zone."""

    zone: str
    state: str = ""
    way: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def anything(self) -> bool:
        """Tell whether anything is narrowed at all."""
        return any((self.state, self.way, self.text, self.since, self.until))


@dataclass(frozen=True, slots=True)
class Page:
    """Some signals, the newest first, and the last of them where the journal goes on."""

    rows: Sequence[Signal]
    last: uuid.UUID | None


def journal(session: Session, person: Person, on: date, wanted: Wanted, after: uuid.UUID | None = None) -> Page:
    """Return a page of the journal behind the signal `after`."""
    query = _wanted(session, person, on, wanted)
    mark = session.execute(select(Signal.received_at, Signal.id).where(Signal.id == after)).first() if after else None
    if mark is not None:
        query = query.where(tuple_(Signal.received_at, Signal.id) < tuple_(*mark))
    found = session.scalars(
        query.options(joinedload(Signal.territory), joinedload(Signal.leads_to)).limit(PAGE + 1)
    ).all()
    return Page(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def unread(session: Session, person: Person, on: date) -> int | None:
    """Return how many signals nobody has taken in yet, at most MANY; None for whoever takes in none."""
    here = [one.id for one in territories_taken_in(session, person, on, intake_only=True)]
    if not here:
        return None
    first = select(Signal.id).where(Signal.territory_id.in_(here), Signal.state == SENT).limit(MANY).subquery()
    return session.scalar(select(func.count()).select_from(first)) or 0


def whole(session: Session, person: Person, on: date, wanted: Wanted) -> list[Signal]:
    """Return what a file holds: the same signals, at most MOST_ROWS."""
    query = _wanted(session, person, on, wanted).options(joinedload(Signal.territory), joinedload(Signal.organisation))
    return list(session.scalars(query.limit(MOST_ROWS)))


def territories_taken_in(session: Session, person: Person, on: date, *, intake_only: bool) -> list[Territory]:
    """Return the territories whose signals the person takes in, or also those whose commission she serves."""
    roles = (INTAKE,) if intake_only else (INTAKE, *COMMISSION)
    query = select(Territory).where(Territory.id.in_(territories_of(person, on, roles)))
    return list(session.scalars(query.order_by(Territory.name)))


def as_csv(signals: Iterable[Signal], outcome: Callable[[Signal], str]) -> str:
    """Write the journal as a spreadsheet reads it; who told it is not in there."""
    says = texts.tables()["signals"]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(says["columns"].values())
    for signal in signals:
        writer.writerow([_harmless(cell) for cell in (*_cells(signal, says), outcome(signal))])
    # A spreadsheet takes a file without the mark for Windows-1251.
    return "\ufeff" + out.getvalue()


def _wanted(session: Session, person: Person, on: date, wanted: Wanted) -> Select[Signal]:
    here = [one.id for one in territories_taken_in(session, person, on, intake_only=False)]
    # Of many territories all signals are walked in their order until a page is full; of a few each has an index.
    place: Any = Signal.territory_id
    if len(here) > FEW_TERRITORIES:
        place = func.coalesce(place, place)
    query = select(Signal).where(place.in_(here))
    if wanted.state:
        query = query.where(Signal.state == wanted.state)
    if wanted.way:
        query = query.where(Signal.way == wanted.way)
    zone = ZoneInfo(wanted.zone)
    if wanted.since:
        query = query.where(Signal.received_at >= datetime.combine(wanted.since, time(), zone))
    if wanted.until:
        query = query.where(Signal.received_at < datetime.combine(wanted.until + timedelta(days=1), time(), zone))
    if wanted.text:
        query = _naming(query, wanted.text)
    return query.order_by(Signal.received_at.desc(), Signal.id.desc())


def _naming(query: Select[Signal], text: str) -> Select[Signal]:
    """Narrow to a number of the journal, or to signals that have every word of the text."""
    digits = text.strip().removeprefix("№").strip()
    year, _dash, number = digits.rpartition("-")
    if number.isdigit() and (year.isdigit() or not year):
        query = query.where(Signal.number == int(number[:9]))
        return query.where(Signal.year == int(year[:4])) if year else query
    for word in words(text):
        # From the word to its signals: to ask each signal for the word would read the whole journal.
        column = signal_word.c
        begins = (column.word >= word) & (column.word < word + "\uffff")
        query = query.where(Signal.id.in_(select(column.signal_id).where(column.place.in_((NAME, ADDRESS)), begins)))
    return query


def _cells(signal: Signal, says: dict[str, dict[str, str]]) -> Iterable[str]:
    zone = ZoneInfo(signal.territory.zone)
    known = f"{signal.known_on:%d.%m.%Y}"
    if signal.known_at:
        known += f" {signal.known_at.astimezone(zone):%H:%M}"
    children = ", ".join(" ".join(filter(None, (one["name"], one["age"], one["place"]))) for one in signal.children)
    yield signal.journal_no
    yield known
    yield f"{signal.received_at.astimezone(zone):%d.%m.%Y %H:%M}"
    yield f"{signal.registered_at.astimezone(zone):%d.%m.%Y %H:%M}" if signal.registered_at else ""
    yield says["ways"][signal.way]
    yield signal.organisation.name if signal.organisation else ""
    yield children
    yield signal.adults
    yield signal.address
    yield signal.facts
    yield says["safe"][signal.safe_now]
    yield signal.measures
    yield says["states"][signal.state]


def outcome_words(signal: Signal) -> str:
    """Say what became of it: our own outcome, or the profile's in its own words."""
    if not signal.outcome:
        return ""
    known: dict[str, str] = texts.tables()["signals"]["outcomes"]
    return known.get(signal.outcome) or _of_the_profile(signal)


def outcome_for(signal: Signal, *, takes_in: bool) -> str:
    """Say the same to one reader: that a family has early help is its owner's and the intake's alone to know."""
    leads_to = signal.leads_to
    if not takes_in and leads_to is not None and leads_to.kind == "early_help":
        return ""
    return outcome_words(signal)


def outcomes_for(session: Session, person: Person, on: date) -> Callable[[Signal], str]:
    """Return what says it of many signals: who takes in one territory's may serve another's commission."""
    here = {one.id for one in territories_taken_in(session, person, on, intake_only=True)}
    return lambda signal: outcome_for(signal, takes_in=signal.territory_id in here)


def _of_the_profile(signal: Signal) -> str:
    try:
        outcomes = load_profile(signal.subject.procedure).intake_outcomes
    except FileError:
        return signal.outcome
    return next((one.title for one in outcomes if one.id == signal.outcome), signal.outcome)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
