"""Verbs of «Вернусь на связь»: opened before the signal goes, closed by a word, missed when none came."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from curator_app.audit.service import record
from curator_app.auth.models import Enrolment, Person
from curator_app.clock import now
from curator_app.database import claim, insert_once
from curator_app.errors import Conflict
from curator_app.subjects.models import Event, Subject
from curator_app.subjects.service import record_event, subject_of_person
from curator_app.urgent.acts import CheckInAct
from curator_app.urgent.models import CheckIn
from curator_app.urgent.service import Sender, place_of

RETURN = "return"
REOPENED = "на связи не был, отметили по ошибке"


def record_check_in(session: Session, act: CheckInAct, sender: Sender) -> CheckIn:
    """Apply what a phone says about a check-in; acts may come late, twice and in any order.

    The hour only moves later, and a check-in that was closed stays closed. Raises NotVisible when the family never
    was the author's, Conflict when the id is another's.
    """
    place = place_of(session, act.family_id, sender)
    subject = subject_of_person(session, sender.author, place.organisation.territory)
    opened_at = act.opened_at or act.at or sender.phone_at or sender.received_at
    is_new = insert_once(
        session,
        CheckIn,
        id=act.id,
        person_id=sender.author.id,
        organisation_id=place.organisation.id,
        subject_id=subject.id,
        family_id=act.family_id,
        opened_at=opened_at,
        received_at=sender.received_at,
        until_at=act.until_at,
    )
    check_in = session.get_one(CheckIn, act.id)
    if check_in.person_id != sender.author.id:
        raise Conflict
    if is_new:
        _write_down(
            session, check_in, "check_in_opened", at=opened_at, person=sender.author, enrolment=sender.enrolment
        )
    elif act.act != RETURN and act.until_at > check_in.until_at:
        _move(session, check_in, act.until_at)
    if act.act == RETURN:
        close(session, check_in, sender.author, at=act.at or sender.received_at, enrolment=sender.enrolment)
    return check_in


def close(
    session: Session, check_in: CheckIn, person: Person, *, at: datetime, enrolment: Enrolment | None = None
) -> bool:
    """Close it: they are back, or the duty person has reached them. True for the first who says so."""
    then = {"closed_at": at, "closed_by_id": person.id}
    if not claim(session, CheckIn, check_in.id, when={"closed_at": None}, then=then):
        return False
    _write_down(session, check_in, "check_in_closed", at=at, person=person, enrolment=enrolment)
    return True


def reopen(session: Session, check_in: CheckIn, person: Person) -> bool:
    """Take back that somebody was reached; False when nobody said so for them, or it was taken back already."""
    closed_at, by = check_in.closed_at, check_in.closed_by_id
    if closed_at is None or by == check_in.person_id:
        return False
    when = {"closed_at": closed_at, "closed_by_id": by}
    if not claim(session, CheckIn, check_in.id, when=when, then={"closed_at": None, "closed_by_id": None}):
        return False
    closed = select(Event).where(Event.subject_id == check_in.subject_id, Event.type == "check_in_closed")
    told = [one for one in session.scalars(closed) if one.data.get("check_in") == str(check_in.id)]
    at = now()
    subject = session.get_one(Subject, check_in.subject_id)
    on = at.astimezone(ZoneInfo(subject.territory.zone)).date()
    for one in told:
        data = {"corrects": str(one.id), "void": True, "reason": REOPENED}
        record_event(subject, "event_corrected", on=on, at=at, data=data, author=person)
    record(session, "check_in:reopened", person_id=person.id, family_id=check_in.family_id, object_id=check_in.id)
    return True


def note_tried(session: Session, check_in: CheckIn, person: Person) -> None:
    """Write down that the duty person called and does not reach them."""
    check_in.tried_at = now()
    record(session, "check_in:tried", person_id=person.id, family_id=check_in.family_id, object_id=check_in.id)


def miss(session: Session, check_in: CheckIn) -> bool:
    """Write down that the hour passed without a word; False when somebody else did, or they are back, or it moved."""
    at = now()
    when = {"missed_at": None, "closed_at": None, "until_at": check_in.until_at}
    if check_in.until_at >= at or not claim(session, CheckIn, check_in.id, when=when, then={"missed_at": at}):
        return False
    _write_down(session, check_in, "check_in_missed", at=at)
    return True


def _move(session: Session, check_in: CheckIn, until: datetime) -> None:
    """Set a later hour. What was missed and is expected again may be missed again."""
    forgiven = {"missed_at": None} if until > now() else {}
    session.execute(
        update(CheckIn).where(CheckIn.id == check_in.id, CheckIn.until_at < until).values(until_at=until, **forgiven)
    )


def _write_down(
    session: Session,
    check_in: CheckIn,
    event: str,
    *,
    at: datetime,
    person: Person | None = None,
    enrolment: Enrolment | None = None,
) -> None:
    subject = session.get_one(Subject, check_in.subject_id)
    record_event(
        subject,
        event,
        on=at.astimezone(ZoneInfo(subject.territory.zone)).date(),
        at=at,
        data={"check_in": str(check_in.id)},
        author=person,
        enrolment=enrolment,
    )
    record(
        session,
        event.replace("check_in_", "check_in:"),
        person_id=person.id if person else None,
        family_id=check_in.family_id,
        object_id=check_in.id,
    )
