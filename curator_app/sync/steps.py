"""Envelopes of steps that a curator takes in a family's home: an acquaintance, «Постановление получено»."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from curator_app.cases.stepping import StepRefused
from curator_app.errors import Conflict, NotVisible
from curator_app.subjects.service import is_assigned
from curator_app.sync.opened import NotApplicable, Opened, does_not_hold, posted
from curator_app.visits.acquaint_form import StepForm, acquaintance_form, receipt_form
from curator_app.visits.acquainting import record_acquaintance, record_receipt
from curator_app.visits.contacts import Sent


def apply_acquaintance(session: Session, opened: Opened) -> None:
    """Record one act of acquainting a family; raise NotApplicable."""
    form = acquaintance_form(posted(opened.body))
    with _refusals(session, opened, form):
        opened.envelope.about_id = record_acquaintance(session, form.said(), _sent(opened)).id


def apply_acknowledgement(session: Session, opened: Opened) -> None:
    """Record that the resolution came; raise NotApplicable."""
    form = receipt_form(posted(opened.body))
    with _refusals(session, opened, form):
        number = (form.number.data or "").strip()
        opened.envelope.about_id = record_receipt(session, form.said(), number, _sent(opened)).id


@contextmanager
def _refusals(session: Session, opened: Opened, form: StepForm) -> Iterator[None]:
    """Check the form, and say in codes what the step's rule says in words."""
    if not form.validate():
        raise does_not_hold(form)
    try:
        yield
    except NotVisible as error:
        ever = is_assigned(session, form.family.data, opened.enrolment.person)
        raise NotApplicable({"code": "family_handed_over" if ever else "family_unknown"}) from error
    except Conflict as error:
        raise NotApplicable({"code": "id_taken"}) from error
    except StepRefused as error:
        raise NotApplicable({"code": "step_refused", "why": error.sentence}) from error


def _sent(opened: Opened) -> Sent:
    envelope = opened.envelope
    return Sent(opened.enrolment.person, opened.enrolment, envelope.received_at, envelope.phone_at)
