"""Questions a page asks: whom to see, what happened, what waits."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from curator_app.auth.models import Person
from curator_app.cases.safety_models import MeasureCheck
from curator_app.clock import today
from curator_app.families.models import Family
from curator_app.procedures.corrections import CORRECTION
from curator_app.subjects.doors import is_told_in_dossier, subjects_of_family
from curator_app.subjects.models import Assignment, Event, Subject
from curator_app.visits.models import Contact, Photo, Visit

TIMELINE_LENGTH = 60
PHOTOS_OF_A_FAMILY = 3


@dataclass(frozen=True)
class TimelineEntry:
    """One line of a dossier's history: an event, and the visit it tells of where the reader may see it."""

    event: Event
    visit: Visit | None
    contact: Contact | None = None


def subjects_of(session: Session, family: Family, person: Person) -> list[Subject]:
    """Return the family's cases, early help and aftercare that the person may open at a desk."""
    return list(session.scalars(subjects_of_family(person, today(family.territory.zone), family.id)))


def curator_of(session: Session, family: Family, on: date) -> Person | None:
    """Return who the family is assigned to on that day."""
    row = session.execute(current_curators(on, [family.id])).first()
    return row[1] if row else None


def timeline(session: Session, family: Family, person: Person, on: date, *, raw: bool) -> list[TimelineEntry]:
    """Return the newest of the family's events that the person may be told of, with their visits and photos."""
    events = session.scalars(
        select(Event)
        .join(Subject)
        .where(Subject.family_id == family.id, Event.type != CORRECTION, is_told_in_dossier(person, on))
        .order_by(Event.on.desc(), Event.recorded_at.desc(), Event.no.desc())
        .options(selectinload(Event.author))
        .limit(TIMELINE_LENGTH)
    ).all()
    return told(session, events, raw=raw)


def told(session: Session, events: Sequence[Event], *, raw: bool) -> list[TimelineEntry]:
    """Return events with what their records say, in their order; what a newer version replaced is left out.

    Without the raw layer an event is its title and day.
    """
    visits = session.scalars(
        select(Visit)
        .where(Visit.event_id.in_([event.id for event in events]))
        .options(selectinload(Visit.author), selectinload(Visit.photos), selectinload(Visit.observations))
        .options(selectinload(Visit.notes), selectinload(Visit.statements), selectinload(Visit.mentions))
        .options(selectinload(Visit.promises), selectinload(Visit.child_words), selectinload(Visit.acquaintance))
        .options(selectinload(Visit.found).selectinload(MeasureCheck.measure))
    ).all()
    by_event = {visit.event_id: visit for visit in visits}
    current = [event for event in events if event.id not in by_event or by_event[event.id].superseded_at is None]
    if not raw:
        return [TimelineEntry(event, None) for event in current]
    contacts = _contacts_of(session, current)
    return [TimelineEntry(event, by_event.get(event.id), contacts.get(event.id)) for event in current]


def _contacts_of(session: Session, events: Sequence[Event]) -> dict[uuid.UUID | None, Contact]:
    ids = [event.id for event in events if event.type == "contact_made"]
    if not ids:
        return {}
    found = select(Contact).where(Contact.event_id.in_(ids))
    found = found.options(selectinload(Contact.author), selectinload(Contact.promises))
    found = found.options(selectinload(Contact.found).selectinload(MeasureCheck.measure))
    return {row.event_id: row for row in session.scalars(found)}


def last_photos(session: Session, family: Family) -> Sequence[Photo]:
    """Return the few newest pictures that can be shown: those that a phone carries as thumbnails."""
    return session.scalars(
        select(Photo)
        .join(Visit)
        .where(Visit.family_id == family.id, Visit.superseded_at.is_(None), Photo.state == "ready")
        .order_by(Visit.on.desc(), Visit.received_at.desc(), Photo.position)
        .options(contains_eager(Photo.visit))
        .limit(PHOTOS_OF_A_FAMILY)
    ).all()


def timeline_version(session: Session, family: Family) -> str:
    """Return a short text that changes whenever the timeline would look different.

    The last event's number says that something happened; the counts of photos by state say that the
    worker finished one.
    """
    numbers = session.scalars(
        select(Subject.last_event_no).where(Subject.family_id == family.id).order_by(Subject.id)
    ).all()
    states = session.execute(_photo_states(family)).all()
    return ".".join([*(str(number) for number in numbers), *(f"{state[:3]}{count}" for state, count in sorted(states))])


def _photo_states(family: Family) -> Select[str, int]:
    return select(Photo.state, func.count()).join(Visit).where(Visit.family_id == family.id).group_by(Photo.state)


def current_curators(on: date, family_ids: Sequence[uuid.UUID]) -> Select[uuid.UUID | None, Person]:
    """Select (family's id, its curator) of those days' assignments."""
    return (
        select(Subject.family_id, Person)
        .join(Assignment, Assignment.subject_id == Subject.id)
        .join(Person, Person.id == Assignment.person_id)
        .where(
            Subject.family_id.in_(family_ids),
            Assignment.role == "case_curator",
            Assignment.since_on <= on,
            Assignment.until_on.is_(None) | (Assignment.until_on >= on),
        )
    )
