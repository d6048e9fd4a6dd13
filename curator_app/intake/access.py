"""Who gets in: the intake and the commission of a territory, and whoever may tell of a child, at a desk."""

from __future__ import annotations

import uuid

from curator_app.auth.access import at_a_desk, own_today, reader
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.intake.models import COMMISSION, INTAKE, Signal

TELLERS = (
    "specialist",
    "case_curator",
    "early_help_owner",
    "head",
    "duty",
    "group_member",
    "group_chair",
    "resource_centre",
    *COMMISSION,
)
"""Everybody who works with children; intake writes down what others say, an administrator sees no family."""

keeps_journal = at_a_desk(INTAKE, *COMMISSION)
takes_in = at_a_desk(INTAKE)
tells = at_a_desk(*TELLERS)


def taken_in(signal_id: uuid.UUID) -> Signal:
    """Return a signal that the reader takes in; raise NotVisible for any other."""
    query = Signal.taken_in_by(reader().person, own_today()).where(Signal.id == signal_id)
    signal = db.session.scalars(query).first()
    if signal is None:
        raise NotVisible
    return signal


def own_notice(signal_id: uuid.UUID) -> Signal:
    """Return what the reader told herself; raise NotVisible for anybody else's."""
    signal = db.session.scalars(Signal.told_by(reader().person).where(Signal.id == signal_id)).first()
    if signal is None:
        raise NotVisible
    return signal
