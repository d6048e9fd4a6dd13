"""Which signals turned out to be about a family: a signal's subject never names one, its row does once it is decided.

Intake stands above cases, so its table is asked for by name.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from curator_app.database import Base


def signals_about(family_ids: Collection[uuid.UUID]) -> Select[uuid.UUID]:
    """Select the subjects of the signals that were decided to be about these families."""
    signal = Base.metadata.tables["signal"]
    return select(signal.c.id).where(signal.c.family_id.in_(list(family_ids)))


def families_of(session: Session, signal_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Return the family of each of these signals that has one."""
    signal = Base.metadata.tables["signal"]
    rows = session.execute(select(signal.c.id, signal.c.family_id).where(signal.c.id.in_(list(signal_ids))))
    return {row.id: row.family_id for row in rows if row.family_id is not None}
