"""A family's pictures by place: how it was beside how it is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from curator_app.families.models import Family
from curator_app.procedures.forms_loader import load_form
from curator_app.visits.models import Photo, Visit

READY = "ready"


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a home and its pictures, the oldest first; those taken back stand there as taken back."""

    id: str
    label: str
    photos: list[Photo]

    @property
    def ready(self) -> list[Photo]:
        """The pictures that can be shown."""
        return [photo for photo in self.photos if photo.state == READY]

    @property
    def pair(self) -> tuple[Photo, Photo] | None:
        """The first and the last that can be shown, None where there are not two."""
        ready = self.ready
        return (ready[0], ready[-1]) if len(ready) > 1 else None

    def find(self, photo_id: uuid.UUID | None) -> Photo | None:
        """Return one of the place's pictures that can be shown."""
        return next((photo for photo in self.ready if photo.id == photo_id), None)


def places_of(session: Session, family: Family) -> list[Place]:
    """Return the places that were photographed, in the order of the form that asked last."""
    photos = session.scalars(
        select(Photo)
        .join(Visit)
        .where(Visit.family_id == family.id, Visit.superseded_at.is_(None))
        .order_by(Visit.on, Visit.received_at, Photo.position)
        .options(contains_eager(Photo.visit))
    ).all()
    if not photos:
        return []
    form = load_form(photos[-1].visit.form_version)
    order = {chip.id: position for position, chip in enumerate(form.places)}
    by_place: dict[str, list[Photo]] = {}
    for photo in photos:
        by_place.setdefault(photo.place, []).append(photo)
    return [
        Place(place, load_form(shown[-1].visit.form_version).label(place) if place else "", shown)
        for place, shown in sorted(by_place.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))
    ]
