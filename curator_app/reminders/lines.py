"""What a person's list of reminders says: each line's words come from the row it names, for whoever may open that."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from curator_app.auth.models import Person
from curator_app.clock import now
from curator_app.errors import NotVisible
from curator_app.families.models import Family
from curator_app.procedures.profiles_loader import load_profile
from curator_app.procedures.toml_files import FileError
from curator_app.reminders.models import Reminder
from curator_app.reminders.paths import phone_path
from curator_app.subjects.doors import subject_is_visible_to
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Subject

PAGE = 30
MOST_COUNTED = 99
DELAYS = "/duties/"


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """One line: what is to be done, whose it is, where it leads."""

    reminder: Reminder
    title: str
    """What the document calls the duty; empty where the kind says it all, or the reader may not open it."""
    family: str
    path: str
    """Empty where there is nothing to open."""
    is_done: bool


@dataclass(frozen=True, slots=True)
class ReminderPage:
    """Some lines, the newest first, and the one behind which the next page begins."""

    rows: list[ReminderLine]
    after: uuid.UUID | None


def unread(session: Session, person: Person, on: date) -> int:
    """Count what waits for a person; more than the badge holds is not counted."""
    some = Reminder.waiting_for(person, on).with_only_columns(Reminder.id).limit(MOST_COUNTED)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def page_of(
    session: Session, person: Person, on: date, after: uuid.UUID | None = None, *, phone: bool = False
) -> ReminderPage:
    """Return a page of a person's reminders; raise NotVisible when `after` is not one of them.

    On a `phone` a line leads to what the phone has.
    """
    query = Reminder.visible_to(person, on)
    if after is not None:
        if session.scalar(query.with_only_columns(Reminder.id).where(Reminder.id == after)) is None:
            raise NotVisible
        # Ids are in the order of time: a place, not a number, is the cursor.
        query = query.where(Reminder.id < after)
    query = query.order_by(Reminder.id.desc()).limit(PAGE + 1)
    found = session.scalars(query.options(joinedload(Reminder.duty))).all()
    shown = found[:PAGE]
    return ReminderPage(_lines(session, person, on, shown, phone=phone), shown[-1].id if len(found) > PAGE else None)


def title_of(duty: DutyRow) -> str:
    """Return what the document calls a duty; empty where its profile cannot be read."""
    try:
        rules = load_profile(duty.procedure).duties
    except FileError:
        return ""
    return next((rule.title for rule in rules if rule.id == duty.rule), "")


def _lines(session: Session, person: Person, on: date, rows: Sequence[Reminder], *, phone: bool) -> list[ReminderLine]:
    subjects = _open_to(session, person, on, {one.subject_id for one in rows if one.subject_id})
    found = []
    for one in rows:
        may = one.subject_id is None or one.subject_id in subjects
        family = subjects.get(one.subject_id, "") if one.subject_id else ""
        title = title_of(one.duty) if one.duty and may else ""
        done = one.settled_at is not None or (one.duty is not None and one.duty.met_on is not None)
        path = path_for(session, one, person, on, phone=phone) if may else ""
        found.append(ReminderLine(one, title, family, path, done))
    return found


def path_for(session: Session, one: Reminder, person: Person, on: date, *, phone: bool) -> str:
    """Return where a reminder leads; what stood in the way is said on a phone too, while there is a network."""
    return phone_path(session, one, person, on) if phone and not one.path.startswith(DELAYS) else one.path


def _open_to(session: Session, person: Person, on: date, ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return those of the subjects that the person may open, each with its family's surname."""
    query = select(Subject.id, Family.surname).outerjoin(Family, Family.id == Subject.family_id)
    query = query.where(Subject.id.in_(ids), subject_is_visible_to(person, on) | (Subject.person_id == person.id))
    return {key: surname or "" for key, surname in session.execute(query)}


def mark_read(session: Session, person: Person, on: date, key: uuid.UUID | None = None) -> int:
    """Note that one reminder was read, or all of them; return how many were unread. The caller commits."""
    mine = Reminder.visible_to(person, on).with_only_columns(Reminder.id)
    query = update(Reminder).where(Reminder.id.in_(mine), Reminder.read_at.is_(None)).values(read_at=now())
    if key is not None:
        query = query.where(Reminder.id == key)
    done = session.execute(query.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]
