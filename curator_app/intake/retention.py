"""Signals that were not confirmed lose their words when their term is over; the line in the journal stays."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.cases.erasing import erase_subject
from curator_app.clock import now
from curator_app.intake.models import Signal
from curator_app.intake.service import Hand, note

BATCH = 200


def due(session: Session, on: date) -> list[Signal]:
    """Return some signals whose words are to go by that day, those of longest ago first."""
    query = select(Signal).where(Signal.erase_on <= on, Signal.erased_at.is_(None))
    return list(session.scalars(query.order_by(Signal.erase_on, Signal.id).limit(BATCH)))


def erase(session: Session, signal: Signal) -> bool:
    """Take a signal's words, names and informant away; its number, days, way and outcome stay, and an act says so.

    False when there is nothing to erase: who was second, or somebody who has set the term anew.
    """
    session.refresh(signal, with_for_update=True)
    if signal.erase_on is None or signal.erased_at is not None:
        return False
    # The papers of its check go with it: questions and answers, acts, findings, the words of its events.
    counts = erase_subject(session, signal.subject)
    signal.erased_at = now()
    note(session, "signal:erased", signal, Hand(), term=str(signal.erase_on), rows=counts)
    return True
