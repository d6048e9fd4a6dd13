"""How often one may write on the page without an account, told without keeping from where anybody wrote."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from curator_app.clock import now
from curator_app.errors import TooFast
from curator_app.intake.models import Knock

HOUR = timedelta(hours=1)
KEPT = timedelta(days=1)
MOST_OF_ONE = 5
"""An hour: a school's pupils and a village behind one mast share an address."""
MOST_OF_ALL = 120
"""An hour, of a whole territory: a machine that changes its address stops here, and a call still gets through."""


def knock(session: Session, territory_id: uuid.UUID, address: str, secret: str) -> None:
    """Count one message from an address; raise TooFast beyond what a person writes in an hour.

    The address itself is kept nowhere: the code is made with a key of the day, and goes after a day.
    """
    at = now()
    code = _code(address, secret, at)
    recent = select(func.count()).select_from(Knock).where(Knock.territory_id == territory_id, Knock.at > at - HOUR)
    mine = session.scalar(recent.where(Knock.code == code)) or 0
    if mine >= MOST_OF_ONE or (session.scalar(recent) or 0) >= MOST_OF_ALL:
        raise TooFast(int(HOUR.total_seconds()))
    session.add(Knock(territory_id=territory_id, code=code, at=at))


def forget(session: Session) -> None:
    """Take away the codes of yesterday."""
    session.execute(delete(Knock).where(Knock.at < now() - KEPT))


def _code(address: str, secret: str, at: datetime) -> str:
    # The key of a day makes codes of two days unlike, so that nobody is followed from one to the next.
    key = f"{secret}:{at.date().isoformat()}".encode()
    return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()[:32]
