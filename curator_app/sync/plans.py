"""Envelopes of planned visits: a day tapped where there was no network."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from curator_app.clock import today
from curator_app.errors import Conflict
from curator_app.families.models import Family
from curator_app.subjects.service import is_assigned
from curator_app.sync.models import Envelope
from curator_app.sync.opened import NotApplicable, Opened, Waits, does_not_hold, posted
from curator_app.visits.planning import drop_late, plan_late
from curator_app.visits.planning_form import PLAN_FORM, PhonePlanForm
from curator_app.visits.planning_models import MOVED, PlannedVisit


class Sender(NamedTuple):
    """Whose envelope it is."""

    person_id: uuid.UUID
    enrolment_id: uuid.UUID


def apply_plan(session: Session, opened: Opened) -> None:
    """Plan a visit, or leave a family without a day; raise NotApplicable, or Waits where another plans just now.

    A plan is a word about days to come: of a family that has been handed over since, nobody owes it any more, and what
    was said later than it stands. Then the receipt says so.
    """
    envelope, author = opened.envelope, opened.enrolment.person
    form = PhonePlanForm(posted(opened.body))
    family = session.get(Family, form.family.data) if form.family.data else None
    if family is None or not is_assigned(session, family.id, author):
        raise NotApplicable({"code": "family_unknown"})
    form.said_on = said_at(envelope).astimezone(ZoneInfo(family.territory.zone)).date()
    if not form.validate():
        raise does_not_hold(form, PLAN_FORM)
    known = session.get(PlannedVisit, form.id.data)
    if known is not None and (known.person_id, known.family_id) != (author.id, family.id):
        raise NotApplicable({"code": "id_taken"})
    still = is_assigned(session, family.id, author, today(family.territory.zone))
    plan = known or _plan(session, opened, form, family, still=still)
    envelope.about_id = plan.id
    if not still:
        envelope.reasons = [{"code": "family_handed_over_since"}]
    elif known is None and plan.ended_as == MOVED:
        envelope.reasons = [{"code": "plan_overtaken"}]


def said_at(envelope: Envelope) -> datetime:
    """Return when it was written. No phone has written anything after it came, whatever its clock says."""
    return min(envelope.phone_at or envelope.received_at, envelope.received_at)


def _plan(session: Session, opened: Opened, form: PhonePlanForm, family: Family, *, still: bool) -> PlannedVisit:
    asked, by = form.asked(said_at(opened.envelope)), Sender(opened.enrolment.person_id, opened.enrolment.id)
    try:
        if form.day() is not None:
            return plan_late(session, family, asked, by, stands=still)
        return drop_late(session, family, asked, by, stands=still)
    except Conflict as error:
        raise Waits from error
