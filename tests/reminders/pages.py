"""A signed-in browser for the tests of reminders' pages."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.people import ORIGIN

HTMX = {"HX-Request": "true"}


class Pages:
    """Asks for pages as htmx does."""

    def __init__(self, client: FlaskClient) -> None:
        """Take a client that is signed in, or not."""
        self.client = client

    def get(self, path: str, headers: dict[str, str] | None = None) -> TestResponse:
        """Ask for a page."""
        return self.client.get(path, headers={**HTMX, **(headers or {})}, base_url=ORIGIN)

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Post a form."""
        return self.client.post(path, data=fields, headers=HTMX, base_url=ORIGIN)
