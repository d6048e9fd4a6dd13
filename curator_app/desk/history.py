"""A family's whole history: narrowed by what one looks for, page after page, newest first."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, false, or_, select, tuple_
from sqlalchemy.orm import Session, selectinload

from curator_app.auth.models import Person
from curator_app.desk.service import TimelineEntry, told
from curator_app.errors import NotVisible
from curator_app.families.models import Family
from curator_app.procedures.corrections import CORRECTION
from curator_app.subjects.doors import is_told_in_dossier
from curator_app.subjects.models import Event, Subject
from curator_app.visits.models import ChildWords, Observation, Photo, SectionNote, Statement, Visit

PAGE = 25
SHARED_KINDS = ("visits", "attempts", "contacts", "alarms")
"""What the shared card's titles say anyway; the rest is asked of the records' own words."""
RAW_KINDS = ("photos", "corrections")
KINDS = (*SHARED_KINDS, *RAW_KINDS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one looks for; an empty part narrows nothing."""

    kinds: tuple[str, ...] = ()
    about: uuid.UUID | None = None
    """A child or an adult of the family."""
    by: uuid.UUID | None = None
    """Who wrote it."""
    section: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def anything(self) -> bool:
        """Tell whether it narrows at all."""
        return bool(self.kinds or self.about or self.by or self.section or self.since or self.until)


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some entries, and the event after which the older ones begin (None at the end)."""

    entries: list[TimelineEntry]
    after: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Reading:
    """Whose history, and who reads it on which day; `raw`: whether the raw layer is open to them."""

    family: Family
    person: Person
    on: date
    raw: bool


def history(session: Session, reading: Reading, wanted: Wanted, after: uuid.UUID | None = None) -> HistoryPage:
    """Return one page of a family's history; without the raw layer only what titles and days say is asked for.

    Raises NotVisible when `after` is no event of this family.
    """
    query = _of_family(reading).where(*_conditions(wanted, raw=reading.raw))
    if after is not None:
        last = session.scalars(_of_family(reading).where(Event.id == after)).first()
        if last is None:
            raise NotVisible
        query = query.where(tuple_(Event.on, Event.recorded_at, Event.id) < (last.on, last.recorded_at, last.id))
    query = query.order_by(Event.on.desc(), Event.recorded_at.desc(), Event.id.desc()).limit(PAGE + 1)
    events = session.scalars(query.options(selectinload(Event.author))).all()
    shown = events[:PAGE]
    return HistoryPage(told(session, shown, raw=reading.raw), shown[-1].id if len(events) > PAGE else None)


def authors_of(session: Session, family: Family) -> Sequence[Person]:
    """Return everybody who wrote something of this family, by name."""
    wrote = select(Event.author_id).join(Subject).where(Subject.family_id == family.id)
    return session.scalars(select(Person).where(Person.id.in_(wrote)).order_by(Person.name)).all()


def _of_family(reading: Reading) -> Select[Event]:
    """Select a family's events but those whose record has a newer version, and the word that says so."""
    replaced = exists().where(Visit.event_id == Event.id, Visit.superseded_at.is_not(None))
    own = (Subject.family_id == reading.family.id) & is_told_in_dossier(reading.person, reading.on)
    return select(Event).join(Subject).where(own, ~replaced, Event.type != CORRECTION)


def _conditions(wanted: Wanted, *, raw: bool) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.kinds:
        known = KINDS if raw else SHARED_KINDS
        found.append(or_(false(), *(_KINDS[kind] for kind in wanted.kinds if kind in known)))
    if wanted.since:
        found.append(Event.on >= wanted.since)
    if wanted.until:
        found.append(Event.on <= wanted.until)
    if wanted.by:
        found.append(Event.author_id == wanted.by)
    if raw and wanted.about:
        found.append(or_(*(_speaks(table, table.member_id == wanted.about) for table in _ABOUT)))
    if raw and wanted.section:
        found.append(or_(*(_speaks(table, table.section == wanted.section) for table in _SECTIONED)))
    return found


def _speaks(table: type[_Part], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Tell whether the event's visit has such a part."""
    return exists().where(Visit.event_id == Event.id, table.visit_id == Visit.id, condition)


_Part = Observation | SectionNote | Statement | ChildWords
_ABOUT: tuple[type[_Part], ...] = (Observation, SectionNote, Statement, ChildWords)
_SECTIONED: tuple[type[Observation | SectionNote], ...] = (Observation, SectionNote)
_KINDS: dict[str, ColumnElement[bool]] = {
    "visits": Event.type == "visit_made",
    "attempts": Event.type == "visit_attempted",
    "contacts": Event.type == "contact_made",
    "alarms": Event.type.startswith("alarm_"),
    "photos": or_(
        exists().where(Visit.event_id == Event.id, Photo.visit_id == Visit.id), Event.type == "photo_withdrawn"
    ),
    "corrections": exists().where(Visit.event_id == Event.id, Visit.supersedes_id.is_not(None)),
}
