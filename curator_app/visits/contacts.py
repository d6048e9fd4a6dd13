"""Record contacts beside visits: the one verb that an opened envelope and the office's form both reach."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from curator_app.audit.service import record
from curator_app.auth.models import Enrolment, Person
from curator_app.cases.safety import Found, Heard, tell_measures
from curator_app.clock import now
from curator_app.errors import Conflict, NotVisible
from curator_app.subjects.models import Assignment, Subject
from curator_app.subjects.service import assignments_of, record_event
from curator_app.visits.agreements import Promise
from curator_app.visits.answers import MeasureLine, PromiseLine
from curator_app.visits.details import hear_what_was_told
from curator_app.visits.models import Contact


@dataclass(frozen=True, slots=True)
class ContactAnswers:
    """Everything one contact's form says, after it was checked. time is "HH:MM" or ""; raw is what was posted."""

    id: uuid.UUID
    family_id: uuid.UUID
    form_version: str
    kind: str
    on: dt.date
    time: str = ""
    with_whom: str = ""
    summary: str = ""
    next_on: dt.date | None = None
    next_time: str = ""
    promises: list[PromiseLine] = field(default_factory=list)
    measures: list[MeasureLine] = field(default_factory=list)
    raw: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sent:
    """How a contact came in: by whom, from which browser, and when; phone_at is None for the office."""

    author: Person
    enrolment: Enrolment | None
    received_at: dt.datetime
    phone_at: dt.datetime | None


def record_contact(session: Session, answers: ContactAnswers, sent: Sent) -> Contact:
    """Store a contact with its promises, and write its event.

    The same contact delivered again (by the phone's own id) is returned as it stands. Raises NotVisible when the
    author did not carry the family's case on that day, Conflict when the id is taken by something else.
    """
    known = session.get(Contact, answers.id)
    if known is not None:
        if known.author_id != sent.author.id or known.fields != [list(pair) for pair in answers.raw]:
            raise Conflict
        return known
    subject = _subject(assignments_of(session, answers.family_id, sent.author), answers.on)
    contact = _contact(answers, sent, subject)
    session.add(contact)
    _write_down(session, contact, subject, sent)
    for position, line in enumerate(answers.promises):
        _promise(session, contact, line, position)
    hear_what_was_told(session, contact.promises)
    found = [Found(line.measure_id, line.state, line.fact) for line in answers.measures]
    tell_measures(session, found, Heard(contact.family_id, contact.on, contact.author_id, contact_id=contact.id))
    return contact


def _subject(assignments: list[Assignment], on: dt.date) -> Subject:
    subject = next((one.subject for one in assignments if one.carries_case(on)), None)
    if subject is None:
        raise NotVisible
    return subject


def _contact(answers: ContactAnswers, sent: Sent, subject: Subject) -> Contact:
    return Contact(
        id=answers.id,
        subject_id=subject.id,
        family_id=answers.family_id,
        author_id=sent.author.id,
        enrolment_id=sent.enrolment.id if sent.enrolment else None,
        kind=answers.kind,
        on=answers.on,
        time=answers.time,
        with_whom=answers.with_whom,
        summary=answers.summary,
        next_on=answers.next_on,
        next_time=answers.next_time,
        form_version=answers.form_version,
        fields=[list(pair) for pair in answers.raw],
        phone_at=sent.phone_at,
        received_at=sent.received_at,
        applied_at=now(),
    )


def _write_down(session: Session, contact: Contact, subject: Subject, sent: Sent) -> None:
    """Write the event of the subject and the row of the audit trail."""
    event = record_event(
        subject,
        "contact_made",
        on=contact.on,
        at=sent.phone_at,
        data={"contact": str(contact.id), "kind": contact.kind},
        author=sent.author,
        enrolment=sent.enrolment,
    )
    session.flush()
    contact.event_id = event.id
    record(
        session,
        "contact:recorded",
        person_id=sent.author.id,
        enrolment_id=contact.enrolment_id,
        family_id=contact.family_id,
        object_id=contact.id,
    )


def _promise(session: Session, contact: Contact, line: PromiseLine, position: int) -> None:
    if session.get(Promise, line.id) is not None:
        raise Conflict
    contact.promises.append(
        Promise(
            id=line.id,
            family_id=contact.family_id,
            author_id=contact.author_id,
            side=line.side,
            what=line.what,
            who=line.who,
            made_on=contact.on,
            due_on=line.due_on,
            position=position,
        )
    )
