"""Record visits: the one verb that an opened envelope and the office's form both reach."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from curator_app.audit.service import record
from curator_app.auth.models import Enrolment, Person
from curator_app.clock import now
from curator_app.database import next_value
from curator_app.errors import Conflict, NotVisible, Refused
from curator_app.families.models import Family, FamilyMember
from curator_app.subjects.models import Assignment, Subject
from curator_app.subjects.service import assignments_of, record_event
from curator_app.visits.answers import SectionAnswers, VisitAnswers
from curator_app.visits.models import VISIT, NumberSeries, Observation, Photo, SectionNote, Visit

SERIES = "visit"


def next_number(session: Session, year: int) -> int:
    """Take the next number of the year's visits; concurrent callers wait for each other's commit."""
    return next_value(session, NumberSeries, "last", series=SERIES, year=year)


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
    subject = next((one.subject for one in assignments if one.covers(answers.on)), None)
    if subject is None:
        raise NotVisible
    _refuse_strangers(session, answers)
    visit = _visit(answers, arrival, subject)
    # First the event, to which the visit refers: all of the visit then goes in one flush.
    _write_down(session, visit, subject, arrival)
    session.add(visit)
    if supersedes is not None:
        visit.supersedes_id = supersedes.id
        supersedes.superseded_at = now()
    for section in answers.sections:
        _add_section(visit, section)
    visit.photos.extend(_photos(answers))
    return visit


def previous_visit(session: Session, family: Family) -> Visit | None:
    """Return the last visit that took place, to be shown beside an empty form."""
    return session.scalars(
        select(Visit)
        .where(Visit.family_id == family.id, Visit.outcome == VISIT, Visit.superseded_at.is_(None))
        .order_by(Visit.on.desc(), Visit.received_at.desc())
        .options(selectinload(Visit.observations), selectinload(Visit.notes))
        .limit(1)
    ).first()


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
    )


def _photos(answers: VisitAnswers) -> list[Photo]:
    return [Photo(position=position, **asdict(line)) for position, line in enumerate(answers.photos)]


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


def _refuse_strangers(session: Session, answers: VisitAnswers) -> None:
    """Raise Refused when the record speaks of people who are not of this family."""
    items = [item for section in answers.sections for item in (*section.strengths, *section.worries)]
    named = {*answers.who_home, *(item.member_id for item in items if item.member_id)}
    if not named:
        return
    known = set(session.scalars(select(FamilyMember.id).where(FamilyMember.family_id == answers.family_id)))
    if named - known:
        raise Refused(fields={"who_home": "Отмечен человек, которого нет в этой семье."})


def _add_section(visit: Visit, section: SectionAnswers) -> None:
    if section.is_empty:
        return
    for side, items in (("strength", section.strengths), ("worry", section.worries)):
        for item in items:
            visit.observations.append(
                Observation(
                    section=section.section,
                    side=side,
                    item=item.item,
                    member_id=item.member_id,
                    position=len(visit.observations),
                )
            )
    visit.notes.append(
        SectionNote(
            section=section.section,
            strengths_own=section.strengths_own,
            worries_own=section.worries_own,
            change=section.change,
            fact=section.fact,
            source=section.source,
            conclusion=section.conclusion,
        )
    )
