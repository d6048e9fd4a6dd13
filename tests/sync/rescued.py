"""Rescued files for tests, written from docs/rescue.md with nothing of ours."""

from __future__ import annotations

import base64
import io
import json

from tests.protocol_client import Sealed
from tests.support.people import ORIGIN, sign_in


def line_of(envelope: Sealed) -> bytes:
    """Return an envelope's line."""
    parts = {"header": envelope.header, "sha256": envelope.digest, "sealed": envelope.sealed}
    return json.dumps({name: base64.b64encode(value).decode() for name, value in parts.items()}).encode() + b"\n"


def file_of(*lines: bytes | Sealed, count: int | None = None) -> bytes:
    """Return a whole file; a line may be given as it is."""
    first = {
        "format": "curator-rescue",
        "v": 1,
        "made_at": "2026-11-24T14:05:00+03:00",
        "count": len(lines) if count is None else count,
    }
    rest = [line if isinstance(line, bytes) else line_of(line) for line in lines]
    return json.dumps(first).encode() + b"\n" + b"".join(rest)


def bring(app, person, content: bytes | None, **headers: str):
    """Bring a file as somebody at the office and return the answer."""
    app.config["WTF_CSRF_ENABLED"] = False
    data = {} if content is None else {"file": (io.BytesIO(content), "zapisi.curator")}
    client = sign_in(app, person)
    return client.post("/rescued", data=data, content_type="multipart/form-data", headers=headers, base_url=ORIGIN)
