"""An alarm and a check-in as a phone seals them, beside the phones of tests/sync."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.protocol_client import uuid7
from tests.sync.conftest import family, people, phone, phone_of, stored, work

__all__ = ["family", "people", "phone", "phone_of", "stored", "work"]

FACT = "Плита включена, пахнет газом"
CALL = {"who": "Дежурная, Норина", "when": "14:21", "said": "Выехали, ждать у дома", "outcome": "call_coming"}


def alarm_body(family: str, act: str = "raise", **fields: str) -> bytes:
    """Return the fields of one act; a call is `**call(…)`."""
    at = datetime.now(UTC).isoformat()
    return urlencode(
        {"id": uuid7(), "family": family, "act": act, "step": uuid7(), "at": at, "raised_at": at, **fields}
    ).encode()


def call(n: int = 0, key: str | None = None, **changes: str) -> dict[str, str]:
    """Return one line of «Кто ответил»."""
    return {f"reached-{n}-{name}": value for name, value in {"id": key or uuid7(), **CALL, **changes}.items()}


def check_in_body(family: str, act: str = "open", *, minutes: float = 60, **fields: str) -> bytes:
    """Return the fields of one act about a check-in that ends `minutes` from now."""
    at = datetime.now(UTC)
    said = {"id": uuid7(), "family": family, "act": act, "at": at.isoformat(), "opened_at": at.isoformat()}
    return urlencode({**said, "until_at": (at + timedelta(minutes=minutes)).isoformat(), **fields}).encode()


@pytest.fixture
def send(phone: Any) -> Any:
    """Seal and send from Vera's phone; return the receipt."""

    def go(kind: str, body: bytes, sender: Any = None) -> dict[str, Any]:
        phone_used = sender or phone
        receipt: dict[str, Any] = phone_used.patch(phone_used.seal(kind, body)).json
        return receipt

    return go
