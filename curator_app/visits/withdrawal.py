"""A family takes back its permission for a picture: what is on it is erased, that there was one stays."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from curator_app.audit.service import record
from curator_app.auth.models import Person, SignIn
from curator_app.clock import now, today
from curator_app.subjects.models import Assignment, Subject
from curator_app.subjects.service import record_event
from curator_app.visits.models import Photo, Visit

WITHDRAWN = "withdrawn"
TAKEN_BACK = "photo_withdrawn"
"""The event, and the reason that a phone is told for bytes that were dropped."""
REFUSED = "refused"
ANNOUNCED = "announced"
PHOTOS_OFF = "В вашей территории снимки не делают."
TOLD_FOR = timedelta(days=60)
"""A phone keeps a copy of what it sent for 30 days, of what it read for 14: after this none can hold the picture."""
ABOUT_A_PICTURE = ("sha256", "caption", "taken_at")


def withdraw(session: Session, photo: Photo, by: SignIn) -> None:
    """Take a photo back, once; the sweep erases its pictures and the sealed bytes it came in.

    Its place, purpose and who allowed it stay with the record; its caption and digest go.
    """
    if photo.state == WITHDRAWN:
        return
    visit = photo.visit
    photo.state, photo.withdrawn_at = WITHDRAWN, now()
    photo.sha256 = photo.caption = photo.taken_at = photo.refusal = ""
    photo.width = photo.height = photo.bytes = None
    for version in _versions(session, visit):
        version.fields = _without(version.fields, photo.id)
    subject = session.get_one(Subject, visit.subject_id)
    record_event(
        subject,
        TAKEN_BACK,
        on=today(subject.territory.zone),
        at=photo.withdrawn_at,
        data={"photo": str(photo.id), "visit": str(visit.id)},
        author=by.person,
        enrolment=by.enrolment,
    )
    record(
        session,
        "photo:withdrawn",
        person_id=by.person.id,
        enrolment_id=by.enrolment.id,
        family_id=visit.family_id,
        object_id=photo.id,
    )


def take_all_back(session: Session, family_id: uuid.UUID) -> int:
    """Take every picture of a family back, whose term of keeping is over; the sweep erases them. Return how many."""
    photos = select(Photo).join(Visit).where(Visit.family_id == family_id, Photo.withdrawn_at.is_(None))
    rows = list(session.scalars(photos))
    for photo in rows:
        photo.state, photo.withdrawn_at = WITHDRAWN, now()
        photo.width = photo.height = photo.bytes = None
    return len(rows)


def withdrawn_for(session: Session, person: Person, at: datetime) -> list[uuid.UUID]:
    """Return the photos taken back lately that a phone of this person may still hold a copy of.

    The same list at every contact for as long as a copy may live: a phone that was restored is told again.
    """
    since = (at - TOLD_FOR).date()
    mine = (
        select(Subject.family_id)
        .join(Assignment)
        .where(Assignment.person_id == person.id, or_(Assignment.until_on.is_(None), Assignment.until_on >= since))
    )
    return list(
        session.scalars(
            select(Photo.id)
            .join(Visit)
            .where(
                Photo.withdrawn_at >= at - TOLD_FOR,
                or_(Visit.author_id == person.id, Visit.family_id.in_(mine)),
            )
            .order_by(Photo.id)
        )
    )


def settle_photos(visit: Visit, *, photos_on: bool) -> None:
    """Let a visit's text stand without the photos that nobody may keep.

    A correction is written from a phone's copy: what it says of a picture taken back since is not written down again.
    Where the territory decided that nobody takes any, new ones are refused; those of earlier versions stay.
    """
    for photo in visit.photos:
        if photo.state == WITHDRAWN:
            visit.fields = _without(visit.fields, photo.id)
        elif not photos_on and photo.state in {None, ANNOUNCED}:
            photo.state, photo.refusal = REFUSED, PHOTOS_OFF


def is_unwanted(photo: Photo) -> str | None:
    """Return why the bytes of a photo are dropped when they come, or None when they are awaited."""
    if photo.state == WITHDRAWN:
        return TAKEN_BACK
    return "photos_off" if (photo.state, photo.refusal) == (REFUSED, PHOTOS_OFF) else None


def _versions(session: Session, visit: Visit | None) -> Iterable[Visit]:
    """Yield a visit and the versions that it took the place of: each names the picture."""
    while visit is not None:
        yield visit
        visit = session.get(Visit, visit.supersedes_id) if visit.supersedes_id else None


def _without(fields: list[list[str]], photo_id: uuid.UUID) -> list[list[str]]:
    """Return the posted pairs without what they say of a picture."""
    rows = [name.removesuffix("-id") for name, value in fields if name.startswith("photos-") and value == str(photo_id)]
    gone = {f"{row}-{key}" for row in rows for key in ABOUT_A_PICTURE}
    return [pair for pair in fields if pair[0] not in gone]
