"""Where a family's children live now, which days in court are awaited, how often they see their parents.

For the dossier and for the phone that carries it. Only what goes on: work that is closed shows nothing here.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from curator_app.cases import seeing
from curator_app.cases.courts import AWAITED
from curator_app.cases.placement_models import ContactSchedule, CourtDate, Placement
from curator_app.subjects.models import Subject

Row = TypeVar("Row", Placement, CourtDate, ContactSchedule)


@dataclass(frozen=True, slots=True)
class Away:
    """What a family's dossier says of children who are not at home; empty where all of them are."""

    places: list[Placement] = field(default_factory=list)
    courts: list[CourtDate] = field(default_factory=list)
    """Awaited, the nearest first."""
    meetings: list[seeing.Standing] = field(default_factory=list)

    def place_of(self, member_id: uuid.UUID) -> Placement | None:
        """Return where a child is now; None at home."""
        return next((place for place in self.places if place.member_id == member_id), None)

    def __bool__(self) -> bool:
        """Tell whether there is anything to show."""
        return bool(self.places or self.courts or self.meetings)


def away_among(
    session: Session, ids: Collection[uuid.UUID], on: date, raw: Collection[uuid.UUID]
) -> dict[uuid.UUID, Away]:
    """Return it of each of these families; courts and meetings of those only whose raw layer the reader may read."""
    found = {key: Away() for key in ids}
    places = _of(Placement, ids).where(Placement.until_on.is_(None)).options(joinedload(Placement.member))
    for place in session.scalars(places.order_by(Placement.since_on.desc(), Placement.id)):
        found[place.family_id].places.append(place)
    awaited = _of(CourtDate, raw).where(CourtDate.state == AWAITED).options(joinedload(CourtDate.member))
    for court in session.scalars(awaited.order_by(CourtDate.on, CourtDate.time, CourtDate.id)):
        found[court.family_id].courts.append(court)
    people = (joinedload(ContactSchedule.member), joinedload(ContactSchedule.with_whom))
    agreed = _of(ContactSchedule, raw).options(*people, selectinload(ContactSchedule.meetings))
    for row in session.scalars(agreed.order_by(ContactSchedule.since_on, ContactSchedule.id)):
        standing = seeing.standing(row, on)
        if standing.next_on:
            found[row.family_id].meetings.append(standing)
    return found


def version_of(away: Away, on: date, *, raw: bool) -> Sequence[object]:
    """Return what changes whenever a reader's page of it would look different."""
    places: list[list[object]] = [[one.member_id, one.kind, one.since_on] for one in away.places]
    if raw:
        places += [[one.named, one.address, one.phone, one.is_hidden, one.rights] for one in away.places]
    courts = [[one.member_id, one.about, one.on, one.time, one.court, one.on < on] for one in away.courts]
    meetings = [[one.schedule.id, one.last and one.last.on, one.next_on, one.late_days > 0] for one in away.meetings]
    return [places, courts, meetings]


def _of(model: type[Row], ids: Collection[uuid.UUID]) -> Select[Row]:
    """Select the rows of families whose work goes on."""
    goes_on = select(Subject.id).where(Subject.family_id.in_(ids), Subject.closed_on.is_(None))
    return select(model).where(model.family_id.in_(ids), model.subject_id.in_(goes_on))
