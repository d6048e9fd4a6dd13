"""Sealed photos: they find their visit in any order, become pictures, or are set aside with a reason."""

from __future__ import annotations

import io
import itertools

import pytest
from PIL import Image

from curator_app.extensions import db
from curator_app.storage import photo_store
from curator_app.sync import jobs
from curator_app.sync.models import Envelope
from curator_app.visits.models import Photo
from tests.protocol_client import photo_body, uuid7, visit_body
from tests.visits import pictures


@pytest.fixture
def sealed(phone, family):
    """A visit with two photos, sealed: (visit's envelope, photos' envelopes, photo ids)."""
    photos = [(uuid7(), pictures.camera_jpeg((900, 600), turn)) for turn in (1, 6)]
    visit, body = visit_body(family, photos)
    parts = [phone.seal("photo", photo_body(photo, visit, jpeg)) for photo, jpeg in photos]
    return phone.seal("visit", body, parts=[part.id for part in parts]), parts, [photo for photo, _ in photos]


def states(stored, ids):
    by_id = {str(photo.id): photo.state for photo in stored(Photo)}
    return [by_id[photo] for photo in ids]


def stored_picture(app, photo_id, ending="jpg"):
    with app.app_context():
        return Image.open(io.BytesIO(photo_store().get(f"photos/{photo_id}.{ending}")))


def test_photos_after_their_visit_become_pictures(app, phone, sealed, stored, work):
    visit, parts, ids = sealed
    for envelope in (visit, *parts):
        assert phone.patch(envelope).status == 201
    assert states(stored, ids) == ["announced", "announced"]

    work()

    assert states(stored, ids) == ["ready", "ready"]
    assert stored_picture(app, ids[0]).size == (900, 600)
    assert stored_picture(app, ids[1]).size == (600, 900)
    assert stored_picture(app, ids[1], "webp").size == (213, 320)
    answers = phone.receipts([part.id for part in parts])["receipts"].values()
    assert [answer["state"] for answer in answers] == ["applied", "applied"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_any_order_ends_the_same(phone, sealed, stored, work, order):
    visit, parts, ids = sealed
    envelopes = [visit, *parts]
    for index in order:
        phone.patch(envelopes[index])
        work()

    assert states(stored, ids) == ["ready", "ready"]


def test_a_photo_waits_for_its_visit_without_being_opened_again_and_again(phone, sealed, stored, work):
    visit, parts, ids = sealed
    phone.patch(parts[0])

    work()
    (row,) = stored(Envelope)
    assert (row.state, row.reasons, str(row.about_id), row.claimed_at) == ("received", [], ids[0], None)

    phone.patch(visit)
    work()
    assert states(stored, ids)[0] == "ready"


def test_the_sealed_bytes_stay_in_the_store(app, phone, sealed, stored, work):
    visit, parts, _ = sealed
    phone.patch(visit)
    phone.patch(parts[0])
    work()

    (row,) = stored(Envelope, kind="photo")
    with app.app_context():
        assert photo_store().get(row.store_key) == parts[0].sealed
    assert row.body is None


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_photo_that_is_not_what_the_visit_announced_needs_repair(phone, sealed, stored, work):
    visit, _, ids = sealed
    phone.patch(visit)
    other = phone.seal("photo", photo_body(ids[0], "", pictures.jpeg()))
    phone.patch(other)

    work()

    answer = phone.receipts([other.id])["receipts"][other.id]
    assert (answer["state"], answer["reasons"]) == ("needs_repair", [{"code": "photo_digest"}])
    assert states(stored, ids) == ["announced", "announced"]


def test_another_persons_photo_cannot_be_replaced(phone, phone_of, people, sealed, stored, work):
    visit, _, ids = sealed
    phone.patch(visit)
    thief = phone_of(people.igor)
    envelope = thief.seal("photo", photo_body(ids[0], "", pictures.camera_jpeg((900, 600), 1)))
    thief.patch(envelope)

    work()

    assert thief.receipts([envelope.id])["receipts"][envelope.id]["reasons"] == [{"code": "id_taken"}]
    assert states(stored, ids)[0] == "announced"


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("content", "why"),
    [(pictures.jpeg()[:2000], "damaged"), (b"<svg/>", "not_picture"), (pictures.bomb_png(), "too_big")],
    ids=["truncated", "mislabelled", "bomb"],
)
def test_what_is_no_photo_is_refused_with_a_sentence(phone, family, stored, work, content, why):
    photo = uuid7()
    visit, body = visit_body(family, [(photo, content)])
    phone.patch(phone.seal("visit", body))
    envelope = phone.seal("photo", photo_body(photo, visit, content))
    phone.patch(envelope)

    work()

    answer = phone.receipts([envelope.id])["receipts"][envelope.id]
    assert (answer["state"], answer["reasons"]) == ("needs_repair", [{"code": "photo_refused", "why": why}])
    (row,) = stored(Photo, state="refused")
    assert row.refusal.endswith(".")


def test_a_bad_photo_does_not_hold_up_the_next(phone, family, stored, work):
    photos = [(uuid7(), b"<svg/>"), (uuid7(), pictures.jpeg())]
    visit, body = visit_body(family, photos)
    phone.patch(phone.seal("visit", body))
    for photo, content in photos:
        phone.patch(phone.seal("photo", photo_body(photo, visit, content)))

    work()

    assert states(stored, [photo for photo, _ in photos]) == ["refused", "ready"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("body", [b"", b"{}\n", b"[]\nx", b'{"photo": 5}\nx', b"\xff\n"])
def test_a_photo_without_its_line_needs_repair(phone, work, body):
    envelope = phone.seal("photo", body)
    phone.patch(envelope)

    work()

    assert phone.receipts([envelope.id])["receipts"][envelope.id]["reasons"] == [{"code": "not_a_photo"}]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_forged_photo_is_not_opened(phone, phone_of, people, sealed, work):
    phone.patch(sealed[0])
    thief = phone_of(people.vera)
    thief.signing_key, own = phone.signing_key, thief.signing_key
    forged = thief.seal("photo", b"{}\n")
    thief.signing_key = own
    thief.patch(forged)

    work()

    assert thief.receipts([forged.id])["receipts"][forged.id]["reasons"] == [{"code": "signature"}]


def test_working_twice_makes_a_photo_once(phone, sealed, stored, work):
    visit, parts, _ = sealed
    for envelope in (visit, *parts):
        phone.patch(envelope)
    work()
    sizes = [photo.bytes for photo in stored(Photo)]
    work()

    assert [photo.bytes for photo in stored(Photo)] == sizes


def test_the_same_photo_sealed_anew_is_done_at_once(phone, family, stored, work):
    photo, content = uuid7(), pictures.jpeg()
    visit, body = visit_body(family, [(photo, content)])
    phone.patch(phone.seal("visit", body))
    for _ in range(2):
        phone.patch(phone.seal("photo", photo_body(photo, visit, content)))
        work()

    assert [row.state for row in stored(Envelope, kind="photo")] == ["applied", "applied"]


def test_a_correction_keeps_the_photos_that_it_still_lists(phone, sealed, family, stored, work):
    visit, parts, ids = sealed
    for envelope in (visit, *parts):
        phone.patch(envelope)
    work()
    photos = [(ids[0], pictures.camera_jpeg((900, 600), 1))]
    correction = phone.seal("visit", visit_body(family, photos, good_today="Точнее")[1], supersedes=visit.id)

    assert phone.patch(correction).json["state"] == "applied"

    visit_of = {str(photo.id): photo.visit_id for photo in stored(Photo)}
    old, new = stored(Envelope, kind="visit")
    assert visit_of[ids[0]] == new.about_id
    assert visit_of[ids[1]] == old.about_id


def test_bytes_that_the_store_lost_are_asked_for_again(app, phone, sealed, stored, work):
    visit, parts, _ = sealed
    phone.patch(visit)
    phone.patch(parts[0])
    with app.app_context():
        photo_store().delete(stored(Envelope, kind="photo")[0].store_key)

    work()

    answer = phone.receipts([parts[0].id])["receipts"][parts[0].id]
    assert (answer["state"], answer["reasons"]) == ("unreadable", [{"code": "bytes_missing"}])


def test_two_workers_never_take_the_same_photo(app, phone, sealed):
    visit, parts, _ = sealed
    for envelope in (visit, *parts):
        phone.patch(envelope)
    with app.app_context():
        taken = [jobs._claim_photo() for _ in range(3)]
        db.session.remove()

    assert len(set(taken)) == 3
    assert taken[2] is None
