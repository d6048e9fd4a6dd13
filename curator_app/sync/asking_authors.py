"""A record that came and could not be written down: whoever made it is asked to put it right, once for each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, exists, select, update
from sqlalchemy.orm import Session

from curator_app.auth.models import Enrolment
from curator_app.reminders.models import NEEDS_YOU, Reminder
from curator_app.reminders.places import Places
from curator_app.reminders.telling import Said, remind
from curator_app.sync.models import NEEDS_REPAIR, Envelope

PATH = "/outbox"


def unasked(at_most: int) -> Select[Envelope, Enrolment]:
    """Select the records that wait for a hand and of which their author was not told."""
    told = exists().where(
        Reminder.person_id == Enrolment.person_id, Reminder.about_id == Envelope.id, Reminder.kind == NEEDS_YOU
    )
    query = select(Envelope, Enrolment).join(Enrolment, Enrolment.id == Envelope.enrolment_id)
    return query.where(Envelope.state == NEEDS_REPAIR, ~told).order_by(Envelope.seq).limit(at_most)


def ask(session: Session, at: datetime, at_most: int) -> int:
    """Tell authors of what waits for them, and no more of what was put right; return how many were told."""
    places = Places(session)
    waiting = session.execute(unasked(at_most)).all()
    done = sum(
        remind(session, places, phone.person_id, Said(NEEDS_YOU, row.id, "", PATH), at) for row, phone in waiting
    )
    still = exists().where(Envelope.id == Reminder.about_id, Envelope.state == NEEDS_REPAIR)
    over = update(Reminder).where(Reminder.kind == NEEDS_YOU, Reminder.settled_at.is_(None), ~still)
    session.execute(over.values(settled_at=at).execution_options(synchronize_session=False))
    return done
