"""Where somebody's letters go: an address counts once the code that was sent there has come back."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from curator_app.audit.service import record
from curator_app.auth.models import Person, SignIn
from curator_app.clock import now
from curator_app.database import insert_unique, uuid7
from curator_app.errors import Refused
from curator_app.reminders.models import MAIL, AddressCheck, Parcel

LIVES = timedelta(minutes=30)
MOST_TRIES = 5
DIGITS = 6


def ask(session: Session, person: Person, email: str, secret: str) -> str:
    """Begin the check of an address; return the code that is to be sent there. An earlier code is void."""
    session.execute(delete(AddressCheck).where(AddressCheck.person_id == person.id))
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    values = {"person_id": person.id, "email": email, "code_hash": _hash(code, secret), "expires_at": now() + LIVES}
    insert_unique(session, AddressCheck, ("person_id",), id=uuid7(), created_at=now(), tries=0, **values)
    return code


def waiting(session: Session, person: Person) -> str:
    """Return the address whose code is waited for; empty when there is none."""
    query = select(AddressCheck.email).where(AddressCheck.person_id == person.id, AddressCheck.expires_at > now())
    return session.scalar(query) or ""


def confirm(session: Session, by: SignIn, code: str, secret: str) -> None:
    """Take the address over when the code is right; raise Refused with the field `code` when it is not.

    A wrong code counts: the caller commits that too.
    """
    check = session.scalars(
        select(AddressCheck).where(AddressCheck.person_id == by.person_id).with_for_update()
    ).first()
    if check is None or check.expires_at <= now() or check.tries >= MOST_TRIES:
        raise Refused(fields={"code": "code_over"})
    check.tries += 1
    if not hmac.compare_digest(check.code_hash, _hash(code, secret)):
        raise Refused(fields={"code": "code_wrong"})
    by.person.email = check.email
    session.delete(check)
    record(session, "letters:on", person_id=by.person_id, enrolment_id=by.enrolment_id, object_id=by.person_id)


def forget(session: Session, by: SignIn) -> None:
    """Send no letters any more; what is on its way stays here."""
    by.person.email = ""
    session.execute(delete(AddressCheck).where(AddressCheck.person_id == by.person_id))
    mine = (Parcel.person_id == by.person_id) & (Parcel.channel == MAIL) & Parcel.done_at.is_(None)
    session.execute(update(Parcel).where(mine).values(done_at=now(), outcome="nothing"))
    record(session, "letters:off", person_id=by.person_id, enrolment_id=by.enrolment_id, object_id=by.person_id)


def _hash(code: str, secret: str) -> bytes:
    return hmac.new(secret.encode(), code.encode(), hashlib.sha256).digest()
