"""Where a case stands on its way, for its page: paused, in the card index, handed over, decided, helped on, kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.cases import aftercare, card_index, closing, transfer
from curator_app.cases.course_models import AftercarePlan, CaseClosing, FileControl, Transfer
from curator_app.cases.retention import kept_until
from curator_app.desk.case_access import Opened
from curator_app.procedures.pauses import PAUSED, RESUMED
from curator_app.procedures.profiles_loader import load_profile
from curator_app.subjects.models import Event, Subject


@dataclass(frozen=True, slots=True)
class HelpedOn:
    """Help after a case, and by which day somebody looks in again."""

    plan: AftercarePlan
    next_on: date | None
    late_days: int


@dataclass(frozen=True, slots=True)
class Course:
    """What the section says; what is not so stands empty."""

    places: bool = False
    """Whether the reader may open the page of where the children live."""
    paused: Event | None = None
    card: FileControl | None = None
    waits: Transfer | None = None
    declined: Transfer | None = None
    decision: CaseClosing | None = None
    outcome: str = ""
    """Of the decision, in the document's words."""
    helps: Sequence[HelpedOn] = field(default_factory=list)
    may_begin: bool = False
    """Whether the reader may begin help after the case now."""
    kept_until: date | None = None


def course(session: Session, opened: Opened) -> Course | None:
    """Return where the subject stands; None for early help, whose page says it by its steps."""
    subject = opened.subject
    if subject.kind == "aftercare":
        plan = aftercare.plan_of(session, subject)
        return Course(helps=[_helped(session, plan, opened.on)] if plan else [])
    if subject.kind != "case":
        return None
    decision = closing.standing_decision(session, subject)
    outcomes = {one.id: one for one in load_profile(subject.procedure).closing_outcomes}
    chosen = outcomes.get(decision.outcome) if decision else None
    plans = aftercare.plans_after(session, subject)
    leads_on = chosen is not None and chosen.leads_to == "aftercare"
    under_way = any(plan.subject.closed_on is None for plan in plans)
    begins = bool(opened.hats & {"commission", "intake", "head"})
    return Course(
        places=bool(opened.hats & {"curator", "substitute", "head", "commission", "group", "group_chair"}),
        paused=_paused(session, subject),
        card=card_index.card_of(session, subject),
        waits=transfer.waiting_of(session, subject),
        declined=_declined(session, subject),
        decision=decision,
        outcome=chosen.title if chosen else "",
        helps=[_helped(session, plan, opened.on) for plan in plans],
        may_begin=leads_on and begins and not under_way,
        kept_until=kept_until(subject.closed_on, subject.territory) if subject.closed_on else None,
    )


def _helped(session: Session, plan: AftercarePlan, on: date) -> HelpedOn:
    next_on = aftercare.next_look(session, plan)
    return HelpedOn(plan, next_on, max(0, (on - next_on).days) if next_on else 0)


def _paused(session: Session, subject: Subject) -> Event | None:
    """Return the pause that has not ended."""
    events = select(Event).where(Event.subject_id == subject.id, Event.type.in_((PAUSED, RESUMED)))
    last = session.scalars(events.order_by(Event.on.desc(), Event.no.desc()).limit(1)).first()
    return last if last is not None and last.type == PAUSED else None


def _declined(session: Session, subject: Subject) -> Transfer | None:
    """Return the last answer of another district, where it sent the case back."""
    rows = select(Transfer).where(Transfer.subject_id == subject.id, Transfer.decided_on.is_not(None))
    last = session.scalars(rows.order_by(Transfer.id.desc()).limit(1)).first()
    return last if last is not None and not last.is_accepted else None
