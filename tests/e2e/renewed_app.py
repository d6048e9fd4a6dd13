"""The application after an update, once its data folder holds the file `renewed`: no file of the old build is left."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from curator_app.application import create_app
from curator_app.assets import asset

RENEWED = Path(os.environ["CURATOR_DATA"]) / "renewed"
VERSION = re.compile(rb'version:"[0-9a-f]{12}"')
APP = re.compile(rb"app-[0-9A-Z]{8}\.js")
NEW_APP = b"app-00000000.js"
CHUNKS = re.compile(rb'"/static/dist/(?!app-)[\w-]+\.js",?')


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Serve everything as it is; after the update under other names, and no old chunk of script at all."""
    path = environ["PATH_INFO"]
    if not RENEWED.exists() or not path.startswith(("/sw.js", "/shell", "/static/dist/")):
        return _app(environ, start_response)
    if CHUNKS.fullmatch(f'"{path}"'.encode()):
        start_response("404 Not Found", [("Content-Length", "0")])
        return [b""]
    path = path.replace(NEW_APP.decode(), _old_app())
    answered: list[Any] = []
    plain = {**environ, "PATH_INFO": path, "HTTP_ACCEPT_ENCODING": ""}
    body = b"".join(_app(plain, lambda *answer: answered.append(answer)))
    if path == "/sw.js":
        body, versions = VERSION.subn(b'version:"renewed00000"', body)
        body, chunks = CHUNKS.subn(b"", body)
        assert versions == 1, "the worker names its build some other way: look here again"
        assert chunks, "the worker lists its files some other way: look here again"
    if path in {"/sw.js", "/shell"}:
        body = APP.sub(NEW_APP, body)
    status, headers = answered[0][:2]
    kept = [(name, value) for name, value in headers if name.lower() not in {"content-length", "etag"}]
    start_response(status, [*kept, ("Content-Length", str(len(body)))])
    return [body]


def _old_app() -> str:
    return asset("app.js").rsplit("/", 1)[-1]


_app = create_app()
