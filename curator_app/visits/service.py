"""Record visits: the one verb that an opened envelope and the office's form both reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.audit.service import record
from curator_app.auth.models import Enrolment, Person
from curator_app.clock import now
from curator_app.errors import Conflict, NotVisible
from curator_app.procedures.corrections import CORRECTION
from curator_app.subjects.models import Assignment, Subject
from curator_app.subjects.numbers import next_in
from curator_app.subjects.service import assignments_of, record_event
from curator_app.visits.answers import VisitAnswers
from curator_app.visits.details import add_details, refuse_strangers
from curator_app.visits.models import Photo, Visit
from curator_app.visits.withdrawal import settle_photos

SERIES = "visit"


def next_number(session: Session, year: int) -> int:
    """Take the next number of the year's visits; concurrent callers wait for each other's commit."""
    return next_in(session, SERIES, year)


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a record came in: by whom, from which browser, when, and under which number."""

    author: Person
    enrolment: Enrolment | None
    received_at: datetime
    phone_at: datetime | None
    """By the phone's clock; None when it was written in the office."""
    number: tuple[int, int]
    """(year, number), given out when the record was received."""


def record_visit(
    session: Session, answers: VisitAnswers, arrival: Arrival, *, supersedes: Visit | None = None
) -> Visit:
    """Store a visit with its observations and announced photos, and write its event.

    The same visit delivered again (by the phone's own id) is returned as it stands. Raises NotVisible when the
    author was not assigned to the family on the visit's date, Conflict when the id belongs to another family's
    visit, Refused when it names people who are not of the family.
    """
    known = session.get(Visit, answers.id)
    if known is not None:
        if known.author_id != arrival.author.id or known.family_id != answers.family_id:
            raise Conflict
        return known
    assignments = assignments_of(session, answers.family_id, arrival.author)
    return record_new_visit(session, answers, arrival, assignments, supersedes=supersedes)


def record_new_visit(
    session: Session,
    answers: VisitAnswers,
    arrival: Arrival,
    assignments: list[Assignment],
    *,
    supersedes: Visit | None = None,
) -> Visit:
    """Store a visit whose id is not here yet, for somebody with these assignments to its family.

    Raises NotVisible and Refused as record_visit does.
    """
    subject = next((one.subject for one in assignments if one.carries_case(answers.on)), None)
    if subject is None:
        raise NotVisible
    refuse_strangers(session, answers)
    visit = _visit(answers, arrival, subject)
    # First the event, to which the visit refers: all of the visit then goes in one flush.
    _write_down(session, visit, subject, arrival)
    session.add(visit)
    if supersedes is not None:
        visit.supersedes_id = supersedes.id
        supersedes.superseded_at = now()
        _take_back_event(session, supersedes, arrival)
    add_details(session, visit, answers, supersedes)
    settle_photos(visit, photos_on=subject.territory.photos_on)
    return visit


def record_beneath(
    session: Session, answers: VisitAnswers, arrival: Arrival, assignments: list[Assignment], newer: Visit
) -> Visit:
    """Store a record that comes after the one that corrects it: beneath that one, and nothing of it counts.

    Its words stay as they were written; pictures that both name and promises are the newer record's.
    Raises NotVisible and Refused as record_visit does.
    """
    own = [line for line in answers.photos if session.get(Photo, line.id) is None]
    visit = record_new_visit(
        session, replace(answers, photos=own, promises=[], kept=[], measures=[]), arrival, assignments
    )
    session.flush()  # the newer one refers to it
    oldest = newer
    while oldest.supersedes_id is not None:
        oldest = session.get_one(Visit, oldest.supersedes_id)
    oldest.supersedes_id = visit.id
    visit.superseded_at = now()
    _take_back_event(session, visit, arrival)
    return visit


def _take_back_event(session: Session, replaced: Visit, arrival: Arrival) -> None:
    """Say that the replaced record's event no longer counts: what it fulfilled is fulfilled by the newer one."""
    if replaced.event_id is not None:
        subject = session.get_one(Subject, replaced.subject_id)
        data = {"corrects": str(replaced.event_id), "void": True, "reason": "record_replaced"}
        on = replaced.on
        record_event(subject, CORRECTION, on=on, data=data, author=arrival.author, enrolment=arrival.enrolment)


def to_supplement(session: Session, person: Person, on: date) -> Sequence[Visit]:
    """Return the visits that the person meant to write more of, of families that are still in their hands."""
    mine = Visit.visible_to(person, on).where(Visit.author_id == person.id, Visit.unfinished)
    return session.scalars(mine.where(Visit.superseded_at.is_(None)).order_by(Visit.on)).all()


def newest_version(session: Session, visit: Visit) -> Visit:
    """Return the version that stands in the place of this one now."""
    while visit.superseded_at is not None:
        newer = session.scalars(select(Visit).where(Visit.supersedes_id == visit.id)).first()
        if newer is None:
            break
        visit = newer
    return visit


def _visit(answers: VisitAnswers, arrival: Arrival, subject: Subject) -> Visit:
    return Visit(
        id=answers.id,
        subject_id=subject.id,
        family_id=answers.family_id,
        author_id=arrival.author.id,
        enrolment_id=arrival.enrolment.id if arrival.enrolment else None,
        year=arrival.number[0],
        number=arrival.number[1],
        outcome=answers.outcome,
        on=answers.on,
        started=answers.started,
        ended=answers.ended,
        form_version=answers.form_version,
        fields=[list(pair) for pair in answers.raw],
        phone_at=arrival.phone_at,
        received_at=arrival.received_at,
        applied_at=now(),
        planned=answers.planned,
        unfinished=answers.unfinished,
        paper_by=answers.paper_by,
        next_on=answers.next_on,
        next_time=answers.next_time,
    )


def _write_down(session: Session, visit: Visit, subject: Subject, arrival: Arrival) -> None:
    """Write the event of the subject and the row of the audit trail."""
    event = record_event(
        subject,
        "visit_attempted" if visit.is_attempt else "visit_made",
        on=visit.on,
        at=arrival.phone_at,
        data={"visit": str(visit.id), "number": visit.label, "result": visit.outcome},
        author=arrival.author,
        enrolment=arrival.enrolment,
    )
    session.flush()
    visit.event_id = event.id
    record(
        session,
        "visit:recorded",
        person_id=arrival.author.id,
        enrolment_id=visit.enrolment_id,
        family_id=visit.family_id,
        object_id=visit.id,
    )
