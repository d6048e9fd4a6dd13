"""Bad lines at a real server: cut, stalled, silent, in crowds. The pages answer all the while."""

from __future__ import annotations

import time
from contextlib import ExitStack

import pytest

from tests.protocol_client import photo_body, uuid7, visit_body
from tests.sync.live import family_at, phone_at
from tests.visits import pictures


def eventually(question, seconds=20):
    deadline = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return answer


def test_a_cut_connection_keeps_what_came_and_the_rest_completes_it(live_server):
    phone = phone_at(live_server)
    visit, _ = visit_body(family_at(live_server))
    envelope = phone.seal("photo", photo_body(uuid7(), visit, pictures.camera_jpeg((2000, 1500), 1)))
    half = len(envelope.sealed) // 2

    phone.cut(envelope, half)
    kept = eventually(lambda: phone.offset(envelope.id))
    answer = phone.patch(envelope, kept)

    # Gunicorn hands the body over in pieces of 16 KB: less than one of them is lost.
    assert half - 64 * 1024 <= kept <= half
    assert answer.status == 201


def test_a_phone_that_comes_back_does_not_wait_for_its_own_dead_connection(live_server):
    phone = phone_at(live_server)
    envelope = phone.seal("visit", visit_body(family_at(live_server), good_today="а" * 3000)[1])

    with phone.stall(envelope, 4000):
        started = time.monotonic()
        receipt = phone.send(envelope)

    assert receipt["state"] == "applied"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_twenty_four_stalled_uploads_leave_eight_threads_answering(make_live_server, kind):
    server = make_live_server(kind, WEB_THREADS="8")
    phone = phone_at(server)
    family = family_at(server)
    phone.fetch_key()
    slowest = 0.0
    with ExitStack() as stack:
        for _ in range(24):
            envelope = phone.seal("photo", photo_body(uuid7(), "", pictures.jpeg()))
            stack.enter_context(phone.stall(envelope, 3000))
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            started = time.monotonic()
            assert server.answers()
            slowest = max(slowest, time.monotonic() - started)

    assert slowest < 3
    assert phone.send(phone.seal("visit", visit_body(family)[1]))["state"] == "applied"


def test_a_silent_upload_is_given_up_and_keeps_what_it_sent(live_server):
    phone = phone_at(live_server)
    envelope = phone.seal("photo", photo_body(uuid7(), "", pictures.camera_jpeg((2000, 1500), 1)))

    with phone.stall(envelope, len(envelope.sealed) // 2) as connection:
        connection.settimeout(40)
        started = time.monotonic()
        answer = connection.recv(1000)

    assert 15 < time.monotonic() - started < 35
    assert answer.startswith(b"HTTP/1.1 204") or answer == b""
    assert phone.offset(envelope.id) > 0


def test_photos_become_pictures_by_the_worker_without_anybody_asking(live_server):
    phone = phone_at(live_server)
    photos = [(uuid7(), pictures.camera_jpeg((1200, 900), 6)) for _ in range(3)]
    visit, body = visit_body(family_at(live_server), photos)
    envelopes = [phone.seal("photo", photo_body(photo, visit, jpeg)) for photo, jpeg in photos]
    for envelope in [phone.seal("visit", body), *envelopes]:
        phone.send(envelope)

    def done() -> bool:
        answers = phone.receipts([envelope.id for envelope in envelopes])["receipts"].values()
        return [answer["state"] for answer in answers] == ["applied"] * 3

    assert eventually(done)
