"""What makes a backup worth its name: the copy is opened and compared, and only then do phones let go of theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import zip_longest

from sqlalchemy import Connection, exists, func, select
from sqlalchemy.orm import Session

from curator_app.cases.safety_models import SafetyPlan
from curator_app.database import Base
from curator_app.errors import CuratorError
from curator_app.intake.models import Signal
from curator_app.sync.models import APPLIED, Envelope, VerifiedBackup
from curator_app.visits.acquainted import CaseAcquaintance
from curator_app.visits.models import Contact, Visit
from curator_app.visits.planning_models import PlannedVisit

Content = Callable[[str], bytes | None]
"""Gives what lies under a key of a photo store, None where nothing does."""

BATCH = 200
MADE: dict[str, type[Base]] = {
    "visit": Visit,
    "contact": Contact,
    "acquaintance": CaseAcquaintance,
    "signal": Signal,
    "measure": SafetyPlan,
    "plan": PlannedVisit,
}
"""What an envelope becomes that names one row of its own."""


class CopyDiffers(CuratorError):
    """The copy is not what it is a copy of; nothing was noted, phones keep what they have."""

    refusal = "backup_differs"


def compare(session: Session, copy: Connection, here: Content, there: Content) -> int:
    """Return the seq up to which a copy of the database and of the photo store holds everything; raise CopyDiffers.

    1. Each sealed envelope of the copy is the one that lies here, byte for byte by its SHA-256. 2. What visits and
    contacts were made of them is in the copy too. 3. Sealed photos that lie here lie there. Erased ones lie nowhere.
    """
    last = copy.scalar(select(func.max(Envelope.seq))) or 0
    ours = session.execute(
        select(Envelope.seq, Envelope.enrolment_id, Envelope.envelope_id, Envelope.digest, Envelope.body.is_(None))
        .where(Envelope.seq <= last)
        .order_by(Envelope.seq)
        .execution_options(yield_per=BATCH)
    )
    columns = (Envelope.enrolment_id, Envelope.envelope_id, Envelope.digest, Envelope.body, Envelope.store_key)
    theirs = copy.execute(select(Envelope.seq, *columns).order_by(Envelope.seq).execution_options(yield_per=BATCH))
    for mine, copied in zip_longest(ours, theirs):
        if mine is None or copied is None or tuple(mine[:4]) != tuple(copied[:4]):
            raise CopyDiffers(seq=(copied or mine).seq)
        content = copied.body if copied.store_key is None else there(copied.store_key)
        # What an act erased here since may still be in the copy, or not; a copy made later has nothing of it.
        erased_here = mine[4] if copied.store_key is None else here(copied.store_key) is None
        gone = content is None and erased_here
        if not gone and hashlib.sha256(content or b"").digest() != copied.digest:
            raise CopyDiffers(seq=copied.seq)
    _refuse_unmade(copy)
    return last


def note_verified(session: Session, seq: int, name: str) -> None:
    """Remember that a copy was verified: from now on phones may let go of what it holds."""
    session.add(VerifiedBackup(seq=seq, name=name))


def verified_through(session: Session) -> int | None:
    """Return the seq that the best verified copy holds, None where no copy was ever verified."""
    return session.scalar(select(func.max(VerifiedBackup.seq)))


def _refuse_unmade(copy: Connection) -> None:
    """Raise CopyDiffers when an envelope that says it was applied has no record beside it."""
    for kind, model in MADE.items():
        lost = copy.scalar(
            select(func.min(Envelope.seq)).where(
                Envelope.kind == kind,
                Envelope.state == APPLIED,
                Envelope.about_id.is_not(None),
                ~exists().where(model.id == Envelope.about_id),
            )
        )
        if lost is not None:
            raise CopyDiffers(seq=lost)
