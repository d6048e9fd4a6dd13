"""A family moves: its case is handed to another district, and is there once somebody accepts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from curator_app import texts
from curator_app.auth.models import Organisation, Person, Role, SignIn, Territory
from curator_app.cases.course_models import FileControl, Transfer
from curator_app.cases.noting import Hand, note
from curator_app.cases.stepping import StepRefused
from curator_app.errors import Refused
from curator_app.families.findable import keep_findable
from curator_app.families.models import Family
from curator_app.procedures.profiles_loader import newest_key
from curator_app.subjects.models import Assignment, Subject
from curator_app.subjects.service import move_to_profile

CURATOR = "case_curator"
MOVED_AWAY = "moved"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who carries the case in its new district."""

    person: Person
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class Sending:
    """Where a case goes, why, and since when."""

    target: Territory
    reason: str
    on: date


def waiting_of(session: Session, subject: Subject) -> Transfer | None:
    """Return the hand-over that nobody answered yet."""
    query = select(Transfer).where(Transfer.subject_id == subject.id, Transfer.decided_on.is_(None))
    return session.scalars(query.options(joinedload(Transfer.target), joinedload(Transfer.source))).first()


def send(session: Session, subject: Subject, sending: Sending, by: Hand) -> Transfer:
    """Offer a case to another district; it stays where it is until somebody there answers. Raises Refused."""
    if sending.target.id == subject.territory_id:
        raise Refused(fields={"territory": "same_district"})
    if waiting_of(session, subject) is not None:
        raise Refused(fields={"territory": "already_sent"})
    row = Transfer(
        subject_id=subject.id,
        from_id=subject.territory_id,
        to_id=sending.target.id,
        sent_on=sending.on,
        reason=sending.reason,
        sent_by_id=by.person_id,
    )
    session.add(row)
    session.flush()
    note(session, "transfer:sent", by, row.subject.family_id, row.id)
    return row


def accept(session: Session, row: Transfer, receiver: Receiver, on: date, by: SignIn, *, own_rules: bool) -> Subject:
    """Take a case in: it is this district's from that day, carried by the receiver.

    Who carried it before carries it up to the day before. `own_rules`: it goes on under this district's procedure;
    otherwise under the one that it began with.
    """
    _claim(session, row, on)
    subject = row.subject
    row.is_accepted, row.decided_by_id = True, by.person_id
    _let_go(session, subject, on)
    subject.territory_id = row.to_id
    session.flush()
    session.refresh(subject, ["territory"])
    _carry_over(session, subject, on)
    session.add(
        Assignment(
            subject_id=subject.id,
            person_id=receiver.person.id,
            organisation_id=receiver.organisation.id,
            role=CURATOR,
            since_on=on,
        )
    )
    session.flush()
    if own_rules and subject.procedure.partition("@")[0] != row.target.procedure:
        move_to_profile(subject, newest_key(row.target.procedure), "district_accepted", by)
    note(session, "transfer:accepted", by, row.subject.family_id, row.id)
    return subject


def decline(session: Session, row: Transfer, why: str, on: date, by: Hand) -> None:
    """Send it back with the reason: it stays with who carries it."""
    _claim(session, row, on)
    row.is_accepted, row.answer, row.decided_by_id = False, why, by.person_id
    note(session, "transfer:declined", by, row.subject.family_id, row.id)


def waiting_for(session: Session, person: Person, on: date) -> Sequence[Transfer]:
    """Return what waits for this person's answer, the oldest first."""
    query = Transfer.visible_to(person, on).order_by(Transfer.sent_on, Transfer.id)
    loaded = (joinedload(Transfer.subject), joinedload(Transfer.source), joinedload(Transfer.target))
    return session.scalars(query.options(*loaded, joinedload(Transfer.sent_by))).all()


def receivers_in(session: Session, territory: Territory, on: date) -> list[Receiver]:
    """Return who may carry a case in a district: its organisations' curators."""
    query = select(Role).join(Organisation).where(Organisation.territory_id == territory.id, Role.role == CURATOR)
    rows = session.scalars(
        query.where(Role.held_on(on)).options(joinedload(Role.person), joinedload(Role.organisation))
    )
    found = [Receiver(row.person, row.organisation) for row in rows]
    return sorted(found, key=lambda one: (one.person.name, one.organisation.name))


def other_districts(session: Session, subject: Subject) -> Sequence[Territory]:
    """Return where a case may be handed to."""
    return session.scalars(select(Territory).where(Territory.id != subject.territory_id).order_by(Territory.name)).all()


def _claim(session: Session, row: Transfer, on: date) -> None:
    """Answer it first; raise StepRefused to the second of two who answer at once."""
    free = (Transfer.id == row.id) & Transfer.decided_on.is_(None)
    claimed = session.scalars(update(Transfer).where(free).values(decided_on=on).returning(Transfer.id)).all()
    if not claimed:
        raise StepRefused(texts.text("course.transfer.answered"))


def _let_go(session: Session, subject: Subject, on: date) -> None:
    """End every assignment the day before: the days behind stay theirs."""
    ahead = select(Assignment).where(Assignment.subject_id == subject.id)
    for row in session.scalars(ahead.where(Assignment.until_on.is_(None) | (Assignment.until_on >= on))):
        row.until_on = max(on, row.since_on) - timedelta(days=1)


def _carry_over(session: Session, subject: Subject, on: date) -> None:
    """Let the family and the card index follow."""
    family = session.get(Family, subject.family_id) if subject.family_id else None
    if family is not None:
        family.territory_id = subject.territory_id
        family.settlement = ""  # a key of the old district's directory
        keep_findable(session, family)
    cards = select(FileControl).where(FileControl.subject_id == subject.id, FileControl.until_on.is_(None))
    for card in session.scalars(cards):
        card.until_on, card.ended_as = on, MOVED_AWAY
        kept = FileControl(
            subject_id=subject.id, territory_id=subject.territory_id, since_on=on, review_on=card.review_on
        )
        session.add(kept)
