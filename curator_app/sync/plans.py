"""Envelopes of planned visits: a day tapped where there was no network."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from sqlalchemy.orm import Session

from curator_app.clock import today
from curator_app.errors import Conflict
from curator_app.families.models import Family
from curator_app.subjects.service import is_assigned
from curator_app.sync.opened import NotApplicable, Opened, Waits, does_not_hold, posted
from curator_app.visits.planning import drop_late, plan_late
from curator_app.visits.planning_form import PLAN_FORM, PhonePlanForm
from curator_app.visits.planning_models import PlannedVisit


class Sender(NamedTuple):
    """Whose envelope it is."""

    person_id: uuid.UUID
    enrolment_id: uuid.UUID


def apply_plan(session: Session, opened: Opened) -> None:
    """Plan a visit, or leave a family without a day; raise NotApplicable, or Waits where another plans just now.

    A plan is a word about days to come: of a family that has been handed over since, nobody owes it any more.
    """
    form = PhonePlanForm(posted(opened.body))
    if not form.validate():
        raise does_not_hold(form, PLAN_FORM)
    author, family = opened.enrolment.person, session.get(Family, form.family.data)
    if family is None or not is_assigned(session, family.id, author):
        raise NotApplicable({"code": "family_unknown"})
    known = session.get(PlannedVisit, form.id.data)
    if known is not None and (known.person_id, known.family_id) != (author.id, family.id):
        raise NotApplicable({"code": "id_taken"})
    still = is_assigned(session, family.id, author, today(family.territory.zone))
    plan = known or _plan(session, opened, form, family, still=still)
    opened.envelope.about_id = plan.id if plan else None
    if not still:
        opened.envelope.reasons = [{"code": "family_handed_over_since"}]


def _plan(session: Session, opened: Opened, form: PhonePlanForm, family: Family, *, still: bool) -> PlannedVisit | None:
    envelope, on = opened.envelope, form.day()
    # No phone has written anything after it came, whatever its clock says.
    said_at = min(envelope.phone_at or envelope.received_at, envelope.received_at)
    by = Sender(opened.enrolment.person_id, opened.enrolment.id)
    try:
        if on is not None:
            return plan_late(session, family, form.asked(on, said_at), by, stands=still)
        return drop_late(session, family.id, said_at, by) if still else None
    except Conflict as error:
        raise Waits from error
