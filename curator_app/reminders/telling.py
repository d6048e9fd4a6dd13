"""Say one thing to one person once, and put it on its way by the channels they have."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.database import insert_unique, uuid7
from curator_app.reminders.models import ANSWER, AT_ONCE, MAIL, Parcel, Reminder
from curator_app.reminders.places import Place, Places
from curator_app.reminders.rhythm import allowed_from, awake_from, is_morning, next_day_from

DAYS_TRIED = 31
"""So many days' messages are looked at for one that has not gone yet; there is at most one a day."""
ADDRESS = ("person_id", "channel", "target", "key")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said: of which kind, about what, at which step; where a tap leads."""

    kind: str
    about_id: uuid.UUID
    step: str
    path: str
    duty_id: uuid.UUID | None = None
    subject_id: uuid.UUID | None = None
    due_on: date | None = None
    at_once: bool = False
    """Also an ordinary kind that is counted in hours does not wait for the day's one message."""


def remind(session: Session, places: Places, person_id: uuid.UUID, said: Said, at: datetime) -> bool:
    """Write a reminder down and put it on its way; False when the same was said before. The caller commits."""
    key = uuid7()
    what = {"kind": said.kind, "about_id": said.about_id, "step": said.step, "path": said.path, "due_on": said.due_on}
    whose = {"duty_id": said.duty_id, "subject_id": said.subject_id}
    unique = ("person_id", "about_id", "kind", "step")
    if not insert_unique(session, Reminder, unique, id=key, created_at=at, person_id=person_id, **what, **whose):
        return False
    place = places.of_person(person_id)
    # An answer does not wait for tomorrow's message, but it lets people sleep.
    moment = awake_from(at, place.rhythm, place.zone) if said.kind == ANSWER else at
    urgent = f"{said.kind}:{key}" if said.at_once or said.kind in AT_ONCE else ""
    for channel, target in places.ways_to(person_id):
        if urgent:
            _put(session, Parcel(person_id=person_id, channel=channel, target=target, key=urgent, next_at=moment))
        else:
            _join_day(session, person_id, (channel, target), place, at)
    return True


def _join_day(session: Session, person_id: uuid.UUID, way: tuple[str, str], place: Place, at: datetime) -> None:
    """Let the day's message carry it: today's where that has not gone, else the next working day's."""
    channel, target = way
    slot = allowed_from(at, place.rhythm, place.zone, place.calendar)
    if channel == MAIL and not is_morning(slot, place.rhythm, place.zone):
        slot = next_day_from(slot, place.rhythm, place.zone, place.calendar)
    for _ in range(DAYS_TRIED):
        key = slot.astimezone(place.zone).date().isoformat()
        mine = select(Parcel.done_at, Parcel.claimed_at).where(Parcel.person_id == person_id, Parcel.channel == channel)
        # Held until this is committed: whoever takes it to send it reads what is to be said after that.
        mine = mine.where(Parcel.target == target, Parcel.key == key).with_for_update(read=True)
        standing = session.execute(mine).first()
        if standing is None:
            _put(session, Parcel(person_id=person_id, channel=channel, target=target, key=key, next_at=slot))
            return
        # What somebody is just sending was written without this.
        if standing.done_at is None and standing.claimed_at is None:
            return
        slot = next_day_from(slot, place.rhythm, place.zone, place.calendar)


def _put(session: Session, parcel: Parcel) -> None:
    values = {name: getattr(parcel, name) for name in (*ADDRESS, "next_at")}
    insert_unique(session, Parcel, ADDRESS, id=uuid7(), created_at=parcel.next_at, tries=0, outcome="", **values)


def expire(at: datetime) -> datetime:
    """Return the moment before which a claim counts as that of a worker that died."""
    return at - timedelta(minutes=2)
