"""What the worker does for sync: apply what is left, turn sealed photos into pictures, sweep.

The database says what is to be done; a job may run twice, and one bad envelope never stops the rest.
An unexpected exception is logged by its type and the row's key: its text may quote what somebody wrote.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Select, exists, or_, select

from curator_app.clock import now
from curator_app.database import claim
from curator_app.extensions import CALLS, db, enqueue
from curator_app.reminders import jobs as reminder_jobs
from curator_app.storage import MissingObject, StoreDown, photo_store
from curator_app.sync import asking_authors, forgetting, partials
from curator_app.sync.applying import apply_text, open_envelope, set_aside
from curator_app.sync.kinds import PHOTO, announced_photo
from curator_app.sync.models import APPLIED, NEEDS_REPAIR, RECEIVED, UNREADABLE, Envelope
from curator_app.sync.opened import NotApplicable, Unwanted, Waits
from curator_app.visits.jobs import develop, key_of
from curator_app.visits.models import Photo
from curator_app.visits.photos import MadePhoto, PhotoRefused
from curator_app.visits.withdrawal import TAKEN_BACK

log = logging.getLogger(__name__)

CLAIM_LIVES = timedelta(minutes=2)
"""A worker that died holding a photo gives it back after this."""
CLAIM_CHOICE = 20
"""Rows to try: with several workers the first may be gone by the time one asks for it."""
TEXT_BATCH = 500


def apply_pending() -> int:
    """Apply the text envelopes that were received and not applied; return how many changed their state."""
    keys = db.session.scalars(
        select(Envelope.id)
        .where(Envelope.state == RECEIVED, Envelope.kind != PHOTO)
        .order_by(Envelope.seq)
        .limit(TEXT_BATCH)
    ).all()
    db.session.rollback()
    changed = sum(_apply_one(key) for key in keys)
    if changed:
        enqueue_photos()
    return changed


def drain_photos() -> int:
    """Make pictures of every sealed photo whose visit is here, until none is left; return how many were done."""
    done = 0
    while (taken := _claim_photo()) is not None:
        try:
            done += _make_pictures(taken)
        except StoreDown:
            db.session.rollback()
            log.warning("the photo store is down; the sweep tries again")
            break
        except MissingObject:
            # The store lost what it had acknowledged: the phone still has its copy and seals it anew.
            _set_aside(taken, UNREADABLE, {"code": "bytes_missing"})
        except Exception as error:  # noqa: BLE001 - one photo must not hold up the others
            db.session.rollback()
            log.error("photo envelope %s: %s", taken, type(error).__name__)  # noqa: TRY400
    return done


def erase_withdrawn() -> int:
    """Erase what photos that were taken back left in the store; return how many were done.

    Pictures first, then the sealed bytes they came in; a store that is down leaves the rest to the next sweep.
    """
    done = 0
    for photo_id in db.session.scalars(_photos_to_erase()).all():
        keys = db.session.scalars(select(Envelope.store_key).where(Envelope.about_id == photo_id)).all()
        db.session.rollback()
        try:
            for key in (key_of(photo_id, "thumb"), key_of(photo_id, "full"), *(key for key in keys if key)):
                photo_store().delete(key)
        except StoreDown:
            log.warning("the photo store is down; the sweep erases later")
            break
        db.session.get_one(Photo, photo_id).erased_at = now()
        _settle_erased(photo_id)
        db.session.commit()
        done += 1
    return done


def forget_erased() -> int:
    """Drop the sealed text and the notes of families and signals that were erased; return how many records went."""
    while forgetting.name_families(db.session(), current_app.extensions["key_ring"]):
        db.session.commit()
    done = forgetting.forget_erased(db.session())
    db.session.commit()
    return done


def sweep() -> None:
    """Ask for what is left to be done, and delete uploads that nobody has continued for a week."""
    enqueue(apply_pending, job_id="apply-pending")
    enqueue(ask_authors, job_id="ask-authors")
    if db.session.scalars(_photos_to_make().limit(1)).first() is not None:
        enqueue_photos()
    if db.session.scalars(_photos_to_erase().limit(1)).first() is not None:
        enqueue(erase_withdrawn, job_id="erase-withdrawn")
    if forgetting.is_anything_left(db.session()):
        enqueue(forget_erased, job_id="forget-erased")
    db.session.rollback()
    partials.delete_older(current_app.config["CURATOR"].partials_folder)


def ask_authors() -> int:
    """Ask those whose records could not be written down; return how many were asked."""
    done = asking_authors.ask(db.session(), now(), TEXT_BATCH)
    db.session.commit()
    return done


def enqueue_photos() -> None:
    """Ask a worker to make pictures.

    Two names, because a queue refuses a name that is running: a photo that comes in the last moment of
    one run needs a second, and a third is never needed.
    """
    if not enqueue(drain_photos, job_id="drain-photos"):
        enqueue(drain_photos, job_id="drain-photos-again")


def call_people() -> None:
    """Ask for the duty person to be called now: a minute is long when somebody waits behind a door."""
    enqueue(reminder_jobs.call_people, job_id="call-people", queue=CALLS)


def _apply_one(key: uuid.UUID) -> bool:
    try:
        envelope = apply_text(db.session(), current_app.extensions["key_ring"], key)
        changed = envelope is not None and envelope.state != RECEIVED
        db.session.commit()
    except Exception as error:  # noqa: BLE001 - one envelope must not hold up the others
        db.session.rollback()
        log.error("envelope %s: %s", key, type(error).__name__)  # noqa: TRY400
        return False
    return changed


def _claim_photo() -> uuid.UUID | None:
    """Take the next photo for this worker; two workers never take the same."""
    for key, claimed_at in db.session.execute(_photos_to_make().limit(CLAIM_CHOICE)).all():
        if claim(db.session(), Envelope, key, when={"claimed_at": claimed_at}, then={"claimed_at": now()}):
            db.session.commit()
            return key
    db.session.rollback()
    return None


def _make_pictures(key: uuid.UUID) -> bool:
    """Make one photo's pictures; the long work lies between the transactions, not inside one.

    1. Fetch the sealed bytes. 2. Open them and find the photo they were announced as. 3. Decode, shrink,
    store. 4. Show them.
    """
    store_key = db.session.scalar(select(Envelope.store_key).where(Envelope.id == key))
    db.session.rollback()
    found = _open_photo(key, photo_store().get(store_key or ""))
    if found is None:
        return False
    photo_id, content, is_ready = found
    try:
        made = None if is_ready else develop(photo_store(), photo_id, content)
    except PhotoRefused as refusal:
        photo = db.session.get_one(Photo, photo_id, with_for_update=True)
        if photo.withdrawn_at is None:
            photo.state, photo.refusal = "refused", refusal.sentence
            _set_aside(key, NEEDS_REPAIR, {"code": "photo_refused", "why": refusal.reason})
            return True
        made = None
    _show(key, photo_id, made)
    return True


def _open_photo(key: uuid.UUID, sealed: bytes) -> tuple[uuid.UUID, bytes, bool] | None:
    """Return (photo id, its bytes, whether its pictures are there); None when it waits or was set aside."""
    envelope = db.session.get_one(Envelope, key)
    opened = open_envelope(current_app.extensions["key_ring"], envelope, sealed)
    found = None
    if opened is not None:
        try:
            photo, content = announced_photo(db.session(), opened)
            if photo.state == "announced":
                photo.state = "received"
            found = (photo.id, content, photo.state == "ready")
        except Waits:
            envelope.claimed_at = None
        except NotApplicable as refusal:
            set_aside(envelope, NEEDS_REPAIR, *refusal.reasons)
        except Unwanted as refusal:
            # Nothing was made of it, and nothing is to be kept: first the bytes, then the word that it is done.
            photo_store().delete(envelope.store_key or "")
            envelope.state, envelope.applied_at = APPLIED, now()
            envelope.reasons = [{"code": refusal.code}]
    db.session.commit()
    return found


def _show(key: uuid.UUID, photo_id: uuid.UUID, made: MadePhoto | None) -> None:
    photo = db.session.get_one(Photo, photo_id, with_for_update=True)
    if photo.withdrawn_at is not None:
        photo.erased_at = None  # taken back while its pictures were being made: the sweep erases those too
    elif made is not None:
        photo.state, photo.refusal = "ready", ""
        photo.width, photo.height, photo.bytes = made.width, made.height, len(made.full)
    envelope = db.session.get_one(Envelope, key)
    envelope.state, envelope.applied_at = APPLIED, now()
    db.session.commit()


def _settle_erased(photo_id: uuid.UUID) -> None:
    """Be done with sealed bytes that were never opened: a phone that heard of their loss would send them again."""
    for envelope in db.session.scalars(
        select(Envelope).where(Envelope.about_id == photo_id, Envelope.state == RECEIVED)
    ):
        envelope.state, envelope.applied_at = APPLIED, now()
        envelope.reasons = [{"code": TAKEN_BACK}]


def _set_aside(key: uuid.UUID, state: str, reason: dict[str, object]) -> None:
    set_aside(db.session.get_one(Envelope, key), state, reason)
    db.session.commit()


def _photos_to_erase() -> Select[uuid.UUID]:
    return select(Photo.id).where(Photo.withdrawn_at.is_not(None), Photo.erased_at.is_(None)).order_by(Photo.id)


def _photos_to_make() -> Select[uuid.UUID, datetime | None]:
    """Select (key, claimed_at) of sealed photos in the order they came, without those that wait for their visit."""
    visit_is_here = exists().where(Photo.id == Envelope.about_id)
    return (
        select(Envelope.id, Envelope.claimed_at)
        .where(
            Envelope.state == RECEIVED,
            Envelope.kind == PHOTO,
            or_(Envelope.claimed_at.is_(None), Envelope.claimed_at < now() - CLAIM_LIVES),
            or_(Envelope.about_id.is_(None), visit_is_here),
        )
        .order_by(Envelope.seq)
    )
