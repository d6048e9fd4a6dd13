"""«Случаи»: open cases of those whom the reader answers for, alarms first, then by the first day of what is owed.

The list is read by indexes of `case_line`, one way of the reader after another; nothing sorts all of it, and a count
goes no further than a person would.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select, tuple_, union, union_all
from sqlalchemy.orm import Session, joinedload

from curator_app.auth.models import Person
from curator_app.desk.case_list_wanted import Wanted, profile_of
from curator_app.families.models import FamilyId
from curator_app.families.scope import among
from curator_app.families.search import MOST, find_within
from curator_app.families.search_models import NUMBER, SURNAME
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.line_models import NOTHING_DUE, CaseLine, Way, reach_of
from curator_app.subjects.models import Subject
from curator_app.subjects.reasons import Line, line_of
from curator_app.urgent.models import Alarm
from curator_app.visits.models import VISIT, Visit

PAGE = 25
ALARMS_SHOWN = 20
COUNTED = 1000
"""Nobody reads further; whoever has more narrows the list or searches."""
FEW_FAMILIES = 2000
"""So many are named to a search; of more each one found is asked whether the reader finds its case."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case of the list."""

    line: CaseLine
    alarm: bool
    stage: str
    next: Line | None
    """What is due first, and whose turn that is."""
    late: int
    """How many days have passed with nothing done, beside that one."""
    seen_on: date | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """Some cases; on the first page those with an emergency stand before all others."""

    rows: list[CaseRow]
    alarms: list[CaseRow] = field(default_factory=list)
    after: uuid.UUID | None = None
    last: uuid.UUID | None = None
    """Its own last line where the list goes on."""
    total: int = 0
    """How many there are; more than COUNTED says only that there are others."""
    cut: bool = False
    """Whether a search stopped at so many families."""

    @property
    def uncounted(self) -> bool:
        """Tell whether there are more than were counted."""
        return self.total > COUNTED


def case_page(session: Session, person: Person, on: date, wanted: Wanted, after: uuid.UUID | None = None) -> CasePage:
    """Return so many cases behind the one named, those first whose day has passed for longest."""
    ways = CaseLine.ways(person, on, reach_of(session, person, on))
    along = [wanted.along(way, on) for way in ways]
    holds = or_(*(wanted.holds(way, on) for way in ways))
    place = _place(session, holds, after)
    urgent = _with_alarms(session, holds)
    behind: list[ColumnElement[bool]] = [CaseLine.id.not_in(urgent)] if urgent else []
    if place is not None:
        behind.append(tuple_(CaseLine.next_on, CaseLine.id) > place)
    ids = _first(session, along, behind, PAGE + 1)
    shown = ids[:PAGE]
    rows = _rows(session, [*urgent, *shown], on, set(urgent))
    count = len(urgent)
    last = shown[-1] if len(ids) > PAGE else None
    alarms = rows[:count] if place is None else []
    return CasePage(rows[count:], alarms, after if place else None, last, _count(session, along))


def found_cases(session: Session, person: Person, on: date, wanted: Wanted, text: str) -> CasePage:
    """Return the cases of families whose surname or number fits what was typed, the likeliest family first."""
    ways = CaseLine.ways(person, on, reach_of(session, person, on))
    families = find_within(session, _cases_of(session, ways, wanted, on), text, (SURNAME, NUMBER))
    holds = or_(*(wanted.holds(way, on) for way in ways))
    query = select(CaseLine.id, CaseLine.family_id).where(CaseLine.family_id.in_(families), holds)
    lines = session.execute(query.order_by(CaseLine.next_on, CaseLine.id)).all()
    ids = [line.id for line in sorted(lines, key=lambda line: families.index(line.family_id))]
    urgent = set(_with_alarms(session, CaseLine.id.in_(ids)))
    return CasePage(_rows(session, ids, on, urgent), total=len(ids), cut=len(families) == MOST)


@dataclass(frozen=True, slots=True)
class _CasesOf:
    """The families of the cases that the reader finds in the list as it is narrowed."""

    ids: frozenset[uuid.UUID] | None
    """All of them, or None where there are more than a few."""
    line: ColumnElement[bool]
    dialect: str

    def holds(self, family_id: FamilyId) -> ColumnElement[bool]:
        if self.ids is not None:
            return among(family_id, self.ids, self.dialect)
        # Under a name of its own, and one by one: they are not gathered before the first is shown.
        return select(CaseLine.id).where(CaseLine.family_id == family_id, self.line).offset(0).exists()


def _cases_of(session: Session, ways: Sequence[Way], wanted: Wanted, on: date) -> _CasesOf:
    each = [select(CaseLine.family_id).where(wanted.along(way, on)).limit(FEW_FAMILIES + 1).subquery() for way in ways]
    some = union_all(*(select(one.c.family_id) for one in each)).limit(FEW_FAMILIES + 1)
    found = session.scalars(some).all()
    ids = frozenset(found) if len(found) <= FEW_FAMILIES else None
    return _CasesOf(ids, or_(*(wanted.holds(way, on) for way in ways)), session.get_bind().dialect.name)


def _count(session: Session, along: Sequence[ColumnElement[bool]]) -> int:
    """Count the lines, no further than COUNTED and one more: that one says that there are others."""
    each = [select(CaseLine.id).where(way).limit(COUNTED + 1).subquery() for way in along]
    together = union(*(select(one.c.id) for one in each)).subquery()
    counted = select(func.count()).select_from(together)
    return min(session.scalar(counted) or 0, COUNTED + 1)


def _first(
    session: Session, along: Sequence[ColumnElement[bool]], behind: Sequence[ColumnElement[bool]], most: int
) -> list[uuid.UUID]:
    """Return the first lines of all ways together: each way names its own first ones."""
    order = (CaseLine.next_on, CaseLine.id)
    each = [select(*order).where(way, *behind).order_by(*order).limit(most).subquery() for way in along]
    together = union(*(select(one.c.next_on, one.c.id) for one in each)).subquery()
    query = select(together.c.id).order_by(together.c.next_on, together.c.id).limit(most)
    return list(session.scalars(query))


def _place(session: Session, holds: ColumnElement[bool], after: uuid.UUID | None) -> tuple[date, uuid.UUID] | None:
    """Return where a line stands; None for one that the reader does not find there (any more)."""
    if after is None:
        return None
    row = session.execute(select(CaseLine.next_on, CaseLine.id).where(CaseLine.id == after, holds)).first()
    return (row[0], row[1]) if row else None


def _with_alarms(session: Session, holds: ColumnElement[bool]) -> list[uuid.UUID]:
    """Return the cases in which an emergency goes on; there are few at any time."""
    going_on = select(Alarm.subject_id).where(Alarm.closed_at.is_(None), Alarm.cancelled_at.is_(None))
    found = select(CaseLine.id).where(CaseLine.subject_id.in_(going_on), holds)
    return list(session.scalars(found.order_by(CaseLine.next_on, CaseLine.id).limit(ALARMS_SHOWN)))


def _rows(session: Session, ids: Sequence[uuid.UUID], on: date, urgent: set[uuid.UUID]) -> list[CaseRow]:
    loaded = (joinedload(CaseLine.family), joinedload(CaseLine.curator), joinedload(CaseLine.organisation))
    query = select(CaseLine).where(CaseLine.id.in_(ids)).options(*loaded, joinedload(CaseLine.territory))
    lines = {one.id: one for one in session.scalars(query)}
    owed = _owed(session, [one.subject_id for one in lines.values()], on)
    seen = _seen(session, [one.family_id for one in lines.values()])
    return [
        CaseRow(
            line=lines[key],
            alarm=key in urgent,
            stage=_stage(lines[key]),
            next=next(iter(owed[lines[key].subject_id]), None),
            late=sum(1 for one in owed[lines[key].subject_id][1:] if one.state == "late"),
            seen_on=seen.get(lines[key].family_id),
        )
        for key in ids
        if key in lines
    ]


def _owed(session: Session, subjects: Sequence[uuid.UUID], on: date) -> dict[uuid.UUID, list[Line]]:
    """Return what is owed in these subjects, in each what comes first at the beginning."""
    query = select(DutyRow).join(Subject).where(DutyRow.subject_id.in_(subjects), DutyRow.met_on.is_(None))
    found: dict[uuid.UUID, list[Line]] = defaultdict(list)
    for row in session.scalars(query.options(joinedload(DutyRow.subject))):
        found[row.subject_id].append(line_of(row, on))
    for lines in found.values():
        lines.sort(key=_turn)
    return found


def _turn(line: Line) -> tuple[bool, date, date, str]:
    row = line.row
    day = row.opened_on if row.at_once else row.due_on
    return line.state == "paused", day or NOTHING_DUE, row.opened_on, row.rule


def _seen(session: Session, families: Sequence[uuid.UUID]) -> dict[uuid.UUID, date]:
    came = (Visit.outcome == VISIT) & Visit.superseded_at.is_(None)
    last = select(Visit.family_id, func.max(Visit.on)).where(Visit.family_id.in_(families), came)
    return dict(session.execute(last.group_by(Visit.family_id)).all())


def _stage(line: CaseLine) -> str:
    profile = profile_of(line.procedure)
    stages = profile.stages if profile else ()
    return next((one.title for one in stages if one.id == line.stage), "")
