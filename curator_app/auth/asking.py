"""«Подготовить этот телефон»: a browser whose passkey signs in, and which has no vault, asks to become a phone.

A synced passkey on a new phone, or a phone whose storage was cleared. Signing in is not enough: somebody who knows the
person says yes at the office, with what the phone before had not sent before their eyes.
"""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from curator_app.audit.service import record
from curator_app.auth.models import DECLINED, FIELD, WAITING, Enrolment, EnrolmentLink, SignIn
from curator_app.auth.service import LINK_LIVES, token_hash
from curator_app.clock import now
from curator_app.errors import NotVisible

MAX_LABEL_CHARS = 100


def ask(session: Session, sign_in: SignIn, label: str) -> str:
    """Make a link that opens once somebody approves it, and return its token; a newer request takes an older's place.

    Raises NotVisible for a browser of the office: it needs no preparing.
    """
    enrolment = sign_in.enrolment
    if not enrolment.is_field:
        raise NotVisible
    mine = (EnrolmentLink.replaces_id == enrolment.id) & (EnrolmentLink.approval == WAITING)
    session.execute(update(EnrolmentLink).where(mine).values(approval=DECLINED))
    token = secrets.token_urlsafe(24)
    link = EnrolmentLink(
        person_id=sign_in.person_id,
        kind=FIELD,
        token_hash=token_hash(token),
        expires_at=now() + LINK_LIVES,
        approval=WAITING,
        label=label[:MAX_LABEL_CHARS],
        replaces_id=enrolment.id,
    )
    session.add(link)
    session.flush()
    record(session, "enrolment:asked", person_id=sign_in.person_id, enrolment_id=enrolment.id, object_id=link.id)
    return token


def waiting(session: Session, token: str) -> EnrolmentLink | None:
    """Return the request behind a token while nobody has answered it."""
    found = select(EnrolmentLink).where(EnrolmentLink.token_hash == token_hash(token))
    return session.scalars(found.where(EnrolmentLink.approval == WAITING, EnrolmentLink.expires_at > now())).first()


def announced(enrolment: Enrolment | None) -> dict[str, Any]:
    """Return what a phone last said that it had and the server had not: how many, and since when."""
    if enrolment is None:
        return {"unsent": 0, "oldest": None}
    oldest = enrolment.oldest_unsent_at
    return {"unsent": enrolment.unsent, "oldest": oldest.isoformat() if oldest else None}
