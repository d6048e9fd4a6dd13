"""Take the bytes of one upload off the wire, without holding a transaction or a pooled connection."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RD
from typing import Any, Protocol

from werkzeug.exceptions import ClientDisconnected

from curator_app.errors import TryLater
from curator_app.sync.partials import Partial

CHUNK_BYTES = 16 * 1024
SILENCE_SECONDS = 20.0
"""So long without a byte ends the request; the phone resumes where it was."""
REQUEST_SECONDS = 600.0
UNWANTED_BYTES = 512 * 1024
UNWANTED_SECONDS = 1.0


class LongerThanAnnounced(Exception):
    """More bytes came than Upload-Length said."""


class Stream(Protocol):
    """A request body."""

    def read(self, size: int = -1, /) -> bytes:
        """Read up to `size` bytes; empty at the end."""


class Slots:
    """How many uploads may stream at once in this process.

    A stalled upload holds a thread for SILENCE_SECONDS. With a share of the threads kept for everybody
    else, any number of phones in dead spots leaves the pages answering; the refused ones come again.
    """

    def __init__(self, threads: int) -> None:
        """Take the number of threads of the web process."""
        self._free = threading.BoundedSemaphore(max(1, threads * 3 // 4))

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a place; raise TryLater when all are taken."""
        if not self._free.acquire(blocking=False):
            raise TryLater
        try:
            yield
        finally:
            self._free.release()


class Wire:
    """A request's body and, under gunicorn, the socket it comes from."""

    def __init__(self, stream: Stream, socket: Any, length: int) -> None:
        """Take the body, `environ["gunicorn.socket"]` or None, and the announced Content-Length in bytes."""
        self._stream = stream
        self._socket = socket
        self._left = length

    def receive(self, partial: Partial, offset: int) -> None:
        """Write the body at `offset` as it comes; a cut or silent connection ends it without an error.

        Raises LongerThanAnnounced, TurnLost when a newer request took over,
        TryLater when the disk does not take them.
        """
        self._be_patient(SILENCE_SECONDS)
        deadline = time.monotonic() + REQUEST_SECONDS
        while time.monotonic() < deadline and (chunk := self._read()):
            if offset + len(chunk) > partial.claim.length:
                raise LongerThanAnnounced
            try:
                partial.write(offset, chunk)
            except OSError as error:
                raise TryLater from error
            offset += len(chunk)
        self.hang_up_if_unread()

    def swallow(self) -> None:
        """Read a little of a body that nobody wants: closing on unread bytes would reset the answer away."""
        if self._left <= 0:
            return
        self._be_patient(UNWANTED_SECONDS)
        deadline = time.monotonic() + UNWANTED_SECONDS
        taken = 0
        while taken < UNWANTED_BYTES and time.monotonic() < deadline and (chunk := self._read()):
            taken += len(chunk)
        self.hang_up_if_unread()

    def hang_up_if_unread(self) -> None:
        """Stop listening when part of the body did not come, else gunicorn waits for it with this thread."""
        if self._left > 0 and self._socket is not None:
            # The phone may have hung up first.
            with suppress(OSError):
                self._socket.shutdown(SHUT_RD)

    def _be_patient(self, seconds: float) -> None:
        if self._socket is not None:
            self._socket.settimeout(seconds)

    def _read(self) -> bytes:
        # A phone on a train: the connection goes away in every way there is.
        try:
            chunk = self._stream.read(CHUNK_BYTES)
        except (ClientDisconnected, OSError):
            return b""
        self._left -= len(chunk)
        return chunk
