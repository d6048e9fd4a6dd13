"""Switching a browser off: «Потерян» and «Сдать», what the phone is told, and when it is over.

active → draining → revoked. A draining phone has no session and no kit; what it sealed is taken for thirty days.
«Потерян» makes it forget its keys at the first contact; «Сдать» waits until its owner has finished what was begun.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from curator_app.audit.service import record
from curator_app.auth.models import ACTIVE, DRAINING, LOST, REVOKED, Enrolment, SignIn
from curator_app.clock import now
from curator_app.errors import Conflict

DELIVERS_FOR = timedelta(days=30)


def switch_off(session: Session, enrolment: Enrolment, way: str, by: SignIn) -> None:
    """Begin to switch a browser off, as lost or as handed in; its sessions end now.

    A phone that is being handed in may still turn out to be lost; a lost one stays so. Raises Conflict when it is
    over already. A browser of the office holds nothing: it is revoked at once.
    """
    if enrolment.state == REVOKED or (enrolment.state == DRAINING and enrolment.drain_way == LOST):
        raise Conflict("phone_is_off")
    enrolment.drain_way = way
    if enrolment.is_field:
        enrolment.state = DRAINING
        enrolment.accepts_until = now() + DELIVERS_FOR
    else:
        enrolment.state = REVOKED
        enrolment.revoked_at = now()
    _end_sessions(session, enrolment)
    _note(session, f"enrolment:{way}", enrolment, by, {"unsent": enrolment.unsent})


def take_back(session: Session, enrolment: Enrolment, by: SignIn) -> None:
    """Undo a switching off that the phone has not heard of; raise Conflict when it has."""
    if not may_take_back(enrolment):
        raise Conflict("phone_is_off")
    enrolment.state, enrolment.drain_way, enrolment.accepts_until = ACTIVE, "", None
    _note(session, "enrolment:taken_back", enrolment, by, {})


def may_take_back(enrolment: Enrolment) -> bool:
    """Tell whether the phone still has everything: it obeys at the first contact after the order."""
    if enrolment.state != DRAINING or enrolment.accepts_until is None:
        return False
    ordered_at = enrolment.accepts_until - DELIVERS_FOR
    return enrolment.last_contact_at is None or enrolment.last_contact_at < ordered_at


def orders(session: Session, enrolment: Enrolment, at: datetime) -> list[str]:
    """Return what a phone that has just told how it is must do.

    `drain`: deliver, nothing new · `forget`: drop keys, drafts and copies now, what is sealed needs none ·
    `wipe`: everything is here, the rest may go. A phone that sealed something in the very moment of the last order
    says so, and may deliver that too.
    """
    if enrolment.state == ACTIVE:
        return []
    first = ["forget"] if enrolment.drain_way == LOST else []
    if enrolment.phone_state.get("unsent") != 0:
        enrolment.state, enrolment.revoked_at = DRAINING, None
        return ["drain", *first]
    if enrolment.state != REVOKED:
        enrolment.state, enrolment.revoked_at = REVOKED, at
        record(session, "enrolment:revoked", person_id=enrolment.person_id, enrolment_id=enrolment.id)
    return [*first, "wipe"]


def _end_sessions(session: Session, enrolment: Enrolment) -> None:
    session.execute(
        update(SignIn).where(SignIn.enrolment_id == enrolment.id, SignIn.ended_at.is_(None)).values(ended_at=now())
    )


def _note(session: Session, act: str, enrolment: Enrolment, by: SignIn, data: dict[str, Any]) -> None:
    record(
        session,
        act,
        person_id=by.person_id,
        enrolment_id=by.enrolment_id,
        object_id=enrolment.id,
        data={"of": str(enrolment.person_id), **data},
    )
