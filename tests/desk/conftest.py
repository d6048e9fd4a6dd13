"""Records of a family as phones send them, and desks that look at them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from curator_app.clock import today
from tests.protocol_client import photo_body, uuid7, visit_body
from tests.support.people import ORIGIN, sign_in
from tests.sync.conftest import family, people, phone, phone_of, stored, work
from tests.visits.pictures import jpeg

__all__ = ["family", "people", "phone", "phone_of", "stored", "work"]

TODAY = today("Asia/Novosibirsk")


@dataclass
class Desk:
    """Somebody's office browser."""

    client: FlaskClient

    def get(self, path: str) -> Any:
        """Ask for a page as htmx does."""
        return self.client.get(path, headers={"HX-Request": "true"}, base_url=ORIGIN)


@pytest.fixture
def desk(app: Flask) -> Callable[..., Desk]:
    """Open a person's desk: `desk(people.darya)`."""
    return lambda person, *kind: Desk(sign_in(app, person, *kind))


@pytest.fixture
def visited(phone: Any, family: str) -> Callable[..., str]:
    """Send a visit made some days ago: `visited(3, outcome="not_opened")`; return its id."""

    def send(ago: int = 0, photos: dict[str, str] | None = None, **fields: str) -> str:
        pictures = [(uuid7(), jpeg((400 + n, 300))) for n in range(len(photos or {}))]
        for n, (place, caption) in enumerate((photos or {}).items()):
            fields |= {f"photos-{n}-place": place, f"photos-{n}-caption": caption}
        visit, body = visit_body(family, pictures, on=(TODAY - timedelta(days=ago)).isoformat(), **fields)
        assert phone.patch(phone.seal("visit", body)).json["state"] == "applied"
        for photo, content in pictures:
            phone.patch(phone.seal("photo", photo_body(photo, visit, content)))
        return visit

    return send
