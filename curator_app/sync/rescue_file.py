"""A rescued queue as a file, purely: one line says what it is, each further line is one sealed envelope.

The format stands in docs/rescue.md. A file comes from anywhere: nothing in it is believed, no line is read beyond
what an envelope may weigh, and one that is damaged costs only itself.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from curator_app.sync.envelopes import BadHeader, Header, read_header

FORMAT = "curator-rescue"
VERSION = 1
FIRST_LINE_BYTES = 4096
LINE_BYTES = 6 * 1024 * 1024
"""The largest envelope, a photo of 4 MB, in base64 and with its header."""
LINES = 3000
_PIECE = 64 * 1024


class NotARescueFile(ValueError):
    """The first line is not ours."""


class NewerRescueFile(ValueError):
    """A later version of the app wrote it."""


@dataclass(frozen=True, slots=True)
class Rescued:
    """One envelope out of a file: its clear header, its sealed bytes and their SHA-256."""

    header: Header
    digest: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Damaged:
    """A line that is no envelope; `code` says why."""

    code: str


def announced(file: IO[bytes]) -> int | None:
    """Read the first line; return how many envelopes the phone put in, None when it does not say.

    Raises NotARescueFile, NewerRescueFile.
    """
    value = _json(file.readline(FIRST_LINE_BYTES))
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise NotARescueFile
    if value.get("v") != VERSION:
        raise NewerRescueFile
    count = value.get("count")
    return count if isinstance(count, int) and 0 <= count <= LINES else None


def envelopes(file: IO[bytes]) -> Iterator[Rescued | Damaged]:
    """Yield what the lines after the first hold, at most LINES of them; one at a time is in memory."""
    for _ in range(LINES):
        line = file.readline(LINE_BYTES)
        if not line:
            return
        if not line.endswith(b"\n") and _skip_line(file):
            yield Damaged("too_large")
        elif line.strip():
            yield _envelope(line)
    if file.read(1):
        yield Damaged("too_many")


def _skip_line(file: IO[bytes]) -> bool:
    """Pass over the rest of a line; tell whether there was any."""
    there_was = False
    while piece := file.readline(_PIECE):
        there_was = True
        if piece.endswith(b"\n"):
            break
    return there_was


def _envelope(line: bytes) -> Rescued | Damaged:
    value = _json(line)
    if not isinstance(value, dict):
        return Damaged("damaged")
    try:
        raw, digest, sealed = (base64.b64decode(value[name], validate=True) for name in ("header", "sha256", "sealed"))
        header = read_header(raw)
    except (KeyError, TypeError, ValueError, binascii.Error, BadHeader):
        return Damaged("damaged")
    if not sealed or hashlib.sha256(sealed).digest() != digest:
        return Damaged("damaged")
    return Rescued(header, digest, sealed)


def _json(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
