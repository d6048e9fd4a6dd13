"""Days that people set themselves: a court, a review, the turn of a rhythm. Said the day before and on the day.

No document names them, so that they are no duties: nobody is told of them but whoever carries the work, and none is
late. What fell into an outage is said when the clock is back, once.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, literal, select, update
from sqlalchemy.orm import Session

from curator_app.cases.course_models import AftercarePlan, FileControl
from curator_app.cases.placement_models import ContactSchedule, CourtDate, ScheduledContact
from curator_app.cases.safety_models import SafetyMeasure, SafetyPlan
from curator_app.cases.signals import families_of
from curator_app.reminders.looking import path_of
from curator_app.reminders.models import AGREED, Reminder
from curator_app.reminders.owing import COMMISSION_OWNER, people_owing
from curator_app.reminders.places import Places
from curator_app.reminders.rhythm import DAY
from curator_app.reminders.telling import Said, remind
from curator_app.subjects.models import ASKS_AGAIN, Event, Subject
from curator_app.visits.models import VISIT, Contact, Visit

LOOKED_BACK = timedelta(days=3)
"""So long nobody may have looked, and the day is said all the same."""
WHOSE = {"signal": "intake_officer", "early_help": "responsible_specialist"}
"""Who carries what is no case, by the kind of the subject."""
CURATOR = "case_curator"
CONSENTS = ("consent_given", "consent_refused", "consent_withdrawn")
PAUSES = ("paused", "resumed")


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day of these days: what it is about, of which subject, and since when one knows it."""

    about_id: uuid.UUID
    subject_id: uuid.UUID
    on: date
    known_on: date
    owner: str = ""
    """A role of documents; "" for whoever carries the subject."""


def own_days(session: Session, at: datetime) -> list[OwnDay]:
    """Return everything that was set for these days and still stands.

    `at` is an instant: it is tomorrow already in the east, so the days are two more.
    """
    first, last = at.date() - LOOKED_BACK, at.date() + 2 * DAY
    return [one for source in SOURCES for one in source(session, first, last) if first <= one.on <= last]


def tell_of_day(session: Session, places: Places, one: OwnDay, at: datetime) -> int:
    """Say that the day comes, is here or fell into an outage; return how many were told. The caller commits."""
    subject = _goes_on(session, session.get_one(Subject, one.subject_id), one)
    if subject is None:
        return 0
    on = at.astimezone(places.of(subject.territory).zone).date()
    # Who sets a day for tomorrow knows it today.
    if one.on - on > DAY or (one.on > on and one.known_on >= on):
        return 0
    step = "day_before" if one.on > on else "day"
    said = Said(AGREED, one.about_id, f"{step}@{one.on}", path_of(subject), subject_id=subject.id, due_on=one.on)
    people = people_owing(session, subject, one.owner or WHOSE.get(subject.kind, CURATOR), on)
    return sum(remind(session, places, person, said, at) for person in people)


def _goes_on(session: Session, subject: Subject, one: OwnDay) -> Subject | None:
    """Return where the work goes on: what protects a child since a signal goes on in the case of its family."""
    if subject.closed_on is None or one.owner == COMMISSION_OWNER:
        return subject
    family = families_of(session, [subject.id]).get(subject.id) if subject.kind == "signal" else None
    case = select(Subject).where(Subject.family_id == family, Subject.kind == "case", Subject.closed_on.is_(None))
    return session.scalars(case.order_by(Subject.id.desc()).limit(1)).first() if family else None


def settle_over(session: Session, standing: Iterable[OwnDay], at: datetime) -> int:
    """End what was said of days that were moved, called off or are over; return how many. The caller commits."""
    still = {(one.about_id, one.on) for one in standing}
    rows = select(Reminder.id, Reminder.about_id, Reminder.due_on)
    waiting = session.execute(rows.where(Reminder.kind == AGREED, Reminder.settled_at.is_(None))).all()
    over = [row.id for row in waiting if (row.about_id, row.due_on) not in still]
    if over:
        ended = update(Reminder).where(Reminder.id.in_(over)).values(settled_at=at)
        session.execute(ended.execution_options(synchronize_session=False))
    return len(over)


def _courts(session: Session, first: date, last: date) -> Iterator[OwnDay]:
    sits = CourtDate.on.between(first, last) & (CourtDate.state == "awaited")
    for row in session.scalars(select(CourtDate).where(sits)):
        yield OwnDay(row.id, row.subject_id, row.on, row.created_at.date())


def _measures(session: Session, first: date, last: date) -> Iterator[OwnDay]:
    query = select(SafetyMeasure, SafetyPlan.subject_id).join(SafetyPlan, SafetyPlan.id == SafetyMeasure.plan_id)
    query = query.where(SafetyPlan.ended_on.is_(None), SafetyMeasure.until_on.between(first, last))
    for row, subject_id in session.execute(query):
        yield OwnDay(row.id, subject_id, row.until_on, row.created_at.date())


def _plan_reviews(session: Session, first: date, last: date) -> Iterator[OwnDay]:
    query = select(SafetyPlan).where(SafetyPlan.ended_on.is_(None), SafetyPlan.review_on.between(first, last))
    for row in session.scalars(query):
        yield OwnDay(row.id, row.subject_id, row.review_on or first, row.created_at.date())


def _card_index(session: Session, first: date, last: date) -> Iterator[OwnDay]:
    query = select(FileControl).where(FileControl.until_on.is_(None), FileControl.review_on.between(first, last))
    for row in session.scalars(query):
        yield OwnDay(row.id, row.subject_id, row.review_on or first, row.since_on, COMMISSION_OWNER)


def _contacts_with_parents(session: Session, first: date, last: date) -> Iterator[OwnDay]:
    turns = select(func.max(ScheduledContact.on)).where(ScheduledContact.schedule_id == ContactSchedule.id)
    query = select(ContactSchedule, turns.where(ScheduledContact.took_place).scalar_subquery())
    holds = ContactSchedule.until_on.is_(None) | (ContactSchedule.until_on >= first)
    for row, turn in session.execute(query.where(holds, ContactSchedule.since_on <= last)):
        on = turn + timedelta(days=row.every_days) if turn else row.since_on
        yield OwnDay(row.id, row.subject_id, on, row.created_at.date())


def _aftercare(session: Session, _first: date, last: date) -> Iterator[OwnDay]:
    """Yield the turns of the rhythm that was agreed for after the case, and the day on which its owner decides."""
    open_ones = select(AftercarePlan, Subject).join(Subject, Subject.id == AftercarePlan.subject_id)
    rows = session.execute(open_ones.where(Subject.closed_on.is_(None))).all()
    seen = _last_seen(session, [subject.family_id for _plan, subject in rows if subject.family_id])
    for plan, subject in rows:
        began = plan.created_at.date()
        turn = max(began, seen.get(subject.family_id, began)) + timedelta(days=plan.every_days)
        if turn <= min(last, plan.until_on):
            yield OwnDay(plan.id, subject.id, turn, began)
        yield OwnDay(subject.id, subject.id, plan.until_on, began)


def _asked_again(session: Session, first: date, last: date) -> Iterator[OwnDay]:
    """Yield when a family that refused is asked again, and until when work stands still: the last word counts."""
    types = [literal(one, literal_execute=True) for one in ASKS_AGAIN]
    query = select(Event).join(Subject).where(Event.type.in_(types), Subject.closed_on.is_(None))
    for name, group in (("recheck_on", CONSENTS), ("until", PAUSES)):
        day = Event.data[name].as_string()
        for row in session.scalars(query.where(day >= first.isoformat(), day <= last.isoformat())):
            if row.type in group and _is_last(session, row, group):
                yield OwnDay(row.id, row.subject_id, date.fromisoformat(row.data[name]), row.on)


def _is_last(session: Session, event: Event, group: Sequence[str]) -> bool:
    later = select(Event.id).where(Event.subject_id == event.subject_id, Event.type.in_(group), Event.no > event.no)
    return session.scalars(later.limit(1)).first() is None


def _last_seen(session: Session, families: Sequence[uuid.UUID]) -> dict[uuid.UUID | None, date]:
    """Return when each family was last met or spoken with."""
    found: dict[uuid.UUID | None, date] = defaultdict(lambda: date.min)
    came: Select[uuid.UUID, date] = select(Visit.family_id, func.max(Visit.on)).where(Visit.outcome == VISIT)
    came = came.where(Visit.superseded_at.is_(None), Visit.family_id.in_(families)).group_by(Visit.family_id)
    spoke = select(Contact.family_id, func.max(Contact.on)).where(Contact.family_id.in_(families))
    for query in (came, spoke.group_by(Contact.family_id)):
        for key, on in session.execute(query):
            found[key] = max(found[key], on)
    return dict(found)


SOURCES: tuple[Callable[[Session, date, date], Iterator[OwnDay]], ...] = (
    *(_courts, _measures, _plan_reviews, _card_index, _contacts_with_parents, _aftercare, _asked_again),
)
