"""Keep a case's line of the office's list: in the transaction that changed what it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from curator_app.clock import today
from curator_app.procedures.corrections import resolved
from curator_app.procedures.facts import Duty, Fact
from curator_app.procedures.profile_definition import Profile
from curator_app.procedures.stages import current_stage, stages_of
from curator_app.subjects.line_models import LINED, NOTHING_DUE, CaseLine
from curator_app.subjects.models import CASE_ROLES, STAND_IN, Assignment, Subject

CARRIERS = CASE_ROLES - {"substitute", STAND_IN}
MOVING = frozenset(
    {
        *("case_opened", "curator_assigned", "curator_replaced", "early_help_opened", "early_help_closed"),
        *("closing_decided", "deregistered", "registry_removed", "file_control_started", "file_control_ended"),
        *("aftercare_started", "aftercare_ended", "reopened", "district_transferred", "district_accepted"),
        *("child_came_of_age", "member_died", "consent_withdrawn"),
    }
)
"""Events after which a case is in other hands, or leaves the list, whatever the profile's rules say."""


def moves_line(kind: str, event_type: str, profile: Profile) -> bool:
    """Tell whether an event can change a case's line: its hands, its end or its stage."""
    if kind not in LINED:
        return False
    stages = (one for one in profile.stages if one.subject == kind)
    return event_type in MOVING or any(event_type in (*one.begins_with, *one.ends_with) for one in stages)


def keep_line(
    session: Session, subject: Subject, profile: Profile, facts: Sequence[Fact], duties: Sequence[Duty]
) -> None:
    """Write what the list says of a subject; a closed one leaves it."""
    if subject.kind not in LINED or subject.family_id is None:
        return
    if subject.closed_on is not None:
        session.execute(delete(CaseLine).where(CaseLine.subject_id == subject.id))
        return
    zone = ZoneInfo(subject.territory.zone)
    on = today(zone.key)
    told = sorted(resolved(facts, zone), key=lambda fact: fact.on)
    stage = current_stage(stages_of(profile, subject.kind, told, on))
    carrier = _carrier(session, subject, on)
    said: dict[str, Any] = {
        "family_id": subject.family_id,
        "kind": subject.kind,
        "territory_id": subject.territory_id,
        "organisation_id": carrier.organisation_id if carrier else None,
        "curator_id": carrier.person_id if carrier else None,
        "procedure": subject.procedure,
        "stage": stage.stage.id if stage else "",
        "next_on": first_due(duties, zone),
    }
    line = session.scalars(select(CaseLine).where(CaseLine.subject_id == subject.id)).first()
    if line is None:
        session.add(CaseLine(subject_id=subject.id, **said))
    else:
        for name, value in said.items():
            setattr(line, name, value)
    session.flush()


def first_due(duties: Iterable[Duty], zone: ZoneInfo) -> date:
    """Return the first day of what is owed: what is to be done at once, from the day on which it was."""
    days = []
    for duty in duties:
        if duty.met_by is not None or duty.state == "paused":
            continue
        at_once = duty.rule.within is not None and duty.rule.within.unit == "immediate"
        day = duty.anchor.on if at_once else duty.due
        if day is not None:
            days.append(day.astimezone(zone).date() if isinstance(day, datetime) else day)
    return min(days, default=NOTHING_DUE)


def _carrier(session: Session, subject: Subject, on: date) -> Assignment | None:
    """Return who carries it on that day or will; of two on the day of a replacement, the new one."""
    query = select(Assignment).where(Assignment.subject_id == subject.id, Assignment.role.in_(CARRIERS))
    query = query.where(Assignment.until_on.is_(None) | (Assignment.until_on >= on))
    return session.scalars(query.order_by(Assignment.since_on.desc(), Assignment.id.desc()).limit(1)).first()
