"""The server's disk takes no more: 503 and no receipt; with room again the same bytes pass.

The limit is the kernel's own (RLIMIT_FSIZE of the running processes): every write of a file fails as on a full disk,
with EFBIG for ENOSPC.
"""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from curator_app.extensions import db
from curator_app.sync.models import Envelope
from tests.protocol_client import photo_body, uuid7, visit_body
from tests.support.server import LiveServer
from tests.sync.live import family_at, phone_at
from tests.visits.pictures import jpeg


def give_room(server: LiveServer, size: int) -> None:
    """Let the web processes write so many bytes into any file; sockets have no such limit."""
    master = server._running["web"].pid
    children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
    for pid in (master, *map(int, children)):
        hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))


@pytest.fixture
def server(make_live_server):
    made = make_live_server(worker=False)
    yield made
    give_room(made, resource.RLIM_INFINITY)


def test_nothing_is_acknowledged_on_a_full_disk_and_everything_passes_later(server):
    phone, family = phone_at(server), family_at(server)
    before = phone.seal("visit", visit_body(family)[1])
    phone.send(before)
    photo, content = uuid7(), jpeg()
    visit, body = visit_body(family, [(photo, content)])
    sealed = [phone.seal("visit", body), phone.seal("photo", photo_body(photo, visit, content))]

    give_room(server, 0)
    refused = [phone.patch(envelope) for envelope in sealed]
    assert [answer.status for answer in refused] == [503, 503]
    assert all("Retry-After" in answer.headers and "Curator-Receipt" not in answer.headers for answer in refused)
    assert all(answer.json["refusal"]["what"] == "Сервер занят." for answer in refused)
    assert phone.receipts([before.id])["receipts"][before.id]["state"] == "applied"
    assert server.answers()

    give_room(server, resource.RLIM_INFINITY)
    receipts = [phone.send(envelope) for envelope in sealed]

    assert [one["state"] for one in receipts] == ["applied", "received"]
    with server.app() as app, app.app_context():
        assert db.session.query(Envelope).count() == 3


def test_a_disk_that_fills_in_the_middle_of_a_photo_keeps_no_half(server):
    phone, family = phone_at(server), family_at(server)
    photo, content = uuid7(), jpeg((2400, 1800), quality=95)
    visit, body = visit_body(family, [(photo, content)])
    phone.send(phone.seal("visit", body))
    sealed = phone.seal("photo", photo_body(photo, visit, content))

    give_room(server, len(sealed.sealed) // 2)
    answer = phone.patch(sealed)
    assert (answer.status, "Curator-Receipt" in answer.headers) == (503, False)

    give_room(server, resource.RLIM_INFINITY)
    assert phone.offset(sealed.id) < len(sealed.sealed)
    assert phone.send(sealed)["state"] == "received"
