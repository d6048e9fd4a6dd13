"""The application with a service worker that does not hear `sync`: the control for the tests of Background Sync."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from curator_app.application import create_app

HEARS = b'addEventListener("sync"'


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Serve everything as it is, the worker without its ears."""
    if environ["PATH_INFO"] != "/sw.js":
        return _app(environ, start_response)
    answered: list[Any] = []
    body = b"".join(_app({**environ, "HTTP_ACCEPT_ENCODING": ""}, lambda *answer: answered.append(answer)))
    assert HEARS in body, "the worker registers its sync listener some other way: look here again"
    body = body.replace(HEARS, b'addEventListener("no-such-event"')
    status, headers = answered[0][:2]
    kept = [(name, value) for name, value in headers if name.lower() not in {"content-length", "etag"}]
    start_response(status, [*kept, ("Content-Length", str(len(body)))])
    return [body]


_app = create_app()
