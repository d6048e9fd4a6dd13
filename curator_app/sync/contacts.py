"""Envelopes of contacts beside visits."""

from __future__ import annotations

from sqlalchemy.orm import Session

from curator_app.errors import Conflict, NotVisible
from curator_app.procedures.contact_form import NEWEST_CONTACT
from curator_app.subjects.models import CASE_ROLES
from curator_app.subjects.service import assignments_of
from curator_app.sync.opened import NotApplicable, Opened, does_not_hold, posted
from curator_app.visits.contact_form import contact_form
from curator_app.visits.contacts import Sent, record_contact


def apply_contact(session: Session, opened: Opened) -> None:
    """Record a contact from the form's own fields; raise NotApplicable."""
    form = contact_form(posted(opened.body))
    if not form.validate():
        raise does_not_hold(form, NEWEST_CONTACT)
    answers, envelope, author = form.answers(), opened.envelope, opened.enrolment.person
    try:
        sent = Sent(author, opened.enrolment, envelope.received_at, envelope.phone_at)
        envelope.about_id = record_contact(session, answers, sent).id
    except NotVisible as error:
        # A family that was handed over is told from one that never was this person's: the latter stays unknown.
        ever = any(one.role in CASE_ROLES for one in assignments_of(session, answers.family_id, author))
        raise NotApplicable({"code": "family_handed_over" if ever else "family_unknown"}) from error
    except Conflict as error:
        raise NotApplicable({"code": "id_taken"}) from error
