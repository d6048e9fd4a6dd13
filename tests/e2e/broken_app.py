"""A release whose app does not start: its script ends in an error, everything else is as it should be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from curator_app.application import create_app
from curator_app.assets import asset

BROKEN = "/static/dist/app-BR0KEN01.js"
SCRIPT = b"throw new Error('this release is broken');\n"


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Serve another name for the app's script wherever it is named, and nothing that works under it."""
    if environ["PATH_INFO"] == BROKEN:
        start_response("200 OK", [("Content-Type", "text/javascript"), ("Content-Length", str(len(SCRIPT)))])
        return [SCRIPT]
    if environ["PATH_INFO"] not in {"/sw.js", "/shell"}:
        return _app(environ, start_response)
    answered: list[Any] = []
    body = b"".join(_app({**environ, "HTTP_ACCEPT_ENCODING": ""}, lambda *answer: answered.append(answer)))
    assert _good in body, "the app's script is named some other way: look here again"
    # Another version as well: its own cache beside the last one's.
    body = body.replace(_good, BROKEN.encode()).replace(b'version:"', b'version:"broken')
    status, headers = answered[0][:2]
    kept = [(name, value) for name, value in headers if name.lower() not in {"content-length", "etag"}]
    start_response(status, [*kept, ("Content-Length", str(len(body)))])
    return [body]


_app = create_app()
_good = asset("app.js").encode()
