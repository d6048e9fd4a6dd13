"""Envelopes that call people: «Срочно» and «Вернусь на связь»."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.database import Base
from curator_app.errors import Conflict, NotVisible
from curator_app.sync.models import Envelope
from curator_app.sync.opened import NotApplicable, Opened, does_not_hold, posted
from curator_app.urgent.check_ins import record_check_in
from curator_app.urgent.forms import AlarmForm, CheckInForm
from curator_app.urgent.models import Alarm, CheckIn
from curator_app.urgent.service import Sender, record_alarm

CALLS: dict[str, type[Base]] = {"alarm": Alarm, "check_in": CheckIn}
"""Kinds of envelopes whose phone wants to know how far the answer is; each row has a `code`."""


def apply_alarm(session: Session, opened: Opened) -> None:
    """Apply what a phone says about an alarm; raise NotApplicable."""
    form = AlarmForm(posted(opened.body))
    _hold_together(form)
    with _refusals():
        opened.envelope.about_id = record_alarm(session, form.said(), _sender(opened)).id


def apply_check_in(session: Session, opened: Opened) -> None:
    """Apply what a phone says about when its owner is back; raise NotApplicable."""
    form = CheckInForm(posted(opened.body))
    _hold_together(form)
    with _refusals():
        opened.envelope.about_id = record_check_in(session, form.said(), _sender(opened)).id


def call_codes(session: Session, envelopes: list[Envelope]) -> dict[uuid.UUID, dict[str, str]]:
    """Return how far the calls of these envelopes are, by the envelope's id: codes, no word of what they say."""
    found: dict[uuid.UUID, dict[str, str]] = {}
    for kind, model in CALLS.items():
        rows = [row for row in envelopes if row.kind == kind and row.about_id]
        calls: Sequence[Any] = (
            session.scalars(select(model).where(model.id.in_([row.about_id for row in rows]))).all() if rows else []
        )
        codes = {one.id: one.code for one in calls}
        found |= {row.envelope_id: {kind: codes[row.about_id]} for row in rows if row.about_id in codes}
    return found


def _sender(opened: Opened) -> Sender:
    envelope = opened.envelope
    return Sender(opened.enrolment.person, opened.enrolment, envelope.received_at, envelope.phone_at)


def _hold_together(form: Any) -> None:
    if not form.validate():
        raise does_not_hold(form)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except NotVisible as error:
        raise NotApplicable({"code": "family_unknown"}) from error
    except Conflict as error:
        raise NotApplicable({"code": "id_taken"}) from error
