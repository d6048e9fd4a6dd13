"""A smaller copy takes an announced photo's place only when the phone that announced it says which it was made from."""

from __future__ import annotations

import hashlib
import json
import uuid

import pytest

from curator_app.sync.models import Envelope
from curator_app.visits.models import Photo
from tests.protocol_client import uuid7, visit_body
from tests.visits import pictures


@pytest.fixture
def announced(phone, family):
    """A visit that announced one photo: (visit, photo, its bytes)."""
    photo, jpeg = uuid7(), pictures.jpeg((1600, 1200))
    visit, body = visit_body(family, [(photo, jpeg)])
    phone.patch(phone.seal("visit", body))
    return visit, photo, jpeg


def send(phone, visit, photo, content, **more):
    """Send a photo's envelope with more words in its first line."""
    line = json.dumps({"photo": photo, "visit": visit, **more}).encode()
    return phone.patch(phone.seal("photo", line + b"\n" + content))


def test_a_smaller_copy_becomes_the_picture_and_the_envelope_says_so(phone, announced, stored, work):
    visit, photo, jpeg = announced

    send(phone, visit, photo, pictures.jpeg((640, 480)), instead_of=hashlib.sha256(jpeg).hexdigest())
    work()

    (row,) = stored(Photo, visit_id=uuid.UUID(visit))
    assert (row.state, row.width) == ("ready", 640)
    assert stored(Envelope, kind="photo")[0].reasons == [{"code": "photo_made_smaller"}]


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("more", [{}, {"instead_of": "0" * 64}, {"instead_of": None}])
def test_other_bytes_without_the_right_word_are_set_aside(phone, announced, stored, work, more):
    visit, photo, _ = announced

    send(phone, visit, photo, pictures.jpeg((640, 480)), **more)
    work()

    assert stored(Envelope, kind="photo")[0].reasons == [{"code": "photo_digest"}]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_another_persons_phone_replaces_nothing(phone_of, people, announced, stored, work):
    visit, photo, jpeg = announced

    send(phone_of(people.igor), visit, photo, pictures.jpeg(), instead_of=hashlib.sha256(jpeg).hexdigest())
    work()

    assert stored(Envelope, kind="photo")[0].reasons == [{"code": "id_taken"}]
