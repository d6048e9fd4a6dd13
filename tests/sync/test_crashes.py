"""Power cuts in a loop: whatever a phone holds a receipt for is there afterwards."""

from __future__ import annotations

import base64
import http.client
import random
import threading
import time

import pytest
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.storage import photo_store
from curator_app.sync.models import Envelope
from curator_app.visits.models import Visit
from tests.protocol_client import Phone, Sealed, photo_body, uuid7, visit_body
from tests.support.server import LiveServer
from tests.sync.live import family_at, phone_at
from tests.visits import pictures

ROUNDS = 3
PHONES = 3
JPEG = pictures.jpeg((400, 300))


class Sender(threading.Thread):
    """A phone that sends one thing after another and writes down what it got receipts for."""

    def __init__(self, phone: Phone, family: str) -> None:
        super().__init__(daemon=True)
        self.phone = phone
        self.family = family
        self.receipts: dict[str, dict[str, object]] = {}
        self.sealed: dict[str, Sealed] = {}
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.is_set():
            photo = uuid7()
            visit, body = visit_body(self.family, [(photo, JPEG)])
            for envelope in (
                self.phone.seal("visit", body),
                self.phone.seal("photo", photo_body(photo, visit, JPEG)),
            ):
                self.sealed[envelope.id] = envelope
                self.try_once(envelope)

    def try_once(self, envelope: Sealed) -> None:
        try:
            answer = self.phone.patch(envelope)
        except (OSError, http.client.HTTPException):
            # The server is down: what was not acknowledged is the phone's to send again.
            time.sleep(0.05)
            return
        if answer.status in {200, 201}:
            self.receipts[envelope.id] = answer.json


def kill_in_a_loop(server: LiveServer, rounds: int) -> list[Sender]:
    """Let phones send while the server is killed again and again; return them when they have stopped."""
    family = family_at(server)
    senders = [Sender(phone_at(server), family) for _ in range(PHONES)]
    for sender in senders:
        sender.phone.fetch_key()
        sender.start()
    chance = random.Random(7)
    for _ in range(rounds):
        wait_for_receipts(senders, 8)
        time.sleep(chance.uniform(0, 0.3))
        server.kill("web")
        server.start_web()
    for sender in senders:
        sender.done.set()
    for sender in senders:
        sender.join(20)
    return senders


def wait_for_receipts(senders: list[Sender], more: int) -> None:
    """Wait until the phones have some more receipts: on a busy machine a fixed time may hold none."""
    wanted = sum(len(sender.receipts) for sender in senders) + more
    deadline = time.monotonic() + 20
    while sum(len(sender.receipts) for sender in senders) < wanted and time.monotonic() < deadline:
        time.sleep(0.02)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_acknowledged_envelope_outlives_kill_after_kill(make_live_server, kind):
    server = make_live_server(kind, worker=False)

    senders = kill_in_a_loop(server, ROUNDS)

    assert sum(len(sender.receipts) for sender in senders) > 20
    check_kept(server, senders)
    # And whatever was not acknowledged can simply be sent again.
    for sender in senders:
        for key in [key for key in sender.sealed if key not in sender.receipts][:5]:
            assert sender.phone.send(sender.sealed[key])["id"] == key


def test_a_server_that_answers_before_its_commit_is_found_out(make_live_server):
    server = make_live_server("sqlite", worker=False, application="tests.sync.hasty_app:app")

    senders = kill_in_a_loop(server, 2)

    with pytest.raises(AssertionError, match="acknowledged and are not there"):
        check_kept(server, senders)


def check_kept(server: LiveServer, senders: list[Sender]) -> None:
    """Compare every receipt with what the server has."""
    with server.app() as app, app.app_context():
        rows = {str(row.envelope_id): row for row in db.session.scalars(select(Envelope))}
        lost = {key for sender in senders for key in sender.receipts} - rows.keys()
        assert not lost, f"{len(lost)} were acknowledged and are not there"
        for sender in senders:
            for key, receipt in sender.receipts.items():
                row = rows[key]
                content = row.body if row.kind == "visit" else photo_store().get(row.store_key or "")
                assert content == sender.sealed[key].sealed
                assert (row.seq, row.number_text) == (receipt["seq"], receipt["number"])
                assert base64.b64encode(row.digest).decode() == receipt["sha256"]
        assert len({row.seq for row in rows.values()}) == len(rows)
        applied = [row.about_id for row in rows.values() if row.kind == "visit" and row.state == "applied"]
        assert len(set(applied)) == len(applied)
        assert set(applied) <= set(db.session.scalars(select(Visit.id)))
