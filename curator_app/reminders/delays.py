"""What is late in a head's organisations or a commission's district: counts, reasons beside them, and no ranking."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from curator_app.audit.service import record
from curator_app.auth.models import HEAD, Organisation, Person, Role, SignIn
from curator_app.cases.hats import OWED_BY
from curator_app.errors import NotVisible, Refused
from curator_app.reminders.delay_models import REASONS, DelayReason
from curator_app.reminders.lines import title_of
from curator_app.reminders.owing import people_owing
from curator_app.reminders.rhythm import VISITS, Rhythm
from curator_app.subjects.doors import COMMISSION_ROLES, territory_ids
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.line_models import CaseLine
from curator_app.subjects.models import Event

PAGE = 50
COUNTED = 5000
"""So many late duties, the oldest, are counted by person; a head has hundreds at most."""
Key = tuple[uuid.UUID, str, uuid.UUID, str]
UNSAID = ""
CARRIED_BY = sorted(role for role, hats in OWED_BY.items() if hats & {"curator", "substitute"})
"""Roles of the documents that are whoever carries the case."""


@dataclass(frozen=True, slots=True)
class LateLine:
    """A duty whose day has passed: of which family, in whose hands, and what stood in the way."""

    row: DutyRow
    title: str
    family: str
    curator: str
    reason: DelayReason | None


@dataclass(slots=True)
class Load:
    """How much somebody carries: cases, what of it is late, and why."""

    name: str
    organisation: str
    cases: int = 0
    norm: int = 0
    late: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def is_over(self) -> bool:
        """Tell whether it is more than the territory's norm."""
        return 0 < self.norm < self.cases


@dataclass(frozen=True, slots=True)
class Overdue:
    """The page of a head: who carries how much, and the late duties, the oldest first."""

    loads: Sequence[Load]
    rows: Sequence[LateLine]
    after: uuid.UUID | None

    @property
    def over(self) -> list[Load]:
        """Return those who carry more than the norm: a question of load, asked before any other."""
        return [one for one in self.loads if one.is_over]


@dataclass(frozen=True, slots=True)
class Count:
    """What a commission is told: an organisation, its open cases, how many duties are late."""

    organisation: str
    cases: int
    late: int


def may_explain(session: Session, person: Person, duty: DutyRow, on: date) -> bool:
    """Tell whether the person says what stood in the way: who owes it, or who heads them."""
    owing = people_owing(session, duty.subject, duty.owner, on)
    return person.id in owing or person.id in people_owing(session, duty.subject, HEAD, on)


def explain(session: Session, duty: DutyRow, reason: str, note: str, by: SignIn) -> DelayReason:
    """Write down what stood in the way; raise Refused for a reason that there is not, or one without its word."""
    if reason not in REASONS:
        raise Refused(fields={"reason": "choose"})
    if reason == "other" and not note:
        raise Refused(fields={"note": "note"})
    key = {"subject_id": duty.subject_id, "rule": duty.rule, "anchor_id": duty.anchor_id, "period": duty.period}
    said = DelayReason(**key, reason=reason, note=note, author_id=by.person_id)
    session.add(said)
    session.flush()
    marks = {"person_id": by.person_id, "enrolment_id": by.enrolment_id, "family_id": duty.subject.family_id}
    record(session, "delay:explained", **marks, object_id=duty.id, data={"reason": reason})
    return said


def reason_of(session: Session, duty: DutyRow) -> DelayReason | None:
    """Return what was said last of a duty."""
    return _reasons(session, [duty]).get(_key(duty))


def attempts_since(session: Session, duty: DutyRow) -> int:
    """Count the visits that found no way in since a visit was owed: they are the reason by themselves."""
    tried = select(func.count()).where(Event.subject_id == duty.subject_id, Event.type == "visit_attempted")
    return session.scalar(tried.where(Event.on >= duty.opened_on)) or 0


def is_visit(done_by: Sequence[str]) -> bool:
    """Tell whether a rule asks for a visit."""
    return bool(VISITS.intersection(done_by))


def overdue(session: Session, person: Person, on: date, after: uuid.UUID | None = None) -> Overdue:
    """Return what a head sees of her organisations; raise NotVisible for an unknown place in the list."""
    led = Role.ids_led_by(person, on)
    late = _late(on).where(CaseLine.organisation_id.in_(led), CaseLine.kind != "early_help")
    page = late
    if after is not None:
        mark = session.execute(late.with_only_columns(DutyRow.due_on).where(DutyRow.id == after)).first()
        if mark is None:
            raise NotVisible
        page = late.where(tuple_(DutyRow.due_on, DutyRow.id) > (mark.due_on, after))
    found = page.order_by(DutyRow.due_on, DutyRow.id).limit(PAGE + 1)
    loaded = (joinedload(DutyRow.subject), joinedload(CaseLine.family), joinedload(CaseLine.curator))
    shown = session.execute(found.options(*loaded)).all()
    lines = {duty.id: line for duty, line in shown[:PAGE]}
    reasons = _reasons(session, [duty for duty, _line in shown[:PAGE]])
    rows = [_line_of(duty, lines[duty.id], reasons.get(_key(duty))) for duty, _line in shown[:PAGE]]
    return Overdue(_loads(session, led, late), rows, shown[PAGE - 1][0].id if len(shown) > PAGE else None)


def late_of_head(session: Session, person: Person, on: date) -> int:
    """Count what is late in a head's organisations, COUNTED at most."""
    late = _late(on).where(CaseLine.organisation_id.in_(Role.ids_led_by(person, on)), CaseLine.kind != "early_help")
    some = late.with_only_columns(DutyRow.id).limit(COUNTED)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def counts(session: Session, person: Person, on: date) -> list[Count]:
    """Return what a commission is told of its districts: counts by organisation, nobody's name."""
    here = CaseLine.territory_id.in_(territory_ids(person, on, COMMISSION_ROLES)) & (CaseLine.kind != "early_help")
    cases = select(CaseLine.organisation_id, func.count()).where(here).group_by(CaseLine.organisation_id)
    late = _late(on).where(here).with_only_columns(CaseLine.organisation_id, func.count())
    lateness: dict[uuid.UUID | None, int] = dict(session.execute(late.group_by(CaseLine.organisation_id)).all())
    names = dict(session.execute(select(Organisation.id, Organisation.name)).all())
    found = [Count(names[key] if key else "", number, lateness.get(key, 0)) for key, number in session.execute(cases)]
    return sorted(found, key=lambda one: one.organisation)


def _late(on: date) -> Select[DutyRow, CaseLine]:
    query = select(DutyRow, CaseLine).join(CaseLine, CaseLine.subject_id == DutyRow.subject_id)
    waits = DutyRow.met_on.is_(None) & DutyRow.paused_since.is_(None) & ~DutyRow.at_once
    # What a commission or the police owe in her case is no lateness of a curator.
    return query.where(waits, DutyRow.due_on < on, DutyRow.owner.in_(CARRIED_BY))


def _loads(session: Session, led: Select[uuid.UUID], late: Select[DutyRow, CaseLine]) -> list[Load]:
    """Count by curator, in the order of their names: nobody is first."""
    lines = select(CaseLine).where(CaseLine.organisation_id.in_(led), CaseLine.kind == "case")
    loads: dict[uuid.UUID | None, Load] = {}
    loaded = (joinedload(CaseLine.curator), joinedload(CaseLine.organisation), joinedload(CaseLine.territory))
    for line in session.scalars(lines.options(*loaded)):
        if line.curator_id not in loads:
            loads[line.curator_id] = _load_of(line)
        loads[line.curator_id].cases += 1
    rows = session.execute(late.order_by(DutyRow.due_on, DutyRow.id).limit(COUNTED)).all()
    reasons = _reasons(session, [duty for duty, _line in rows])
    for duty, line in rows:
        load = loads[line.curator_id] if line.curator_id in loads else loads.setdefault(line.curator_id, _load_of(line))
        load.late += 1
        said = reasons.get(_key(duty))
        load.reasons[said.reason if said else UNSAID] += 1
    return sorted(loads.values(), key=lambda one: (one.organisation, one.name))


def _load_of(line: CaseLine) -> Load:
    norm = Rhythm.of(line.territory.reminding).cases_norm
    name = line.curator.short_name if line.curator else ""
    return Load(name, line.organisation.name if line.organisation else "", norm=norm)


def _line_of(duty: DutyRow, line: CaseLine, reason: DelayReason | None) -> LateLine:
    curator = line.curator.short_name if line.curator else ""
    return LateLine(duty, title_of(duty), line.family.surname, curator, reason)


def _reasons(session: Session, duties: Sequence[DutyRow]) -> dict[Key, DelayReason]:
    if not duties:
        return {}
    ids = {duty.subject_id for duty in duties}
    query = select(DelayReason).where(DelayReason.subject_id.in_(ids)).order_by(DelayReason.id)
    return {_key(one): one for one in session.scalars(query)}


def _key(row: DutyRow | DelayReason) -> Key:
    return row.subject_id, row.rule, row.anchor_id, row.period
