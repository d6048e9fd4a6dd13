"""What phones had sealed of a family goes with it, also what could never be written down; that it came stays."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session, joinedload, undefer

from curator_app.cases.safety_models import SafetyPlan
from curator_app.families.models import Family
from curator_app.intake.models import Signal
from curator_app.subjects.models import Event, Subject
from curator_app.sync.envelopes import Unreadable, open_sealed
from curator_app.sync.keys import KeyRing
from curator_app.sync.models import APPLIED, NEEDS_REPAIR, NOBODYS, Envelope, RepairNote
from curator_app.sync.opened import named_family
from curator_app.urgent.models import Alarm, CheckIn
from curator_app.visits.acquainted import CaseAcquaintance
from curator_app.visits.models import Contact, Visit
from curator_app.visits.planning_models import PlannedVisit

BATCH = 500
OF_FAMILY = (Visit, Contact, Alarm, CheckIn, CaseAcquaintance, PlannedVisit)
"""What an envelope becomes that belongs to one family; a signal and a bare step are found by their subject."""


def forget_erased(session: Session) -> int:
    """Drop sealed text and notes of what was erased when its term was over; return how many records went.

    That they came, when and from which phone stays; a phone that offers them again hears that they are here. The
    caller commits.
    """
    rows = {row.id: row for query in (_made_of_erased(), _of_erased()) for row in session.scalars(query.limit(BATCH))}
    for envelope in rows.values():
        envelope.body = None
    gone = select(Envelope.id).where(Envelope.family_id.in_(_gone()))
    words = update(RepairNote).where(RepairNote.envelope_id.in_(gone), RepairNote.text != "")
    session.execute(words.values(text="").execution_options(synchronize_session=False))
    return len(rows)


def is_anything_left(session: Session) -> bool:
    """Tell whether there is something to forget, or records whose family nobody has looked up."""
    queries = (_made_of_erased(), _of_erased(), _unnamed())
    return any(session.scalars(query.limit(1)).first() is not None for query in queries)


def name_families(session: Session, ring: KeyRing) -> int:
    """Write down whose words older records carry that did not apply; return how many. The caller commits."""
    query = _unnamed().options(undefer(Envelope.body), joinedload(Envelope.enrolment)).limit(BATCH)
    rows = session.scalars(query).all()
    for envelope in rows:
        private = ring.private(envelope.kid)
        envelope.family_id = NOBODYS
        if private is None or envelope.body is None:
            continue
        try:
            _signature, body = open_sealed(private, envelope.header, envelope.body)
            envelope.family_id = named_family(body)
        except Unreadable:
            continue
    return len(rows)


def _made_of_erased() -> Select[Envelope]:
    """Select what lies sealed of erased families and signals, whatever kind of record was made of it."""
    gone = _gone()
    made = [select(model.id).where(model.family_id.in_(gone)) for model in OF_FAMILY]
    made.append(select(Signal.id).where(Signal.erased_at.is_not(None) | Signal.family_id.in_(gone)))
    made.append(select(SafetyPlan.id).join(Subject).where(Subject.family_id.in_(gone)))
    made.append(select(Event.id).join(Subject).where(Subject.family_id.in_(gone)))
    return select(Envelope).where(Envelope.body.is_not(None), or_(*(Envelope.about_id.in_(ids) for ids in made)))


def _of_erased() -> Select[Envelope]:
    """Select the same by the family that they name."""
    return select(Envelope).where(Envelope.body.is_not(None), Envelope.family_id.in_(_gone()))


def _unnamed() -> Select[Envelope]:
    unmade = Envelope.about_id.is_(None) & Envelope.family_id.is_(None) & Envelope.body.is_not(None)
    return select(Envelope).where(unmade, Envelope.state.in_((APPLIED, NEEDS_REPAIR)))


def _gone() -> Select[uuid.UUID]:
    return select(Family.id).where(Family.erased_on.is_not(None))
