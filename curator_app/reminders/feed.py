"""The days of somebody's work for their calendar program (RFC 5545): a time and a number, never a name or a place."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from curator_app.audit.service import record
from curator_app.auth.models import Person, SignIn
from curator_app.cases.models import CaseFile
from curator_app.clock import now
from curator_app.database import insert_unique, uuid7
from curator_app.families.models import Family
from curator_app.reminders.models import CalendarLink
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import CASE_ROLES, Assignment, Subject
from curator_app.texts import text
from curator_app.visits.meetings import agreed_meetings
from curator_app.visits.planning import plans_of

AHEAD = timedelta(days=92)
MOST = 500
MEETING_LASTS = timedelta(hours=1)
PRODUCT = "-//Kurator//reminders//RU"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the calendar: a meeting with or without an hour, or the last day of something owed."""

    uid: str
    title: str
    on: date
    at: time | None = None


def make_link(session: Session, by: SignIn) -> str:
    """Make the address's secret part, shown this once; an earlier one is void."""
    session.execute(delete(CalendarLink).where(CalendarLink.person_id == by.person_id))
    token = secrets.token_urlsafe(32)
    values = {"person_id": by.person_id, "token_hash": _hash(token)}
    insert_unique(session, CalendarLink, ("person_id",), id=uuid7(), created_at=now(), **values)
    record(session, "calendar:shared", person_id=by.person_id, enrolment_id=by.enrolment_id, object_id=by.person_id)
    return token


def drop_link(session: Session, by: SignIn) -> None:
    """Let the address lead nowhere."""
    session.execute(delete(CalendarLink).where(CalendarLink.person_id == by.person_id))
    record(session, "calendar:closed", person_id=by.person_id, enrolment_id=by.enrolment_id, object_id=by.person_id)


def link_of(session: Session, person: Person) -> CalendarLink | None:
    """Return the person's link, if there is one."""
    return session.scalars(select(CalendarLink).where(CalendarLink.person_id == person.id)).first()


def by_token(session: Session, token: str) -> CalendarLink | None:
    """Return the link that a program asks by, unless it was replaced or taken back."""
    return session.scalars(select(CalendarLink).where(CalendarLink.token_hash == _hash(token))).first()


def calendar_of(session: Session, person: Person, zone: ZoneInfo, on: date) -> bytes:
    """Return a person's meetings and last days of the next three months as an .ics file."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", text("letters.brand"))
    calendar.add("refresh-interval", timedelta(hours=6))
    calendar.add_component(Timezone.from_tzinfo(zone))
    for entry in entries_of(session, person, on):
        calendar.add_component(_event(entry, zone, on))
    return bytes(calendar.to_ical())


def entries_of(session: Session, person: Person, on: date) -> list[Entry]:
    """Return what is in a person's calendar, by day."""
    carried = select(Subject).join(Assignment, Assignment.subject_id == Subject.id)
    held = (Assignment.since_on <= on) & (Assignment.until_on.is_(None) | (Assignment.until_on >= on))
    carried = carried.where(Assignment.person_id == person.id, Assignment.role.in_(CASE_ROLES), held)
    subjects = session.scalars(carried.where(Subject.closed_on.is_(None)).distinct()).all()
    numbers = _numbers(session, subjects)
    found = [*_meetings(session, subjects, numbers, on), *_duties(session, subjects, numbers, on)]
    return sorted(found, key=lambda one: (one.on, one.at or time.min, one.uid))[:MOST]


def _meetings(session: Session, subjects: Sequence[Subject], numbers: dict[object, str], on: date) -> Iterator[Entry]:
    families = {one.family_id: one for one in subjects if one.family_id is not None}
    days = {key: (one.on, one.time) for key, one in agreed_meetings(session, list(families), on).items()}
    for key, plan in plans_of(session, list(families)).items():
        # What was planned last holds; an hour agreed for that very day stays.
        agreed = days.get(key)
        days[key] = (plan.on, plan.time or (agreed[1] if agreed and agreed[0] == plan.on else ""))
    for key, (day, hour) in days.items():
        if on <= day <= on + AHEAD:
            title = text("reminder_settings.cal_meeting", number=numbers.get(families[key].id, ""))
            yield Entry(f"meeting-{key}-{day}", title.strip(" №"), day, time.fromisoformat(hour) if hour else None)


def _duties(session: Session, subjects: Sequence[Subject], numbers: dict[object, str], on: date) -> Iterator[Entry]:
    query = select(DutyRow).where(DutyRow.subject_id.in_([one.id for one in subjects]), DutyRow.met_on.is_(None))
    query = query.where(DutyRow.due_on >= on, DutyRow.due_on <= on + AHEAD, DutyRow.paused_since.is_(None))
    for row in session.scalars(query.order_by(DutyRow.due_on).limit(MOST).options(joinedload(DutyRow.subject))):
        title = text("reminder_settings.cal_deadline", number=numbers.get(row.subject_id, ""))
        yield Entry(f"duty-{row.id}", title.strip(" №"), row.due_on or on)


def _numbers(session: Session, subjects: Sequence[Subject]) -> dict[object, str]:
    ids = [one.id for one in subjects]
    covers = dict(
        session.execute(select(CaseFile.subject_id, CaseFile.number).where(CaseFile.subject_id.in_(ids))).all()
    )
    families = [one.family_id for one in subjects if one.family_id is not None]
    cards = dict(session.execute(select(Family.id, Family.case_no).where(Family.id.in_(families))).all())
    return {one.id: str(covers.get(one.id) or (one.family_id and cards.get(one.family_id)) or "") for one in subjects}


def _event(entry: Entry, zone: ZoneInfo, on: date) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@kurator")
    event.add("dtstamp", datetime.combine(on, time.min, ZoneInfo("UTC")))
    event.add("summary", entry.title)
    event.add("description", text("reminder_settings.cal_more"))
    # Days of work are shown busy to nobody else's eyes than the owner's.
    event.add("class", "PRIVATE")
    if entry.at is None:
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        return event
    begins = datetime.combine(entry.on, entry.at, zone)
    event.add("dtstart", begins)
    event.add("dtend", begins + MEETING_LASTS)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    alarm.add("trigger", timedelta(hours=-1))
    event.add_component(alarm)
    return event


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
