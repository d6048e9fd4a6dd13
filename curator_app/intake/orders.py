"""Orders of the commission to a body (поручения): addressee, term, and the act that comes back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.audit.service import record
from curator_app.auth.models import Organisation, SignIn
from curator_app.cases.stepping import Actor, ground_of, take_step
from curator_app.cases.steps import step_for
from curator_app.clock import today
from curator_app.errors import Refused
from curator_app.intake.check_models import Order
from curator_app.intake.service import looked_into
from curator_app.subjects.models import Subject

SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class Ordering:
    """What the commission wants of whom, by when."""

    addressee: str
    kind: str
    """survey | programme | accompaniment | patronage | intervention | other."""
    what: str
    due_on: date
    number: str = ""
    organisation_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """The act by which a body reports."""

    act: str
    on: date
    number: str = ""


def give(session: Session, subject: Subject, ordering: Ordering, by: SignIn) -> Order:
    """Give an order; one to survey begins the term of the survey where the document knows it."""
    on = today(subject.territory.zone)
    if ordering.due_on < on:
        raise Refused(fields={"due_on": "due_passed"})
    body = session.get(Organisation, ordering.organisation_id) if ordering.organisation_id else None
    row = Order(
        subject=subject,
        organisation_id=ordering.organisation_id,
        addressee=ordering.addressee or (body.name if body else ""),
        number=ordering.number,
        kind=ordering.kind,
        what=ordering.what,
        given_on=on,
        due_on=ordering.due_on,
        given_by_id=by.person_id,
    )
    session.add(row)
    session.flush()
    actor, named = Actor(by.person, by.enrolment), row.body
    answers = {"body": named, "what": row.kind, "wording": row.what}
    take_step(session, subject, "order_given", answers, on=on, by=actor, effects={})
    step = step_for("survey_ordered", subject.kind)
    if row.kind == SURVEY and step and ground_of(session, subject).knows("survey_ordered", step):
        take_step(session, subject, "survey_ordered", {"body": named}, on=on, by=actor, effects={})
    looked_into(session, subject)
    _note(session, "order:given", row, by)
    return row


def give_back(session: Session, row: Order, returned: Returned, by: SignIn) -> None:
    """Write down the act by which a body reports that the order was carried out."""
    if row.returned_on is not None:
        raise Refused(fields={"act": "returned_already"})
    if returned.on < row.given_on:
        raise Refused(fields={"returned_on": "before_it_was_given"})
    answers = {"body": row.body, "what": returned.act}
    take_step(
        session, row.subject, "order_returned", answers, on=returned.on, by=Actor(by.person, by.enrolment), effects={}
    )
    row.returned_on, row.act, row.act_number = returned.on, returned.act, returned.number
    _note(session, "order:returned", row, by)


def orders_of(session: Session, subject: Subject) -> Sequence[Order]:
    """Return a subject's orders: those still owed first, by their term."""
    query = select(Order).where(Order.subject_id == subject.id)
    return session.scalars(query.order_by(Order.returned_on.is_not(None), Order.due_on, Order.id)).all()


def _note(session: Session, act: str, row: Order, by: SignIn) -> None:
    record(
        session,
        act,
        person_id=by.person_id,
        enrolment_id=by.enrolment_id,
        family_id=row.subject.family_id,
        object_id=row.id,
    )
