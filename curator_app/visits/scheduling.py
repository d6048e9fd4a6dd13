"""A month's planned visits: sent to the head, agreed to or returned with a word; changed afterwards, sent again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from curator_app.audit.service import record
from curator_app.auth.models import Person, Role, SignIn
from curator_app.clock import now
from curator_app.database import claim
from curator_app.errors import Conflict, Refused
from curator_app.families.models import Family
from curator_app.visits.models import Contact, Visit
from curator_app.visits.planning_models import (
    APPROVED,
    HELD,
    REPLACED,
    RETURNED,
    SENT,
    MonthSchedule,
    PlannedVisit,
)

MANY = 500
TRIPS = ("contact_meeting_elsewhere", "contact_accompany", "contact_group_activity")
"""Kinds of contacts for which somebody went somewhere."""
FAR = 50
"""So many years away nobody has a month."""
CURATOR = "case_curator"


@dataclass(frozen=True, slots=True)
class Month:
    """A curator's month: what is planned, what was last sent of it, and whether that is still the same."""

    first: date
    plans: Sequence[PlannedVisit]
    sent: MonthSchedule | None

    @property
    def state(self) -> str:
        """Return draft | sent | approved | returned | changed."""
        if self.sent is None:
            return "draft"
        return self.sent.state if self.sent.lines == _lines(self.plans) else "changed"

    @property
    def may_be_sent(self) -> bool:
        """Tell whether there is something to send that the head does not have."""
        return bool(self.plans) and self.state in {"draft", "changed", RETURNED}


def first_of(month: str, today: date) -> date:
    """Return the first day of a month named 2026-12; of this month where it cannot be read."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        return today.replace(day=1)
    return first if abs(first.year - today.year) <= FAR else today.replace(day=1)


def last_of(first: date) -> date:
    """Return a month's last day."""
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def month_of(session: Session, person_id: uuid.UUID, first: date, on: date) -> Month:
    """Return a curator's month, of the families that are hers on the day `on`."""
    stands = PlannedVisit.ended_as.in_(("", HELD))
    query = select(PlannedVisit).where(PlannedVisit.person_id == person_id, stands)
    # A family that was handed over since is a colleague's to visit, and its name nobody else's to read.
    query = query.where(Family.is_raw_visible_to(session.get_one(Person, person_id), on, PlannedVisit.family_id))
    query = query.where(PlannedVisit.on.between(first, last_of(first))).options(joinedload(PlannedVisit.family))
    plans = session.scalars(query.order_by(PlannedVisit.on, PlannedVisit.time, PlannedVisit.id).limit(MANY)).all()
    sendings = select(MonthSchedule).where(MonthSchedule.person_id == person_id, MonthSchedule.month == first)
    sendings = sendings.options(joinedload(MonthSchedule.decided_by)).order_by(MonthSchedule.number.desc())
    return Month(first, plans, session.scalars(sendings.limit(1)).first())


def send(session: Session, person: Person, first: date, on: date, by: SignIn) -> MonthSchedule:
    """Send a month to the head of the curator's organisation; what was sent before is replaced."""
    month, place = month_of(session, person.id, first, on), _place_of(person, on)
    if not month.may_be_sent or place is None:
        raise Refused("schedule_nothing_new")
    number = month.sent.number + 1 if month.sent else 1
    older = update(MonthSchedule).where(MonthSchedule.person_id == person.id, MonthSchedule.month == first)
    session.execute(older.where(MonthSchedule.state == SENT).values(state=REPLACED))
    said = {"person_id": person.id, "organisation_id": place, "month": first}
    row = MonthSchedule(**said, number=number, lines=_lines(month.plans))
    session.add(row)
    session.flush()
    _note(session, "schedule:sent", row, by)
    return row


def decide(session: Session, row: MonthSchedule, by: SignIn, *, approve: bool, word: str) -> None:
    """Agree to a month, or return it with a word; raise Conflict when somebody did or it was sent anew."""
    state = APPROVED if approve else RETURNED
    then = {"state": state, "decided_by_id": by.person_id, "decided_at": now(), "word": word}
    if not claim(session, MonthSchedule, row.id, when={"state": SENT}, then=then):
        raise Conflict("schedule_changed_meanwhile")
    _note(session, f"schedule:{state}", row, by)


def to_decide(session: Session, person: Person, on: date) -> Sequence[MonthSchedule]:
    """Return the months that wait for the head, the nearest first; nobody decides about her own."""
    query = select(MonthSchedule).where(MonthSchedule.organisation_id.in_(Role.ids_led_by(person, on)))
    query = query.where(MonthSchedule.state == SENT, MonthSchedule.person_id != person.id)
    query = query.options(joinedload(MonthSchedule.person)).order_by(MonthSchedule.month, MonthSchedule.id)
    return session.scalars(query.limit(MANY)).all()


def shown_lines(session: Session, row: MonthSchedule) -> Iterator[tuple[date, str, Family | None]]:
    """Yield day, hour and family of what was sent."""
    ids = {uuid.UUID(str(key)) for key, _day, _time in row.lines}
    families = {one.id: one for one in session.scalars(select(Family).where(Family.id.in_(ids)))}
    for key, day, time in row.lines:
        yield date.fromisoformat(day), time, families.get(uuid.UUID(str(key)))


def journal(session: Session, person_id: uuid.UUID, first: date) -> Sequence[Visit]:
    """Return a month's visits and attempts of one author, in order."""
    query = select(Visit).where(Visit.author_id == person_id, Visit.on.between(first, last_of(first)))
    query = query.where(Visit.superseded_at.is_(None)).options(joinedload(Visit.family))
    return session.scalars(query.order_by(Visit.on, Visit.started, Visit.id).limit(MANY)).all()


def trips(session: Session, person_id: uuid.UUID, first: date) -> Sequence[Contact]:
    """Return a month's ways of one author that led elsewhere than to a home, in order; a call is none."""
    query = select(Contact).where(Contact.author_id == person_id, Contact.on.between(first, last_of(first)))
    query = query.where(Contact.kind.in_(TRIPS)).options(joinedload(Contact.family))
    return session.scalars(query.order_by(Contact.on, Contact.time, Contact.id).limit(MANY)).all()


def _lines(plans: Sequence[PlannedVisit]) -> list[list[str]]:
    return sorted([str(plan.family_id), plan.on.isoformat(), plan.time] for plan in plans)


def _place_of(person: Person, on: date) -> uuid.UUID | None:
    held = sorted((role for role in person.roles if role.is_held(on)), key=lambda role: role.role != CURATOR)
    return held[0].organisation_id if held else None


def _note(session: Session, act: str, row: MonthSchedule, by: SignIn) -> None:
    record(session, act, person_id=by.person_id, enrolment_id=by.enrolment_id, object_id=row.id)
