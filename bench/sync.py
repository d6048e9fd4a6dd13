"""A day's work going up a thin link: 200 kbps, half a second there and back, through a proxy below HTTP.

The client is the real one: forms filled offline in Chromium, sealed there, sent by the page and its worker.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from bench.figures import Figure
from bench.phone import chromium, enrolled, outbox
from bench.pictures import CAMERA, jpeg
from bench.stage import Stage, curators_families, free_port
from curator_app.extensions import db
from curator_app.sync.models import Envelope
from tests.support import walk
from tests.support.browser import Phone
from tests.support.proxy import FaultProxy
from tests.support.server import LiveServer

KBPS, ROUND_TRIP_SECONDS = 200, 0.5
BYTES_A_SECOND = KBPS * 1000 / 8
HANDSHAKE_SECONDS = 2 * ROUND_TRIP_SECONDS
"""A connection, then the last answer on its way back."""
PHOTOS_A_VISIT = 3
SEND_SECONDS = 400


@dataclass(frozen=True)
class Line:
    """The server's side of one envelope."""

    kind: str
    length: int
    received_at: datetime


def measure(stage: Stage) -> Iterator[Figure]:
    """Cut one upload of a visit; then time a day's visits over EDGE."""
    with _behind_proxy(stage) as day:
        yield from _sent_over_content(day)
        yield from _edge(day, visits=2 if stage.quick else 10)


@dataclass(frozen=True)
class Day:
    """A phone, the server behind a proxy, the families to visit and the pictures to take."""

    server: LiveServer
    proxy: FaultProxy
    phone: Phone
    families: list[str]
    pictures: list[Path]


@contextmanager
def _behind_proxy(stage: Stage) -> Iterator[Day]:
    port = free_port()
    with stage.installation(PUBLIC_URL=f"http://localhost:{port}") as server, chromium() as browser:
        proxy = FaultProxy(server.port, port)
        try:
            phone = enrolled(browser, server)
            phone.go("/today")
            walk.take_kit(phone)
            yield Day(server, proxy, phone, curators_families(server), _pictures(stage))
        finally:
            proxy.close()


def _pictures(stage: Stage) -> list[Path]:
    folder = stage.new_folder()
    for seed in range(PHOTOS_A_VISIT):
        (folder / f"{seed}.jpg").write_bytes(jpeg(seed, CAMERA, 90))
    return sorted(folder.iterdir())


def _sent_over_content(day: Day) -> Iterator[Figure]:
    """Send a visit with three photos, then another of which one photo is cut; count what went up over the sealed bytes.

    What is left after subtracting the first from the second is content that went twice.
    """
    whole = _over_content(day, cut=False)
    cut = _over_content(day, cut=True)
    yield Figure("sent over content, a visit with 3 photos: headers", whole, "KB", 0)
    yield Figure("sent over content, one photo cut at 80 %", cut, "KB", 0)
    yield Figure("content sent again after that cut", cut - whole, "KB", 0, 64)


def _over_content(day: Day, *, cut: bool) -> float:
    """Write a visit, send it, return the thousands of bytes sent beyond what was sealed."""
    known = len(_received(day.server))
    _write_offline(day, day.families[0])
    # Cut where most would be lost: near the end of a photo. The text is smaller than this.
    largest = max(line["size"] for line in outbox(day.phone) if line["state"] != "on_server")
    day.proxy.cut_up_after = int(largest * 0.8) if cut else None
    before = day.proxy.counts["bytes_up"]
    day.phone.go_online()
    _until_sent(day.phone)
    sent = day.proxy.counts["bytes_up"] - before
    if cut and not day.proxy.counts["cut"]:
        message = "nothing was cut"
        raise RuntimeError(message)
    return (sent - sum(line.length for line in _received(day.server)[known:])) / 1000


def _edge(day: Day, visits: int) -> Iterator[Figure]:
    """Send visits with three photos each over EDGE; hold the time against the bytes' own."""
    known = len(_received(day.server))
    for number in range(visits):
        _write_offline(day, day.families[number % len(day.families)])
    day.proxy.slow(KBPS, ROUND_TRIP_SECONDS)
    began, clock = time.time(), time.monotonic()
    day.phone.go_online()
    _until_sent(day.phone)
    took = time.monotonic() - clock
    lines = _received(day.server)[known:]
    limit = sum(line.length for line in lines) / BYTES_A_SECOND + HANDSHAKE_SECONDS
    texts = [line for line in lines if line.kind != "photo"]
    photos = [line for line in lines if line.kind == "photo"]
    safe = max(line.received_at for line in texts).timestamp() - began
    texts_limit = sum(line.length for line in texts) / BYTES_A_SECOND + HANDSHAKE_SECONDS
    early = sum(photo.received_at < max(line.received_at for line in texts) for photo in photos)
    name = f"{len(texts)} visits + {len(photos)} photos over EDGE"
    mean = sum(line.length for line in photos) / len(photos) / 1000
    yield Figure(f"{name}: a sealed photo", mean, "KB")
    yield Figure(f"{name}: until all receipts are here", took, "s", limit)
    yield Figure(f"{name}: over the bytes' own limit", took / limit, "x", 1, 1.1)
    yield Figure(f"{name}: until all text is safe", safe, "s", texts_limit)
    yield Figure(f"{name}: photos that came before the last text", early, "", 0, 0)


def _write_offline(day: Day, family: str) -> None:
    """Make a visit as the curator does, without a network, to «Готово»."""
    day.phone.go_offline()
    day.phone.go(f"/families/{family}/visit")
    walk.meet(day.phone, who="")
    walk.step(day.phone, walk.SECTION)
    day.phone.page.locator(walk.FACT).fill("Дома тепло, дети накормлены, старший делает уроки. " * 4)
    walk.add_photos(day.phone, day.pictures)
    walk.finish(day.phone)


def _until_sent(phone: Phone) -> None:
    """Wait until every envelope has its receipt."""
    deadline = time.monotonic() + SEND_SECONDS
    while time.monotonic() < deadline:
        states = {line["state"] for line in outbox(phone)}
        if states <= {"on_server"}:
            return
        phone.page.wait_for_timeout(200)
    message = f"not sent in {SEND_SECONDS} s: {outbox(phone)}"
    raise RuntimeError(message)


def _received(server: LiveServer) -> list[Line]:
    with server.app() as app, app.app_context():
        rows = db.session.scalars(select(Envelope).order_by(Envelope.seq))
        return [Line(row.kind, row.length, row.received_at) for row in rows]
