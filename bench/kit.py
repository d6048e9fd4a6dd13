"""The field kit of twenty families: bytes on the wire, seconds over EDGE, and what an unchanged one costs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection

import brotli
from sqlalchemy import select

from bench.families import FAMILIES, settle_families
from bench.figures import Figure
from bench.stage import CURATOR, SESSION_COOKIE, Stage, free_port
from curator_app.auth.models import FIELD, Person
from curator_app.extensions import db
from curator_app.storage import photo_store
from tests.support.people import sign_in
from tests.support.proxy import FaultProxy
from tests.support.server import LiveServer

KBPS, ROUND_TRIP_SECONDS = 200, 0.5
BUDGET_MB, BUDGET_SECONDS, UNCHANGED_KB = 1.2, 60, 2


@dataclass(frozen=True)
class Taken:
    """One kit: bytes of the body as they came, seconds until the last, and its lines."""

    size: int
    seconds: float
    lines: list[dict[str, str]]


def measure(stage: Stage) -> Iterator[Figure]:
    """Take the kit of twenty families, then take it again."""
    port = free_port()
    with stage.installation(PUBLIC_URL=f"http://localhost:{port}") as server:
        cookie = _settle(server)
        quick = _take(server.port, port, cookie, {})
        whole = len(quick.lines)
        families = {line["id"]: line["version"] for line in quick.lines if line["t"] == "family"}
        pages = {
            line["url"]: line["version"]
            for line in quick.lines
            if line["t"] == "page" and "/families/" not in line["url"]
        }
        if len(families) != FAMILIES:
            message = f"the kit holds {len(families)} families"
            raise RuntimeError(message)
        proxy = FaultProxy(server.port, port)
        proxy.slow(KBPS, ROUND_TRIP_SECONDS)
        try:
            thin = _take(port, port, cookie, {})
            again = _take(port, port, cookie, {"families": families, "pages": pages})
        finally:
            proxy.close()
        name = f"kit of {FAMILIES} families"
        photos = sum(line["t"] == "photo" for line in quick.lines)
        yield Figure(
            f"{name}, half a year of visits each, {photos} thumbnails", quick.size / 1e6, "MB br", None, BUDGET_MB
        )
        yield Figure(f"{name}, lines", whole, "")
        yield Figure(f"{name}, made by the server on a wide link", quick.seconds, "s")
        yield Figure(f"{name}, over EDGE", thin.seconds, "s", quick.size / (KBPS * 125), BUDGET_SECONDS)
        yield Figure(f"{name}, unchanged", again.size / 1e3, "KB br", None, UNCHANGED_KB)
        yield Figure(f"{name}, unchanged, over EDGE", again.seconds, "s", ROUND_TRIP_SECONDS)


def _settle(server: LiveServer) -> str:
    with server.app() as app:
        with app.app_context():
            settle_families(db.session(), photo_store())
            person = db.session.scalars(select(Person).where(Person.name.startswith(CURATOR))).one()
            db.session.expunge(person)
        cookie = sign_in(app, person, FIELD).get_cookie(SESSION_COOKIE, domain="localhost", path="/")
    if cookie is None:
        message = "no session for the curator"
        raise RuntimeError(message)
    return f"{SESSION_COOKIE}={cookie.value}"


def _take(port: int, public: int, cookie: str, held: dict[str, dict[str, str]]) -> Taken:
    """Ask for a kit as a phone does: a session, its token, one stream."""
    connection = HTTPConnection("127.0.0.1", port, timeout=180)
    headers = {"Cookie": cookie, "Host": f"localhost:{public}", "Accept-Encoding": "br"}
    connection.request("GET", "/session", headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    # The token is bound to the session as it now is.
    headers["Cookie"] = (answer.getheader("Set-Cookie") or cookie).partition(";")[0]
    token = json.loads(brotli.decompress(body) if answer.getheader("Content-Encoding") == "br" else body)["csrf"]
    body = json.dumps({"families": {}, "pages": {}} | held).encode()
    sent = {
        **headers,
        "Content-Type": "application/json",
        "X-CSRFToken": token,
        "Referer": f"http://localhost:{public}/today",
    }
    began = time.monotonic()
    connection.request("POST", "/kit", body, sent)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        message = f"the kit was refused: {answer.status} {content[:300]!r}"
        raise RuntimeError(message)
    seconds = time.monotonic() - began
    connection.close()
    text = brotli.decompress(content) if answer.getheader("Content-Encoding") == "br" else content
    return Taken(len(content), seconds, [json.loads(line) for line in text.splitlines()])
