"""Envelopes that tell of a family that is not one's own."""

from __future__ import annotations

import uuid
from dataclasses import replace

from sqlalchemy.orm import Session

from curator_app.errors import Conflict, Refused
from curator_app.intake.forms import SignalForm
from curator_app.intake.models import PHONE
from curator_app.intake.phone_pages import own_territories
from curator_app.intake.service import take_signal
from curator_app.sync.opened import NotApplicable, Opened, does_not_hold, posted


def apply_signal(session: Session, opened: Opened) -> None:
    """Take in what somebody tells from the road; raise NotApplicable.

    The same form as at a desk; it goes to the intake of the territory where its author works.
    """
    fields, author, envelope = posted(opened.body), opened.enrolment.person, opened.envelope
    form, territories = SignalForm(fields), own_territories(author)
    form.offer(territories)
    try:
        key = uuid.UUID(fields.get("id", ""))
    except ValueError as error:
        raise NotApplicable({"code": "field", "field": "id"}) from error
    if not form.validate():
        raise does_not_hold(form)
    territory = next(one for one in territories if str(one.id) == form.territory.data)
    told = replace(form.told(territory, PHONE), id=key, phone_at=envelope.phone_at)
    try:
        envelope.about_id = take_signal(session, told, author, opened.enrolment).id
    except Conflict as error:
        raise NotApplicable({"code": "id_taken"}) from error
    except Refused as error:
        raise NotApplicable(*({"code": "field", "field": name} for name in error.fields)) from error
