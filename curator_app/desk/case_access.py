"""Who opens a subject at a desk, and as what."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from curator_app.auth.access import own_today, reader
from curator_app.cases.hats import hats_of, layers_of
from curator_app.cases.steps import Hat, Layer
from curator_app.clock import today
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.subjects.doors import subjects_visible_to
from curator_app.subjects.models import Subject


@dataclass(frozen=True)
class Opened:
    """A subject in the hands of one reader."""

    subject: Subject
    hats: frozenset[Hat]
    layers: frozenset[Layer]
    on: date
    """Today where the subject lives."""
    reader_id: uuid.UUID


def open_subject(subject_id: uuid.UUID, *kinds: str) -> Opened:
    """Return a subject that the reader may open, at a desk; raise NotVisible for any other, or for another kind."""
    person = reader().person
    if reader().enrolment.is_field:
        raise NotVisible
    query = subjects_visible_to(person, own_today()).where(Subject.id == subject_id)
    subject = db.session.scalars(query).first()
    if subject is None or (kinds and subject.kind not in kinds):
        raise NotVisible
    hats = hats_of(db.session(), person, subject, own_today())
    return Opened(subject, hats, layers_of(hats), today(subject.territory.zone), person.id)
