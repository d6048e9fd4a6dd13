"""Records that wait on a phone for days: its owner is asked to open the app where there is a network."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from curator_app.auth.models import ACTIVE, Enrolment
from curator_app.auth.unsent import days_passed, next_look
from curator_app.database import claim
from curator_app.reminders.models import UNSENT, Reminder
from curator_app.reminders.places import Places
from curator_app.reminders.telling import Said, remind


def due_phones(session: Session, at: datetime, most: int) -> Sequence[uuid.UUID]:
    """Return the phones whose moment has come; the cost grows with these, not with all there are."""
    query = select(Enrolment.id).where(Enrolment.unsent_look_at <= at).order_by(Enrolment.unsent_look_at).limit(most)
    return session.scalars(query).all()


def look_at_phone(session: Session, places: Places, key: uuid.UUID, at: datetime) -> bool:
    """Say that records wait, or that none do any more; False when somebody else did. The caller commits."""
    phone = session.get(Enrolment, key, populate_existing=True)
    if phone is None or phone.unsent_look_at is None or phone.unsent_look_at > at:
        return False
    days = days_passed(phone, at) if phone.state == ACTIVE else None
    ahead = next_look(phone, at) if phone.state == ACTIVE else None
    if not claim(
        session, Enrolment, key, when={"unsent_look_at": phone.unsent_look_at}, then={"unsent_look_at": ahead}
    ):
        return False
    if days:
        oldest = phone.oldest_unsent_at
        step = f"{days}@{oldest:%Y-%m-%dT%H:%M}"
        remind(session, places, phone.person_id, Said(UNSENT, phone.id, step, "/outbox"), at)
    if days or ahead:
        return True
    settled = update(Reminder).where(Reminder.about_id == phone.id, Reminder.kind == UNSENT)
    session.execute(
        settled.where(Reminder.person_id == phone.person_id, Reminder.settled_at.is_(None)).values(settled_at=at)
    )
    return True
