"""The limit: the questions of our visit form as plain HTML, one request, served from memory.

Made from the form that the installation serves, so that both always ask the same. Without a script; the
variant for the offline open adds the eight lines of a service worker that keeps the page.
"""

from __future__ import annotations

import html
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import brotli

from bench.stage import CURATOR, family_id, office_cookie
from tests.support.server import LiveServer

STYLE = """body{font:16px/1.4 system-ui,sans-serif;margin:0 auto;max-width:40em;padding:1em}
label,legend{display:block;margin:.75em 0 .25em;font-weight:600}fieldset{border:0;padding:0;margin:0}
fieldset label{font-weight:400;padding:.5em 0}
input:not([type=radio],[type=checkbox]),textarea{width:100%;box-sizing:border-box;font:inherit;padding:.6em;
border:1px solid #555;border-radius:4px}
button{font:inherit;padding:.8em 1.5em;background:#0b5394;color:#fff;border:0;border-radius:4px}"""
PAGE = """<!doctype html><html lang=ru><meta charset=utf-8>
<meta name=viewport content="width=device-width,initial-scale=1"><meta name=description content="Форма">
<link rel=icon href="data:,"><title>Форма</title><style>{style}</style><main><h1>Форма</h1>
<form method=post enctype=multipart/form-data>{questions}<button>Готово</button></form></main>{script}"""
REGISTER = "<script>navigator.serviceWorker.register('/worker.js')</script>"
WORKER = b"""self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open('1').then((cache) => cache.add('/kept')));
});
self.addEventListener('activate', (event) => event.waitUntil(clients.claim()));
self.addEventListener('fetch', (event) => {
  event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request)));
});
"""
CONTROLS = {"input", "textarea", "select"}
UNASKED = {"hidden", "submit", "button"}


@dataclass
class Question:
    """One control of the form and the words beside it."""

    tag: str
    kind: str
    name: str
    value: str
    label: str = ""


@dataclass
class Questions(HTMLParser):
    """Reads headings, legends and labelled controls of the form `#visit-form`; templates are not asked."""

    found: list[Question | str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin before the form."""
        super().__init__()
        self._inside = self._templates = 0
        self._words: list[str] | None = None
        self._labels: dict[str, str] = {}
        self._waiting: list[tuple[Question, str]] = []
        self._of_label: list[Question] = []
        self._for = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a control; begin to listen to words."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("id") == "visit-form":
            self._inside = 1
        elif tag == "template":
            self._templates += 1
        if not self._inside or self._templates:
            return
        if tag in {"legend", "label", "h2", "h3"}:
            self._words = []
            self._for = given.get("for", "")
        elif tag in CONTROLS and given.get("type") not in UNASKED:
            self._control(tag, given)

    def handle_data(self, data: str) -> None:
        """Collect words of a label or heading."""
        if self._words is not None and not self._templates:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Give a label's words to its control."""
        if tag == "template":
            self._templates -= 1
        elif tag == "form":
            self._inside = 0
        elif tag in {"legend", "label", "h2", "h3"} and self._words is not None:
            words = " ".join("".join(self._words).split())
            self._words = None
            if tag != "label":
                self.found.append(words)
            elif self._for:
                self._labels[self._for] = words
            for question in self._of_label:
                question.label = words
            self._of_label.clear()

    def finish(self) -> list[Question | str]:
        """Return headings and questions in their order, each question with its label."""
        for question, key in self._waiting:
            question.label = question.label or self._labels.get(key, "")
        return self.found

    def _control(self, tag: str, given: dict[str, str]) -> None:
        question = Question(tag, given.get("type", "text"), given.get("name", ""), given.get("value", ""))
        question.label = given.get("aria-label", "")
        self.found.append(question)
        self._waiting.append((question, given.get("id", "")))
        if self._words is not None:
            self._of_label.append(question)


def plain(form: str, script: str = "") -> str:
    """Return the plain page that asks what the HTML `form` asks. Raises ValueError when nothing is asked."""
    reader = Questions()
    reader.feed(form)
    parts = list(_parts(reader.finish()))
    if len(parts) < 10:
        message = "the visit form was not found in the page"
        raise ValueError(message)
    return PAGE.format(style=STYLE, questions="".join(parts), script=script)


def _parts(found: list[Question | str]) -> Iterator[str]:
    for number, one in enumerate(found):
        if isinstance(one, str):
            yield f"<h2>{html.escape(one)}</h2>"
        else:
            yield _asked(one, number)


def _asked(one: Question, number: int) -> str:
    name, label = html.escape(one.name or f"q{number}"), html.escape(one.label or one.name or "Снимок")
    if one.kind in {"radio", "checkbox"}:
        value = html.escape(one.value)
        return f'<label><input type={one.kind} name="{name}" value="{value}"> {label}</label>'
    if one.tag == "textarea":
        return f'<label for=q{number}>{label}</label><textarea id=q{number} name="{name}" rows=3></textarea>'
    return f'<label for=q{number}>{label}</label><input id=q{number} name="{name}" type={one.kind}>'


class LimitServer:
    """Serves the plain page: `url` bare, `kept_url` with the service worker."""

    def __init__(self, server: LiveServer) -> None:
        """Ask `server` for its visit form."""
        form = _visit_form(server)
        self._files = {
            "/": ("text/html; charset=utf-8", plain(form).encode()),
            "/kept": ("text/html; charset=utf-8", plain(form, REGISTER).encode()),
            "/worker.js": ("text/javascript", WORKER),
        }
        self._compressed = {path: brotli.compress(body) for path, (_kind, body) in self._files.items()}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://localhost:{self._server.server_port}/"
        self.kept_url = f"{self.url}kept"

    @property
    def brotli_bytes(self) -> int:
        """Bytes of the bare page, compressed."""
        return len(self._compressed["/"])

    def __enter__(self) -> Self:
        """Serve in a thread."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        files, compressed = self._files, self._compressed

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                kind, body = files.get(self.path, ("", b""))
                packed = "br" in self.headers.get("Accept-Encoding", "")
                body = compressed.get(self.path, body) if packed else body
                self.send_response(200 if kind else 404)
                self.send_header("Content-Type", kind or "text/plain")
                self.send_header("Content-Length", str(len(body)))
                if packed:
                    self.send_header("Content-Encoding", "br")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: Any) -> None:
                """Say nothing: the table is what is printed."""

        return Handler


def _visit_form(server: LiveServer) -> str:
    connection = HTTPConnection("localhost", server.port, timeout=30)
    try:
        path = f"/families/{family_id(server)}/visit"
        connection.request("GET", path, headers={"Cookie": office_cookie(server, CURATOR)})
        answer = connection.getresponse()
        body = answer.read().decode("utf-8", "replace")
    finally:
        connection.close()
    if answer.status != 200:
        message = f"the visit form answers {answer.status}"
        raise RuntimeError(message)
    return body
