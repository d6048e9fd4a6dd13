"""A push service on loopback and the browser behind it: it opens what was sent (RFC 8291) and can refuse or hang."""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass
class Pushed:
    """One message as it came."""

    headers: dict[str, str]
    sealed: bytes
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        """Return what the service worker reads."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class PushEndpoint:
    """Takes messages for one browser; `answer` and `extra` are what the next ones are told."""

    answer: int = 201
    extra: dict[str, str] = field(default_factory=dict)
    hangs: float = 0
    pushed: list[Pushed] = field(default_factory=list)
    asked: int = 0
    """How many messages came, refused ones too."""

    def __post_init__(self) -> None:
        """Make the browser's keys."""
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = secrets.token_bytes(16)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def host(self) -> str:
        """What PUSH_HOSTS calls it."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """The endpoint."""
        return f"http://{self.host}/push/1"

    @property
    def subscription(self) -> dict[str, Any]:
        """What `PushSubscription.toJSON()` gives in the browser."""
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.url, "expirationTime": None, "keys": {"p256dh": text(point), "auth": text(self._auth)}}

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()

    def wait(self, count: int = 1, seconds: float = 20) -> list[Pushed]:
        """Return what came once so many messages are here."""
        deadline = time.monotonic() + seconds
        while len(self.pushed) < count:
            assert time.monotonic() < deadline, f"{len(self.pushed)} of {count} messages came"
            time.sleep(0.05)
        return self.pushed

    def _take(self, headers: dict[str, str], sealed: bytes) -> None:
        opened = http_ece.decrypt(sealed, private_key=self._key, auth_secret=self._auth, version="aes128gcm")
        self.pushed.append(Pushed(headers, sealed, opened))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                sealed = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.asked += 1
                time.sleep(endpoint.hangs)
                if endpoint.answer == 201:
                    endpoint._take({name.lower(): value for name, value in self.headers.items()}, sealed)
                self.send_response(endpoint.answer)
                for name, value in endpoint.extra.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_words: object) -> None:
                """Say nothing."""

        return Handler


def text(key: bytes) -> str:
    """Write bytes as browsers do."""
    return base64.urlsafe_b64encode(key).rstrip(b"=").decode()


@contextmanager
def push_endpoint() -> Iterator[PushEndpoint]:
    """Lend a running push service."""
    endpoint = PushEndpoint()
    try:
        yield endpoint
    finally:
        endpoint.stop()
