"""Uploads that are not whole yet: two small files each, in the data folder, on this machine only.

``<folder>/<enrolment>/<id>`` holds the bytes so far, ``<id>.json`` what the first request fixed (length, digest,
header) and ``<id>.turn`` says whose turn it is to write. A phone that lost its connection comes back before the
server has noticed, so the newest request takes the turn and the older one finds out at its next write: the
two never interleave, and nobody waits for a dead connection to time out.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from curator_app.errors import CuratorError

ENROLMENT_BYTES_LIMIT = 64 * 1024 * 1024
LEAST_BYTES = 64 * 1024
LIVES = timedelta(days=7)


class OtherContent(Exception):
    """The id is taken by an upload of another length, digest or header."""


class WrongOffset(Exception):
    """The request does not continue what is here; `offset` does."""

    def __init__(self, offset: int) -> None:
        """Take the right offset in bytes."""
        super().__init__(offset)
        self.offset = offset


class TurnLost(Exception):
    """A newer request for the same id took over."""


class QuotaReached(CuratorError):
    """One enrolment has too much lying about unfinished."""

    status = 507
    refusal = "server_busy"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the first request fixes: bytes of the whole, their SHA-256, the header's exact bytes."""

    length: int
    digest: bytes
    header: bytes

    def as_json(self) -> str:
        """Write the claim for the file beside the bytes."""
        return json.dumps({"length": self.length, "digest": self.digest.hex(), "header": self.header.hex()})

    @classmethod
    def from_json(cls, text: str) -> Claim:
        """Read what as_json wrote."""
        value = json.loads(text)
        return cls(value["length"], bytes.fromhex(value["digest"]), bytes.fromhex(value["header"]))


class Partial:
    """One upload in progress, held by one request. Made by `begin`, used inside `writing`."""

    def __init__(self, path: Path, claim: Claim, token: bytes) -> None:
        """Take the path of the bytes, what was claimed of them, and this request's turn."""
        self.path = path
        self.claim = claim
        self._token = token

    @property
    def offset(self) -> int:
        """Bytes that are here; writes never leave a hole, so the file's size says it."""
        return _size(self.path)

    def write(self, offset: int, chunk: bytes) -> None:
        """Put `chunk` at `offset`; raise TurnLost when a newer request took over."""
        with self.holding_turn(), self.path.open("r+b") as file:
            os.pwrite(file.fileno(), chunk, offset)

    @contextmanager
    def holding_turn(self) -> Iterator[None]:
        """Keep others from writing and finishing; raise TurnLost when it is not this request's turn."""
        with _locked(_beside(self.path, "turn"), make=False) as turn:
            if os.pread(turn, len(self._token), 0) != self._token:
                raise TurnLost
            yield

    def whole(self) -> bytes | None:
        """Return all bytes if they are what was announced; None when the digest says otherwise."""
        content = self.path.read_bytes()
        if len(content) != self.claim.length or hashlib.sha256(content).digest() != self.claim.digest:
            return None
        return content

    def drop(self) -> None:
        """Forget the upload. The turn goes last: whoever waits for it finds nothing and begins anew."""
        for path in (_beside(self.path, "json"), self.path, _beside(self.path, "turn")):
            path.unlink(missing_ok=True)


def begin(folder: Path, enrolment: str, envelope_id: uuid.UUID, claim: Claim, offset: int) -> Partial:
    """Take the turn for an upload and return it, ready to be written at `offset` bytes.

    Raises OtherContent, WrongOffset (both leave everything as it is) and QuotaReached.
    """
    path = folder / enrolment / str(envelope_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(_beside(path, "turn")) as turn:
        note = _beside(path, "json")
        if note.exists():
            if Claim.from_json(note.read_text(encoding="ascii")) != claim:
                raise OtherContent
        elif offset == 0:
            _check_quota(path.parent, claim.length)
            path.unlink(missing_ok=True)
            _write_note(note, claim)
        if offset > _size(path):
            raise WrongOffset(_size(path))
        path.touch(mode=0o600)
        token = secrets.token_bytes(16)
        os.pwrite(turn, token, 0)
    return Partial(path, claim, token)


def offset_of(folder: Path, enrolment: str, envelope_id: uuid.UUID) -> tuple[int, int | None]:
    """Return (bytes here, bytes of the whole or None when nothing was begun)."""
    path = folder / enrolment / str(envelope_id)
    try:
        claim = Claim.from_json(_beside(path, "json").read_text(encoding="ascii"))
    except FileNotFoundError:
        return 0, None
    return _size(path), claim.length


def delete_older(folder: Path, lives: timedelta = LIVES) -> int:
    """Delete uploads that nobody touched for `lives`; return how many."""
    deadline = time.time() - lives.total_seconds()
    old = [turn for turn in folder.glob("*/*.turn") if _touched(turn) < deadline]
    for turn in old:
        Partial(turn.with_suffix(""), Claim(0, b"", b""), b"").drop()
    return len(old)


def _touched(turn: Path) -> float:
    """Return when the upload last grew or changed hands, in seconds since the epoch."""
    times = [0.0]
    for path in (turn, turn.with_suffix("")):
        with suppress(FileNotFoundError):
            times.append(path.stat().st_mtime)
    return max(times)


def _check_quota(folder: Path, length: int) -> None:
    # Announced lengths count, not bytes so far: what was let begin may also end.
    # A tiny one counts as more: files cost something too.
    lengths = []
    for note in folder.glob("*.json"):
        # The phone's other upload may end while we look.
        with suppress(FileNotFoundError):
            lengths.append(Claim.from_json(note.read_text(encoding="ascii")).length)
    if sum(max(one, LEAST_BYTES) for one in (*lengths, length)) > ENROLMENT_BYTES_LIMIT:
        raise QuotaReached


def _write_note(note: Path, claim: Claim) -> None:
    draft = note.with_suffix(".new")
    draft.write_text(claim.as_json(), encoding="ascii")
    draft.rename(note)


@contextmanager
def _locked(path: Path, *, make: bool = True) -> Iterator[int]:
    """Hold an exclusive lock on `path` and yield its descriptor; without `make` a missing file is TurnLost."""
    while True:
        try:
            handle = os.open(path, os.O_RDWR | (os.O_CREAT if make else 0), 0o600)
        except FileNotFoundError as error:
            raise TurnLost from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            # Whoever finished meanwhile has removed the file: then this is a lock on nothing.
            if _is_same(handle, path):
                yield handle
                return
        finally:
            os.close(handle)


def _is_same(handle: int, path: Path) -> bool:
    try:
        return os.fstat(handle).st_ino == path.stat().st_ino
    except FileNotFoundError:
        return False


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f"{path.name}.{ending}")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
