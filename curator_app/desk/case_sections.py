"""What a case page is made of: each section answers for itself what it shows to one reader.

A section is a function of a subject in the hands of a reader; what it returns goes to its template under its name,
`templates/cases/_<name>.html`. None leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.auth.access import reader
from curator_app.cases.safety import plans_of
from curator_app.cases.safety_view import ShownPlan, shown
from curator_app.cases.stepping import Offer, ground_of, offered
from curator_app.desk.case_access import Opened
from curator_app.desk.case_history import Timeline, told
from curator_app.desk.case_parts import children, opening, papers, people, services
from curator_app.desk.case_stage import late, turn
from curator_app.desk.check_section import asked
from curator_app.desk.consent_section import consent, owner
from curator_app.desk.course_section import course
from curator_app.intake.models import Signal
from curator_app.subjects.reasons import Line, duties_of
from curator_app.urgent.episode import alarms_of
from curator_app.urgent.models import Alarm

Section = Callable[[Session, Opened], Any]


def emergency(session: Session, opened: Opened) -> Sequence[Alarm] | None:
    """Return the alarms of the subject, those first whose emergency goes on; the raw layer's."""
    return alarms_of(session, opened.subject.id) or None if "raw" in opened.layers else None


def safety(session: Session, opened: Opened) -> list[ShownPlan] | None:
    """Return what protects the children now, as this reader may see it."""
    if opened.subject.kind not in {"case", "aftercare"} or not opened.layers:
        return None
    standing = [plan for plan in plans_of(session, opened.subject) if plan.holds]
    return shown(standing, reader().person, opened.on, raw="raw" in opened.layers)


def signals(session: Session, opened: Opened) -> list[Signal] | None:
    """Return what was told of the family while it is worked with; None where nothing was, or who reads no raw layer."""
    if not opened.layers & {"raw", "intake"}:
        return None
    query = select(Signal).where(Signal.leads_to_id == opened.subject.id).order_by(Signal.received_at.desc())
    return list(session.scalars(query)) or None


def duties(session: Session, opened: Opened) -> list[Line]:
    """Return what is owed in the subject, the earliest due first."""
    return duties_of(session, opened.subject, opened.on)


def steps(session: Session, opened: Opened) -> dict[str, list[Offer]]:
    """Return the steps of this reader: those that something owed waits for, the others, and those that wait."""
    found = offered(ground_of(session, opened.subject), opened.hats)
    owed = [line.rule for line in duties_of(session, opened.subject, opened.on) if line.rule]
    wanted = {event for rule in owed for event in rule.done_by}
    now = [one for one in found if not one.why_not]
    return {
        "turn": [one for one in now if one.event in wanted],
        "also": [one for one in now if one.event not in wanted],
        "later": [one for one in found if one.why_not],
    }


def history(session: Session, opened: Opened) -> Timeline:
    """Return what happened in the subject, newest first, with what this reader may read of it."""
    return told(session, opened)


SECTIONS: dict[str, Section] = {
    "turn": turn,
    "emergency": emergency,
    "safety": safety,
    "owner": owner,
    "consent": consent,
    "duties": duties,
    "late": late,
    "steps": steps,
    "course": course,
    "opening": opening,
    "people": people,
    "signals": signals,
    "children": children,
    "papers": papers,
    "services": services,
    "asked": asked,
    "history": history,
}
"""In the order of the page: the first half stands on the left at a desk."""
