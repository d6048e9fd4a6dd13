"""A step that is taken from a page of its own: the same verb as on the page that all steps share, and its audit row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from curator_app.audit.service import record
from curator_app.auth.access import reader
from curator_app.cases.stepping import Actor, take_step
from curator_app.desk.effects import EFFECTS
from curator_app.extensions import db
from curator_app.subjects.models import Event, Subject


def take(subject: Subject, event: str, answers: Mapping[str, Any], on: date) -> Event:
    """Take a step as the reader of this request; raises StepRefused. The caller commits."""
    by, family_id = reader(), subject.family_id
    actor = Actor(by.person, by.enrolment)
    taken = take_step(db.session(), subject, event, answers, on=on, by=actor, effects=EFFECTS)
    marks = {"person_id": by.person_id, "enrolment_id": by.enrolment_id, "family_id": family_id}
    record(db.session(), "step:taken", **marks, object_id=taken.id, data={"type": event})
    return taken
