"""«Случаи»: open cases of those whom the reader answers for, alarms first, then by the first day of what is owed.

The list is read by indexes of `case_line`, one way of the reader after another; nothing counts or sorts all of it.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_, union
from sqlalchemy.orm import Session, joinedload

from curator_app.auth.models import HEAD, Organisation, Person, Role, Territory, shortened
from curator_app.procedures.profile_definition import Profile
from curator_app.procedures.profiles_loader import load_profile
from curator_app.procedures.toml_files import FileError
from curator_app.subjects.doors import COMMISSION_ROLES, INTAKE_ROLE
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.line_models import LINED, NOTHING_DUE, CaseLine
from curator_app.subjects.models import Subject
from curator_app.subjects.reasons import Line, line_of
from curator_app.urgent.models import Alarm
from curator_app.visits.models import VISIT, Visit

PAGE = 25
ALARMS_SHOWN = 20
CHOICES = 200
"""So many colleagues and places a filter offers."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for."""

    late: bool = False
    kind: str = ""
    stage: str = ""
    territory: uuid.UUID | None = None
    organisation: uuid.UUID | None = None
    curator: uuid.UUID | None = None

    @property
    def anything(self) -> bool:
        """Tell whether the list is narrowed at all."""
        return self != Wanted()


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


@dataclass(frozen=True, slots=True)
class Choices:
    """What the list can be narrowed to: (value, words) each."""

    stages: list[tuple[str, str]]
    territories: list[tuple[uuid.UUID, str]]
    organisations: list[tuple[uuid.UUID, str]]
    curators: list[tuple[uuid.UUID, str]]


def may_list(person: Person, on: date) -> bool:
    """Tell whether somebody has cases to look over: not who only looks after accounts or procedures."""
    roles = ("case_curator", "early_help_owner", HEAD, *COMMISSION_ROLES, INTAKE_ROLE, "group_member", "group_chair")
    return any(person.has_role(role, on) for role in roles)


def case_page(session: Session, person: Person, on: date, wanted: Wanted, after: uuid.UUID | None = None) -> CasePage:
    """Return so many cases behind the one named, those first whose day has passed for longest."""
    ways = [and_(way, *_narrowed(wanted, on)) for way in _ways(person, on)]
    place = _place(session, ways, after)
    urgent = _with_alarms(session, ways)
    behind: list[ColumnElement[bool]] = [CaseLine.id.not_in(urgent)] if urgent else []
    if place is not None:
        behind += [CaseLine.next_on >= place[0], tuple_(CaseLine.next_on, CaseLine.id) > place]
    ids = _first(session, ways, behind, PAGE + 1)
    shown = ids[:PAGE]
    rows = _rows(session, [*urgent, *shown], on, set(urgent))
    count = len(urgent)
    last = shown[-1] if len(ids) > PAGE else None
    return CasePage(rows[count:], rows[:count] if place is None else [], after if place else None, last)


def choices(session: Session, person: Person, on: date) -> Choices:
    """Return what the reader's own part of the list can be narrowed to."""
    places = _places(person, on)
    here = select(Organisation).where(_answers_for(places)).order_by(Organisation.name).limit(CHOICES)
    found = session.scalars(here.options(joinedload(Organisation.territory))).all()
    territories = {one.territory_id: one.territory for one in found}
    return Choices(
        _stages(territories.values()),
        sorted(((key, one.name) for key, one in territories.items()), key=lambda pair: pair[1]),
        [(one.id, one.name) for one in found if one.kind != "commission"],
        _curators(session, [one.id for one in found], on),
    )


def _stages(territories: Iterable[Territory]) -> list[tuple[str, str]]:
    profiles = [_profile(f"{name}@1") for name in sorted({one.procedure for one in territories})]
    return list(
        {
            stage.id: (stage.id, stage.title)
            for profile in profiles
            if profile
            for stage in profile.stages
            if stage.subject in LINED
        }.values()
    )


def _curators(session: Session, places: Sequence[uuid.UUID], on: date) -> list[tuple[uuid.UUID, str]]:
    held = select(Role.person_id).where(Role.organisation_id.in_(places), Role.held_on(on), Role.role == "case_curator")
    named = select(Person.id, Person.name).where(Person.id.in_(held)).order_by(Person.name).limit(CHOICES)
    return [(key, shortened(name)) for key, name in session.execute(named)]


def _places(person: Person, on: date) -> dict[str, set[uuid.UUID]]:
    """Return the organisations that the person heads, and those of offices in a territory."""
    offices = {*COMMISSION_ROLES, INTAKE_ROLE}
    held = [role for role in person.roles if role.is_held(on)]
    return {
        "led": {role.organisation_id for role in held if role.role == HEAD},
        "offices": {role.organisation_id for role in held if role.role in offices},
    }


def _answers_for(places: dict[str, set[uuid.UUID]]) -> ColumnElement[bool]:
    territories = select(Organisation.territory_id).where(Organisation.id.in_(places["offices"]))
    return or_(Organisation.id.in_(places["led"]), Organisation.territory_id.in_(territories))


def _ways(person: Person, on: date) -> list[ColumnElement[bool]]:
    places = _places(person, on)
    return CaseLine.ways(person, on, len(places["led"]), len(places["offices"]))


def _narrowed(wanted: Wanted, on: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [CaseLine.next_on < on] if wanted.late else []
    named = {
        CaseLine.kind: wanted.kind,
        CaseLine.stage: wanted.stage,
        CaseLine.territory_id: wanted.territory,
        CaseLine.organisation_id: wanted.organisation,
        CaseLine.curator_id: wanted.curator,
    }
    return found + [column == value for column, value in named.items() if value]


def _first(
    session: Session, ways: Sequence[ColumnElement[bool]], behind: Sequence[ColumnElement[bool]], most: int
) -> list[uuid.UUID]:
    """Return the first lines of all ways together: each way names its own first ones."""
    order = (CaseLine.next_on, CaseLine.id)
    each = [select(*order).where(way, *behind).order_by(*order).limit(most).subquery() for way in ways]
    together = union(*(select(one.c.next_on, one.c.id) for one in each)).subquery()
    query = select(together.c.id).order_by(together.c.next_on, together.c.id).limit(most)
    return list(session.scalars(query))


def _place(
    session: Session, ways: Sequence[ColumnElement[bool]], after: uuid.UUID | None
) -> tuple[date, uuid.UUID] | None:
    """Return where a line stands; None for one that the reader does not find there (any more)."""
    if after is None:
        return None
    row = session.execute(select(CaseLine.next_on, CaseLine.id).where(CaseLine.id == after, or_(*ways))).first()
    return (row[0], row[1]) if row else None


def _with_alarms(session: Session, ways: Sequence[ColumnElement[bool]]) -> list[uuid.UUID]:
    """Return the cases in which an emergency goes on; there are few at any time."""
    going_on = select(Alarm.subject_id).where(Alarm.closed_at.is_(None), Alarm.cancelled_at.is_(None))
    found = select(CaseLine.id).where(CaseLine.subject_id.in_(going_on), or_(*ways))
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
    profile = _profile(line.procedure)
    stages = profile.stages if profile else ()
    return next((one.title for one in stages if one.id == line.stage), "")


def _profile(key: str) -> Profile | None:
    try:
        return load_profile(key)
    except FileError:
        return None
