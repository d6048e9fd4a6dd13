"""«Телефоны»: which browsers carry records, when each was last heard of, and what lies on it unsent."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from curator_app.audit.service import record
from curator_app.auth.models import (
    ACTIVE,
    APPROVED,
    DECLINED,
    DRAINING,
    HANDED_IN,
    LOST,
    REVOKED,
    Enrolment,
    EnrolmentLink,
    Person,
    SignIn,
)
from curator_app.clock import now
from curator_app.database import claim
from curator_app.errors import Conflict

QUIET_FOR = timedelta(days=3)
VERY_QUIET_FOR = timedelta(days=7)
LIMIT = 500
PAGE = 50
STUCK_AT_MOST = timedelta(days=365)
"""What a phone says of itself is only a number."""
CLOCK_SLACK = timedelta(minutes=5)
"""So far off a phone's clock may be: the network's own delay is in it, too."""
UNITS = (("days", 86_400), ("hours", 3600), ("minutes", 60))
SHOWN = ("all", "quiet", "very_quiet", "unsent", "off")


@dataclass(frozen=True)
class ClockOff:
    """How far a phone's clock is off, as one says it: 14 minutes behind."""

    way: str
    """behind | ahead."""
    unit: str
    """minutes | hours | days."""
    n: int


@dataclass(frozen=True)
class Phone:
    """A line of the list: an enrolment at a moment."""

    enrolment: Enrolment
    at: datetime

    @property
    def days_quiet(self) -> int | None:
        """Full days since the last contact; None when there was none."""
        heard = self.enrolment.last_contact_at
        return (self.at - heard).days if heard else None

    @property
    def is_quiet(self) -> bool:
        """Tell whether somebody should ask how it is."""
        heard = self.enrolment.last_contact_at or self.enrolment.created_at
        return self.enrolment.state == ACTIVE and self.enrolment.is_field and self.at - heard >= QUIET_FOR

    @property
    def days_unsent(self) -> int | None:
        """Full days since the oldest unsent record was sealed."""
        oldest = self.enrolment.oldest_unsent_at
        return max(0, (self.at - oldest).days) if oldest and self.enrolment.unsent else None

    @property
    def drafts(self) -> int:
        """How many unfinished records it said it has."""
        counts = self.enrolment.phone_state.get("counts")
        drafts = counts.get("drafts", 0) if isinstance(counts, dict) else 0
        return drafts if isinstance(drafts, int) else 0

    @property
    def sealed(self) -> int:
        """How many finished records it said it has: sealed, and deliverable without any key."""
        return max(0, self.enrolment.unsent - self.drafts)

    @property
    def ways_off(self) -> tuple[str, ...]:
        """How it may be switched off: one that is being handed in may still turn out to be lost."""
        if self.enrolment.state == ACTIVE:
            return LOST, HANDED_IN
        return (LOST,) if self.enrolment.state == DRAINING and self.enrolment.drain_way == HANDED_IN else ()

    @property
    def stuck_since(self) -> datetime | None:
        """Since when its sending stands without an error, as it said at the last contact; None when it goes."""
        minutes, heard = self.enrolment.phone_state.get("stuck"), self.enrolment.last_contact_at
        if not isinstance(minutes, int) or minutes <= 0 or heard is None or not self.enrolment.unsent:
            return None
        return heard - timedelta(minutes=min(minutes, STUCK_AT_MOST // timedelta(minutes=1)))

    @property
    def clock_off(self) -> ClockOff | None:
        """How its clock was wrong at the last contact; None when it was right enough."""
        skew = self.enrolment.phone_state.get("skew")
        if not isinstance(skew, int) or abs(skew) < CLOCK_SLACK.total_seconds():
            return None
        off = abs(skew)
        unit, seconds = next(((unit, seconds) for unit, seconds in UNITS if off >= 2 * seconds), UNITS[-1])
        return ClockOff("behind" if skew < 0 else "ahead", unit, round(off / seconds))

    @property
    def has_gone_silent(self) -> bool:
        """Tell whether it was switched off and never came to deliver within its days."""
        return self.enrolment.state == "draining" and not self.enrolment.in_term(self.at)


@dataclass(frozen=True)
class PhonePage:
    """Some browsers of a longer list, the one it begins behind, and its own last one where the list goes on."""

    phones: list[Phone]
    after: uuid.UUID | None = None
    last: uuid.UUID | None = None


def phones_of(session: Session, person: Person, on: date, shown: str, after: uuid.UUID | None = None) -> PhonePage:
    """Return a page of the browsers of the people whom the person looks after, the longest silent first."""
    at, own = now(), Enrolment.visible_to(person, on)
    heard = func.coalesce(Enrolment.last_contact_at, Enrolment.created_at)
    query = _shown(own, shown, at).options(joinedload(Enrolment.person)).order_by(heard, Enrolment.id)
    mark = session.scalars(own.where(Enrolment.id == after)).first() if after else None
    if mark is not None:
        query = query.where(tuple_(heard, Enrolment.id) > (mark.last_contact_at or mark.created_at, mark.id))
    # What a phone said of itself is not asked of the database: it may be any small word.
    query = query.execution_options(yield_per=LIMIT) if shown == "unsent" else query.limit(PAGE + 1)
    with session.scalars(query) as rows:
        found = list(islice((row for row in rows if shown != "unsent" or row.unsent), PAGE + 1))
    phones = [Phone(row, at) for row in found[:PAGE]]
    return PhonePage(phones, mark.id if mark else None, found[PAGE - 1].id if len(found) > PAGE else None)


def _shown(query: Select[Enrolment], shown: str, at: datetime) -> Select[Enrolment]:
    """Narrow the list to what was asked for; the ones that are over stand under `off` alone."""
    if shown == "off":
        return query.where(Enrolment.state != ACTIVE)
    query = query.where(Enrolment.state != REVOKED)
    if shown in {"quiet", "very_quiet"}:
        before = at - (QUIET_FOR if shown == "quiet" else VERY_QUIET_FOR)
        heard = Enrolment.last_contact_at
        silent = (heard < before) | (heard.is_(None) & (Enrolment.created_at < before))
        return query.where(Enrolment.kind == "field", silent)
    return query


def requests_of(session: Session, person: Person, on: date) -> list[EnrolmentLink]:
    """Return the phones that ask to be prepared, the oldest first."""
    query = EnrolmentLink.visible_to(person, on).where(EnrolmentLink.expires_at > now())
    query = query.options(joinedload(EnrolmentLink.person), joinedload(EnrolmentLink.replaces))
    return list(session.scalars(query.order_by(EnrolmentLink.created_at).limit(LIMIT)))


def decide(session: Session, link: EnrolmentLink, by: SignIn, *, approved: bool) -> None:
    """Answer a phone that asks to be prepared: once; raise Conflict for whoever comes second."""
    then = {"approval": APPROVED if approved else DECLINED, "decided_by_id": by.person_id}
    if not claim(session, EnrolmentLink, link.id, when={"approval": "waiting"}, then=then):
        raise Conflict("phone_is_off")
    act = "enrolment:approved" if approved else "enrolment:declined"
    record(
        session,
        act,
        person_id=by.person_id,
        enrolment_id=by.enrolment_id,
        object_id=link.id,
        data={"of": str(link.person_id)},
    )


def others_of(session: Session, enrolment: Enrolment) -> list[Enrolment]:
    """Return the other browsers of the same person that are in use."""
    query = select(Enrolment).where(Enrolment.person_id == enrolment.person_id, Enrolment.id != enrolment.id)
    return list(session.scalars(query.where(Enrolment.state == ACTIVE).order_by(Enrolment.created_at)))
