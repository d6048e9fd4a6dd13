"""What becomes of a signal: it joins what is under way, repeats an earlier one, leads to work, or was not confirmed."""

from __future__ import annotations

import calendar
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session, object_session

from curator_app.auth.models import SignIn
from curator_app.cases.stepping import Actor, take_step
from curator_app.clock import now, today
from curator_app.errors import Refused
from curator_app.families.models import Family
from curator_app.intake.check_models import Inquiry
from curator_app.intake.models import JOINED, PASSED, REPEATED, Signal
from curator_app.intake.service import hand_of, hold, note, register
from curator_app.subjects.models import Subject

ON_THE_CASE = "signal_joined"
"""A new signal about a family that is worked with: an event of its case, with the number and never the informant."""
LAST_MONTH = 12


def join(session: Session, signal: Signal, work: Subject, by: SignIn) -> None:
    """Hand a signal to the case, early help or aftercare that is under way: it stands in its timeline."""
    hold(session, signal)
    _still_open(signal)
    if work.closed_on is not None or work.family_id is None or work.territory_id != signal.territory_id:
        raise Refused(fields={"work": "work_is_over"})
    register(session, signal, by)
    at = now()
    zone = ZoneInfo(signal.territory.zone)
    data = {"number": signal.journal_no, "signal": str(signal.id)}
    actor = Actor(by.person, by.enrolment)
    take_step(session, work, ON_THE_CASE, data, on=at.astimezone(zone).date(), at=at, by=actor, effects={})
    settle(signal, JOINED, by, family=session.get_one(Family, work.family_id), leads_to=work)


def repeat(session: Session, signal: Signal, earlier: Signal, by: SignIn) -> None:
    """Say that somebody told this already: what follows from the earlier signal follows from this one too."""
    hold(session, signal)
    _still_open(signal)
    if earlier.id == signal.id or earlier.territory_id != signal.territory_id or earlier.outcome == REPEATED:
        raise Refused(fields={"earlier": "not_that_one"})
    register(session, signal, by)
    settle(signal, REPEATED, by, family=earlier.family, leads_to=earlier.subject)
    if earlier.erase_on is not None:
        signal.family_id, signal.erase_on = None, earlier.erase_on
        _tell_repeats(signal)


def settle(
    signal: Signal,
    outcome: str,
    by: SignIn,
    *,
    family: Family | None = None,
    leads_to: Subject | None = None,
    on: date | None = None,
) -> None:
    """End a signal with an outcome: its own or one of the profile; the check's decision and the ways above call it.

    One that was not confirmed, or leads to no work at all, does not follow a family, and loses its words after the
    territory's months.
    """
    _still_open(signal)
    signal.outcome, signal.state = outcome, PASSED
    signal.subject.closed_on = on or today(signal.territory.zone)
    if leads_to is None:
        signal.family_id = signal.leads_to_id = None
        signal.erase_on = months_after(signal.subject.closed_on, signal.territory.unconfirmed_months)
    else:
        signal.family_id = family.id if family else signal.family_id
        signal.leads_to_id = leads_to.id
    _tell_repeats(signal)
    session = object_session(signal)
    if session is not None:
        # A body that was asked answers nobody any more: its link opens nothing.
        session.execute(update(Inquiry).where(Inquiry.subject_id == signal.id).values(token_hash=None))
        note(session, "signal:settled", signal, hand_of(by), outcome=outcome)


def _tell_repeats(signal: Signal) -> None:
    """Let what repeats a signal follow the same family, or lose its words on the same day, as soon as that is known."""
    session = object_session(signal)
    if session is None:
        return
    session.flush()
    repeats = select(Signal).where(Signal.leads_to_id == signal.id, Signal.outcome == REPEATED)
    for one in session.scalars(repeats):
        one.family_id, one.erase_on = signal.family_id, signal.erase_on
        if signal.outcome == REPEATED:
            one.leads_to_id = signal.leads_to_id


def months_after(on: date, months: int) -> date:
    """Return the same day so many months later, or the last one of that month."""
    place = on.month - 1 + months
    year, month = on.year + place // LAST_MONTH, place % LAST_MONTH + 1
    return date(year, month, min(on.day, calendar.monthrange(year, month)[1]))


def _still_open(signal: Signal) -> None:
    if not signal.is_open:
        raise Refused(fields={"outcome": "decided_already"})
