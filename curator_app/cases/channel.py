"""The family's own channel: find a card by its number, take what the family asks for, answer it."""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, insert, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from curator_app.audit.service import record
from curator_app.auth.models import Person, SignIn
from curator_app.cases.channel_models import FamilyCard, FamilyRequest
from curator_app.clock import now
from curator_app.database import uuid7
from curator_app.errors import NotVisible, TooFast
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import CASE_ROLES, Assignment, Subject

DIGITS = 20
GROUP = 4
RECEIPT_DIGITS = 12
MOST_A_DAY = 5
"""So many requests of one card in 24 hours: who holds somebody's card cannot bury the others under theirs."""
PAGE = 25
SHOWN: dict[str, list[ColumnElement[bool]]] = {
    "open": [FamilyRequest.answered_at.is_(None)],
    "answered": [FamilyRequest.answered_at.is_not(None)],
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a family says: the id is the page's, so that a second tap sends nothing twice."""

    id: uuid.UUID
    kind: str
    words: str
    contact: str


@dataclass(frozen=True)
class Page:
    """Some requests, and the one after which the next begin (None at the end)."""

    rows: Sequence[FamilyRequest]
    after: uuid.UUID | None


def code_of(secret: str, card: FamilyCard) -> str:
    """Return the digits that stand on a card, in groups; typed by hand or read by a camera.

    Empty where the installation's secret was changed since: cards that were given out go on opening their page, and
    only a new one can be shown.
    """
    digits = _digits(secret, card.family_id, card.generation)
    if _hash(digits) != card.code_hash:
        return ""
    return " ".join(digits[at : at + GROUP] for at in range(0, DIGITS, GROUP))


def ensure_card(secret: str, family_id: uuid.UUID) -> None:
    """Make a family's card where there is none, in a short transaction of its own: a page that shows it only reads."""
    if db.session.scalars(select(FamilyCard.id).where(FamilyCard.family_id == family_id)).first() is not None:
        return
    db.session.rollback()
    row = {"id": uuid7(), "created_at": now(), "family_id": family_id, "generation": 1}
    row["code_hash"] = _hash(_digits(secret, family_id, 1))
    try:
        with db.engine.connect().execution_options(immediate=True) as connection, connection.begin():
            connection.execute(insert(FamilyCard), row)
    except IntegrityError:
        return  # another page of the same family was first


def card_of(session: Session, family_id: uuid.UUID) -> FamilyCard | None:
    """Return a family's card."""
    return session.scalars(select(FamilyCard).where(FamilyCard.family_id == family_id)).first()


def card_generations(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return how often each family's card was made: a phone that shows the one before needs its page anew."""
    rows = session.execute(select(FamilyCard.family_id, FamilyCard.generation).where(FamilyCard.family_id.in_(ids)))
    return {row.family_id: row.generation for row in rows}


def renew_card(session: Session, secret: str, family: Family, by: SignIn) -> None:
    """Make a new card; the number before opens nothing any more."""
    card = session.scalars(select(FamilyCard).where(FamilyCard.family_id == family.id).with_for_update()).first()
    if card is None:
        raise NotVisible
    card.generation += 1
    card.code_hash = _hash(_digits(secret, family.id, card.generation))
    record(
        session,
        "family_card:renewed",
        person_id=by.person_id,
        enrolment_id=by.enrolment_id,
        family_id=family.id,
    )


def find_card(session: Session, code: str) -> FamilyCard | None:
    """Return the card with that number, however it was typed."""
    digits = re.sub(r"\D", "", code)
    if len(digits) != DIGITS:
        return None
    return session.scalars(select(FamilyCard).where(FamilyCard.code_hash == _hash(digits))).first()


def take_request(session: Session, card: FamilyCard, asked: Asked) -> FamilyRequest:
    """Keep what a family asks for; the same request sent again is the same. Raise TooFast above MOST_A_DAY."""
    known = session.get(FamilyRequest, asked.id)
    if known is not None and known.family_id == card.family_id:
        return known
    if known is not None:
        raise NotVisible
    _not_too_many(session, card)
    made = FamilyRequest(
        id=asked.id,
        family_id=card.family_id,
        organisation_id=_carrier(session, card.family_id),
        territory_id=card.family.territory_id,
        kind=asked.kind,
        words=asked.words,
        contact=asked.contact,
        received_at=now(),
    )
    session.add(made)
    record(session, "family_request:received", family_id=card.family_id, object_id=made.id)
    return made


def answer_request(session: Session, request: FamilyRequest, words: str, by: SignIn) -> None:
    """Answer; a later answer takes the place of the one before, and the trail knows both were given."""
    request.answer, request.answered_at, request.answered_by_id = words, now(), by.person_id
    record(
        session,
        "family_request:answered",
        person_id=by.person_id,
        enrolment_id=by.enrolment_id,
        family_id=request.family_id,
        object_id=request.id,
    )


def requests_of(session: Session, card: FamilyCard) -> Sequence[FamilyRequest]:
    """Return what came by a family's card, the newest first, as the family sees it: a few."""
    mine = select(FamilyRequest).where(FamilyRequest.family_id == card.family_id)
    return session.scalars(mine.order_by(FamilyRequest.received_at.desc()).limit(PAGE)).all()


def receipt_of(request: FamilyRequest) -> str:
    """Return the twelve digits by which a family reads one request and its answer again, in groups.

    Worked out of the request's own id, which nobody gets to see who holds the card alone.
    """
    made = hashlib.sha256(f"family-request|{request.id}".encode()).digest()
    digits = str(int.from_bytes(made) % 10**RECEIPT_DIGITS).zfill(RECEIPT_DIGITS)
    return " ".join(digits[at : at + GROUP] for at in range(0, RECEIPT_DIGITS, GROUP))


def find_receipt(session: Session, card: FamilyCard, code: str) -> FamilyRequest | None:
    """Return the request of this card whose receipt that is, however it was typed."""
    typed = re.sub(r"\D", "", code)
    mine = session.scalars(select(FamilyRequest).where(FamilyRequest.family_id == card.family_id))
    return next((one for one in mine if hmac.compare_digest(receipt_of(one).replace(" ", ""), typed)), None)


def request_page(session: Session, person: Person, on: date, shown: str, after: uuid.UUID | None) -> Page:
    """Return a page of what families asked for: the longest waiting first, the last answered first."""
    if shown not in SHOWN:
        raise NotVisible
    own = FamilyRequest.visible_to(person, on).where(*SHOWN[shown])
    query = own
    key = FamilyRequest.received_at
    if after is not None:
        mark = session.scalars(own.where(FamilyRequest.id == after)).first()
        if mark is None:
            raise NotVisible
        place, edge = tuple_(key, FamilyRequest.id), (mark.received_at, mark.id)
        query = own.where(place > edge if shown == "open" else place < edge)
    order = (key, FamilyRequest.id) if shown == "open" else (key.desc(), FamilyRequest.id.desc())
    loaded = (
        joinedload(FamilyRequest.family),
        joinedload(FamilyRequest.territory),
        joinedload(FamilyRequest.answered_by),
    )
    rows = session.scalars(query.order_by(*order).options(*loaded).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


def waiting(session: Session, person: Person, on: date) -> int:
    """Return how many requests wait for an answer, PAGE at the most: a number beside a link, not statistics."""
    some = FamilyRequest.visible_to(person, on).where(*SHOWN["open"]).limit(PAGE).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _not_too_many(session: Session, card: FamilyCard) -> None:
    since = now() - timedelta(days=1)
    mine = select(FamilyRequest.received_at).where(
        FamilyRequest.family_id == card.family_id, FamilyRequest.received_at > since
    )
    earliest: datetime | None = session.scalars(
        mine.order_by(FamilyRequest.received_at.desc()).offset(MOST_A_DAY - 1).limit(1)
    ).first()
    if earliest is not None:
        raise TooFast(max(1, int((earliest - since).total_seconds())))


def _carrier(session: Session, family_id: uuid.UUID) -> uuid.UUID | None:
    """Return the organisation that carries the case, or carried it last."""
    query = select(Assignment.organisation_id).join(Subject).where(Subject.family_id == family_id)
    query = query.where(Assignment.role.in_(CASE_ROLES))
    return session.scalars(query.order_by(Assignment.until_on.is_(None).desc(), Assignment.since_on.desc())).first()


def _digits(secret: str, family_id: uuid.UUID, generation: int) -> str:
    made = hmac.new(secret.encode(), f"family-card|{family_id}|{generation}".encode(), hashlib.sha256).digest()
    return str(int.from_bytes(made) % 10**DIGITS).zfill(DIGITS)


def _hash(digits: str) -> bytes:
    return hashlib.sha256(f"family-card|{digits}".encode()).digest()
