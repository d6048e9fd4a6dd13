"""Verbs of «Нужно поправить»: a note beside the original, and the head's word that it is done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from curator_app.audit.service import record
from curator_app.auth.models import Person, SignIn
from curator_app.clock import now
from curator_app.families.models import Family
from curator_app.subjects.models import Subject
from curator_app.subjects.service import record_event
from curator_app.sync.models import APPLIED, NEEDS_REPAIR, UNREADABLE, Envelope, RepairNote

CLOSED_BY_NOTE = "closed_by_note"
AT_A_DESK = "repaired_at_desk"
LIMIT = 100


def awaiting_repair(session: Session, person: Person, on: date) -> Sequence[Envelope]:
    """Return what could not be applied or read and the person may know of, the oldest first."""
    query = Envelope.visible_to(person, on).where(Envelope.state.in_((NEEDS_REPAIR, UNREADABLE)))
    return session.scalars(query.order_by(Envelope.seq).limit(LIMIT).options(selectinload(Envelope.repair_notes))).all()


def settled_by_note(session: Session, person: Person, on: date) -> Sequence[Envelope]:
    """Return what a head has settled by a note, the newest first: the originals stay to be read."""
    closed = select(RepairNote.envelope_id).where(RepairNote.closes)
    query = Envelope.visible_to(person, on).where(Envelope.id.in_(closed)).order_by(Envelope.seq.desc()).limit(LIMIT)
    return session.scalars(query.options(selectinload(Envelope.repair_notes))).all()


def waits(envelope: Envelope) -> bool:
    """Tell whether somebody is still asked to do something about it."""
    return envelope.state in {NEEDS_REPAIR, UNREADABLE}


def may_settle(session: Session, person: Person, envelope: Envelope, on: date) -> bool:
    """Tell whether the person heads the author's organisation, and the record is one that somebody can read.

    A plan is nobody's record but its author's word about a day to come: she may close it as well.
    What this server cannot read the phone seals anew: its copy is the only one, and no note may let go of it.
    """
    if envelope.state == UNREADABLE:
        return False
    if envelope.kind == "plan" and envelope.enrolment.person_id == person.id:
        return True
    return session.scalars(Envelope.led_by(person, on).where(Envelope.id == envelope.id)).first() is not None


def add_note(session: Session, envelope: Envelope, text: str, by: SignIn) -> None:
    """Write a note beside an envelope that goes on waiting."""
    session.add(RepairNote(envelope_id=envelope.id, author_id=by.person_id, text=text))
    _write_down(session, "repair:noted", envelope, by, None)


def settle(session: Session, envelope: Envelope, text: str, by: SignIn, *, family: Family | None, on: date) -> None:
    """Be done with an envelope by a note; its bytes stay as they came.

    Where its family is one that the head answers for, the family's history says that there was such a record.
    """
    session.add(RepairNote(envelope_id=envelope.id, author_id=by.person_id, text=text, closes=True))
    envelope.state, envelope.applied_at = APPLIED, now()
    envelope.reasons = [{"code": CLOSED_BY_NOTE}]
    subject = _subject(session, family)
    if subject is not None:
        data = {"text": text, "envelope": str(envelope.id)}
        record_event(subject, "record_set_aside", on=on, data=data, author=by.person, enrolment=by.enrolment)
    _write_down(session, "repair:settled", envelope, by, family)


def settle_by_record(envelope: Envelope, record_id: uuid.UUID) -> None:
    """Be done with an envelope whose author has put it right at a desk."""
    envelope.state, envelope.applied_at, envelope.about_id = APPLIED, now(), record_id
    envelope.reasons = [{"code": AT_A_DESK}]


def _subject(session: Session, family: Family | None) -> Subject | None:
    if family is None:
        return None
    return session.scalars(select(Subject).where(Subject.family_id == family.id, Subject.closed_on.is_(None))).first()


def _write_down(session: Session, act: str, envelope: Envelope, by: SignIn, family: Family | None) -> None:
    record(
        session,
        act,
        person_id=by.person_id,
        enrolment_id=by.enrolment_id,
        family_id=family.id if family else None,
        object_id=envelope.id,
    )
