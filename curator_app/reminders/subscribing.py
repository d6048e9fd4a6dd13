"""Which browsers show reminders: taking their addresses, and letting go of them."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from curator_app.auth.models import ACTIVE, Enrolment
from curator_app.reminders.models import Subscription
from curator_app.reminders.push_hosts import is_allowed
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Assignment

AUTH_BYTES = 16


class UnreadableSubscription(ValueError):
    """No browser sends this."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What a browser gave: where it is reached, and by which keys."""

    endpoint: str
    p256dh: bytes
    auth: bytes

    @classmethod
    def of(cls, said: Any, own_hosts: Collection[str]) -> Offered:
        """Read `PushSubscription.toJSON()`; raise UnreadableSubscription for anything else."""
        keys = said.get("keys") if isinstance(said, Mapping) else None
        endpoint = said.get("endpoint") if isinstance(said, Mapping) else None
        if not isinstance(keys, Mapping) or not isinstance(endpoint, str) or not is_allowed(endpoint, own_hosts):
            raise UnreadableSubscription
        offered = cls(endpoint, _bytes(keys.get("p256dh")), _bytes(keys.get("auth")))
        if len(offered.auth) != AUTH_BYTES:
            raise UnreadableSubscription
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), offered.p256dh)
        except ValueError as error:
            raise UnreadableSubscription from error
        return offered


def subscribe(session: Session, enrolment: Enrolment, offered: Offered) -> None:
    """Let an enrolment's browser be reminded; there it replaces whoever was before, since one screen shows it."""
    session.execute(
        delete(Subscription).where(Subscription.endpoint == offered.endpoint, Subscription.enrolment_id != enrolment.id)
    )
    # The row stays when the address changes: with it the day's message knows that it has gone.
    held = session.scalars(select(Subscription).where(Subscription.enrolment_id == enrolment.id)).first()
    _write(held or _added(session, enrolment), offered)


def renew(session: Session, was: str, offered: Offered) -> bool:
    """Take a new address from the browser that alone knows the old one; False when nobody is there."""
    query = select(Subscription).join(Enrolment, Enrolment.id == Subscription.enrolment_id)
    held = session.scalars(query.where(Subscription.endpoint == was, Enrolment.state == ACTIVE)).first()
    taken = select(Subscription.id).where(Subscription.endpoint == offered.endpoint)
    if held is None or session.scalar(taken.where(Subscription.id != held.id)):
        return False
    _write(held, offered)
    return True


def unsubscribe(session: Session, enrolment: Enrolment) -> None:
    """Let the browser be in peace."""
    session.execute(delete(Subscription).where(Subscription.enrolment_id == enrolment.id))


def has_deadline(session: Session, person_id: uuid.UUID) -> bool:
    """Tell whether a person has been given anything with a last day: before that there is nothing to ask about."""
    query = select(DutyRow.id).join(Assignment, Assignment.subject_id == DutyRow.subject_id)
    query = query.where(Assignment.person_id == person_id, Assignment.until_on.is_(None))
    return session.scalar(query.where(DutyRow.met_on.is_(None), DutyRow.due_on.is_not(None)).limit(1)) is not None


def _added(session: Session, enrolment: Enrolment) -> Subscription:
    made = Subscription(person_id=enrolment.person_id, enrolment_id=enrolment.id)
    session.add(made)
    return made


def _write(row: Subscription, offered: Offered) -> None:
    row.endpoint, row.p256dh, row.auth = offered.endpoint, offered.p256dh, offered.auth


def _bytes(said: Any) -> bytes:
    if not isinstance(said, str):
        raise UnreadableSubscription
    try:
        return base64.b64decode(said + "=" * (-len(said) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableSubscription from error
