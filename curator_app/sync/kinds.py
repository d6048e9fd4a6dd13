"""What each kind of envelope becomes: the one dictionary through which sync reaches the features."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.auth.models import Enrolment
from curator_app.clock import today
from curator_app.errors import NotVisible, Refused
from curator_app.procedures.forms_loader import newest
from curator_app.subjects.models import Assignment
from curator_app.subjects.service import assignments_of
from curator_app.sync.calls import apply_alarm, apply_check_in
from curator_app.sync.contacts import apply_contact
from curator_app.sync.measures import apply_measure
from curator_app.sync.models import APPLIED, NEEDS_REPAIR, RECEIVED, UNREADABLE, Envelope
from curator_app.sync.opened import NotApplicable, Opened, Unwanted, Waits, does_not_hold, posted
from curator_app.sync.plans import apply_plan
from curator_app.sync.signals import apply_signal
from curator_app.sync.steps import apply_acknowledgement, apply_acquaintance
from curator_app.visits.answers import VisitAnswers
from curator_app.visits.forms import FORM, visit_form
from curator_app.visits.models import Photo, Visit
from curator_app.visits.service import Arrival, newest_version, next_number, record_beneath, record_new_visit
from curator_app.visits.withdrawal import is_unwanted, withdrawn_for

TEXT_BYTES_LIMIT = 256 * 1024
PHOTO = "photo"


def bytes_limit(kind: str, photo: int) -> int:
    """Return how large a sealed envelope of this kind may be, in bytes; `photo` is the installation's for photos."""
    return photo if kind == PHOTO else TEXT_BYTES_LIMIT


def apply_visit(session: Session, opened: Opened) -> None:
    """Record a visit from the form's own fields; raise NotApplicable or Waits.

    1. The fields pass the same form as the office's post. 2. What it corrects must have come. 3. The
    service records it if its author was assigned on that date. 4. A visit that came before, sealed
    anew under another envelope id, stays one visit.
    """
    answers = _answers(opened.body)
    earlier = _superseded(session, opened)
    newer = _came_first(session, opened.envelope, earlier)
    corrected = newer or _latest(session, earlier)
    if corrected is not None:
        answers = _as_correction(session, opened, answers, corrected)
    number = _number(opened.envelope, earlier)
    known = session.get(Visit, answers.id)
    _refuse_taken(session, answers, opened, known, corrected)
    mine = assignments_of(session, answers.family_id, opened.enrolment.person)
    visit = known or _record(session, opened, answers, _Place(mine, number, corrected, is_older=newer is not None))
    _repair(earlier, opened.envelope, visit)
    opened.envelope.about_id = visit.id
    opened.envelope.number_year, opened.envelope.number = visit.year, visit.number
    if not _is_assigned_now(visit, mine):
        opened.envelope.reasons = [{"code": "family_handed_over_since"}]


KINDS: dict[str, Callable[[Session, Opened], None]] = {
    "visit": apply_visit,
    "contact": apply_contact,
    "alarm": apply_alarm,
    "check_in": apply_check_in,
    "signal": apply_signal,
    "acquaintance": apply_acquaintance,
    "acknowledgement": apply_acknowledgement,
    "measure": apply_measure,
    "plan": apply_plan,
}
NUMBERS: dict[str, Callable[[Session, int], int]] = {"visit": next_number}
"""Kinds that people quote by a number, given out when the envelope is received."""


def announced_photo(session: Session, opened: Opened) -> tuple[Photo, bytes]:
    """Return the photo that a visit announced and this envelope brings, and its bytes.

    The body is a JSON line {"photo", "visit"}, then the JPEG. Raises Waits while the visit is not here,
    NotApplicable when the photo is another person's or not the bytes that the visit named by SHA-256, Unwanted when
    nobody may keep it. Where the announced bytes were too large for this server, the phone that signed both sends a
    smaller copy and names in "instead_of" what it was made from.
    """
    line, _, content = opened.body.partition(b"\n")
    try:
        about = json.loads(line)
        photo_id = uuid.UUID(about["photo"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotApplicable({"code": "not_a_photo"}) from error
    opened.envelope.about_id = photo_id
    photo = session.get(Photo, photo_id)
    if photo is None:
        raise Waits
    if photo.visit.author_id != opened.enrolment.person_id:
        raise NotApplicable({"code": "id_taken"})
    if (why := is_unwanted(photo)) is not None:
        raise Unwanted(why)
    if about.get("instead_of") == photo.sha256:
        opened.envelope.reasons = [{"code": "photo_made_smaller"}]
    elif hashlib.sha256(content).hexdigest() != photo.sha256:
        raise NotApplicable({"code": "photo_digest"})
    return photo, content


def photos_to_erase(session: Session, enrolment: Enrolment, at: datetime) -> list[str]:
    """Return the ids of photos that families took back and this phone may still hold."""
    return [str(key) for key in withdrawn_for(session, enrolment.person, at)]


def corrected_by(session: Session, envelope: Envelope) -> Visit | None:
    """Return the version of a visit that an envelope takes the place of, or None where it is a record of its own."""
    earlier = _named(session, envelope.enrolment_id, envelope.supersedes) if envelope.supersedes else None
    return _latest(session, earlier)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a visit goes: the author's assignments to the family, (year, number), the version it corrects.

    `is_older`: it is the other way round, and that version, which came first, corrects this one.
    """

    assignments: list[Assignment]
    number: tuple[int, int]
    corrected: Visit | None
    is_older: bool


def _record(session: Session, opened: Opened, answers: VisitAnswers, place: _Place) -> Visit:
    arrival = Arrival(
        author=opened.enrolment.person,
        enrolment=opened.enrolment,
        received_at=opened.envelope.received_at,
        phone_at=opened.envelope.phone_at,
        number=place.number,
    )
    try:
        if place.corrected is not None and place.is_older:
            return record_beneath(session, answers, arrival, place.assignments, place.corrected)
        return record_new_visit(session, answers, arrival, place.assignments, supersedes=place.corrected)
    except NotVisible as error:
        # A family that was handed over is told from one that never was this person's: the latter stays unknown.
        raise NotApplicable({"code": "family_handed_over" if place.assignments else "family_unknown"}) from error
    except Refused as error:
        raise NotApplicable(*({"code": "field", "field": name} for name in error.fields)) from error


def _answers(body: bytes) -> VisitAnswers:
    form = visit_form(posted(body))
    if not form.validate():
        raise does_not_hold(form, newest(FORM))
    return form.answers()


def _superseded(session: Session, opened: Opened) -> Envelope | None:
    """Return the earlier envelope that this one names; raise Waits while it is unknown or unopened."""
    if opened.envelope.supersedes is None:
        return None
    earlier = _named(session, opened.enrolment.id, opened.envelope.supersedes)
    if earlier is None or earlier.state == RECEIVED:
        raise Waits
    return earlier


def _named(session: Session, enrolment_id: uuid.UUID, envelope_id: uuid.UUID) -> Envelope | None:
    return session.scalars(
        select(Envelope).where(Envelope.enrolment_id == enrolment_id, Envelope.envelope_id == envelope_id)
    ).first()


def _latest(session: Session, earlier: Envelope | None) -> Visit | None:
    """Return the newest version of the visit that `earlier` became, or None if there never was one.

    A correction that was set aside itself stands for what it was to correct.
    """
    while earlier is not None and earlier.about_id is None and earlier.supersedes is not None:
        earlier = _named(session, earlier.enrolment_id, earlier.supersedes)
    visit = session.get(Visit, earlier.about_id) if earlier is not None and earlier.about_id else None
    return newest_version(session, visit) if visit is not None else None


def _came_first(session: Session, envelope: Envelope, earlier: Envelope | None) -> Visit | None:
    """Return the correction that came before the record itself, or None.

    What the server could not read is sealed anew with the moment at which it was written; until the phone hears of
    it, a correction may have taken its place. That the older words arrive later makes them no newer.
    """
    while earlier is not None and envelope.phone_at is not None and earlier.phone_at == envelope.phone_at:
        if earlier.about_id is not None:
            visit = session.get(Visit, earlier.about_id)
            return visit if visit is not None and visit.phone_at != envelope.phone_at else None
        earlier = _named(session, envelope.enrolment_id, earlier.supersedes) if earlier.supersedes else None
    return None


def _as_correction(session: Session, opened: Opened, answers: VisitAnswers, corrected: Visit) -> VisitAnswers:
    """Give a correction a row of its own; the same correction sealed anew keeps the one it has."""
    if corrected.family_id != answers.family_id:
        raise NotApplicable({"code": "other_family"})
    known = session.get(Visit, answers.id)
    if known is None or known.fields == [list(pair) for pair in answers.raw]:
        return answers
    return replace(answers, id=opened.envelope.envelope_id)


def _number(envelope: Envelope, earlier: Envelope | None) -> tuple[int, int]:
    """Return the visit's number; a repaired record keeps the one that people were told first."""
    source = earlier if earlier is not None and earlier.state in {NEEDS_REPAIR, UNREADABLE} else envelope
    if source.number_year is None or source.number is None:
        raise NotApplicable({"code": "no_number"})
    return source.number_year, source.number


def _refuse_taken(
    session: Session, answers: VisitAnswers, opened: Opened, known: Visit | None, corrected: Visit | None
) -> None:
    if known is not None:
        if known.author_id != opened.enrolment.person_id:
            raise NotApplicable({"code": "id_taken"})
        if known.family_id != answers.family_id or _text(known.fields) != _text(answers.raw):
            raise NotApplicable({"code": "other_content"})
        return
    # What the corrected version announced goes along with it.
    own = {photo.id for photo in corrected.photos} if corrected else set()
    ids = [line.id for line in answers.photos if line.id not in own]
    if ids and session.scalars(select(Photo.id).where(Photo.id.in_(ids)).limit(1)).first() is not None:
        raise NotApplicable({"code": "photo_id_taken"})


def _text(pairs: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return what a visit says without its photos' lines: those lose their words when a picture is taken back."""
    return [tuple(pair) for pair in pairs if not pair[0].startswith("photos-")]


def _repair(earlier: Envelope | None, envelope: Envelope, visit: Visit) -> None:
    if earlier is not None and earlier.state in {NEEDS_REPAIR, UNREADABLE}:
        earlier.state = APPLIED
        earlier.about_id = visit.id
        earlier.applied_at = visit.applied_at
        earlier.reasons = [{"code": "repaired", "by": str(envelope.envelope_id)}]


def _is_assigned_now(visit: Visit, mine: list[Assignment]) -> bool:
    return any(one.subject_id == visit.subject_id and one.covers(today(one.subject.territory.zone)) for one in mine)
