"""Seal a message for one browser and hand it to its push service (RFC 8030, RFC 8291, RFC 8292), or say why not."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

WAIT_SECONDS = (5, 10)
"""For the connection, and for the answer."""
GONE = frozenset({404, 410})
LATER = frozenset({429, 503})
LONGEST_PAUSE = timedelta(days=1)
"""A service that asks for more is asked again after this: what it carries is stale by then anyway."""


class PushGone(Exception):
    """Nobody is subscribed there any more."""


class PushLater(Exception):
    """The service cannot take it now; `pause` is what it asked for."""

    def __init__(self, pause: timedelta | None = None) -> None:
        """Take the pause, None where it named none."""
        super().__init__()
        self.pause = pause


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a browser is reached, and its keys."""

    endpoint: str
    p256dh: bytes
    auth: bytes


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the installation's key, and whom the push service may write to."""

    private_pem: bytes
    contact: str


@dataclass(frozen=True, slots=True)
class Post:
    """What is sent: sealed bytes for the browser; the rest is for the push service."""

    body: bytes
    topic: str
    """A message that waits under the same topic is replaced by a later one."""
    ttl: timedelta
    """After this it is of no use to anybody."""
    is_urgent: bool


def send(browser: Browser, post: Post, sender: Sender, at: datetime) -> None:
    """Send one message; raise PushGone or PushLater."""
    # These take half a second to import, and only the worker needs them.
    import py_vapid  # noqa: PLC0415
    import pywebpush  # noqa: PLC0415
    import requests  # noqa: PLC0415

    class Straight(requests.Session):
        """Goes where it was sent: a redirect could lead into our own network."""

        def request(self, *args: Any, **kwargs: Any) -> requests.Response:
            return super().request(*args, **{**kwargs, "allow_redirects": False})

    keys = {"p256dh": _text(browser.p256dh), "auth": _text(browser.auth)}
    try:
        with Straight() as session:
            pywebpush.webpush(
                {"endpoint": browser.endpoint, "keys": keys},
                data=post.body,
                vapid_private_key=py_vapid.Vapid.from_pem(sender.private_pem),
                # A fresh one for each: the library writes into it.
                vapid_claims={"sub": sender.contact},
                ttl=int(post.ttl.total_seconds()),
                headers={"Topic": post.topic, "Urgency": "high" if post.is_urgent else "normal"},
                timeout=WAIT_SECONDS,
                requests_session=session,
            )
    except pywebpush.WebPushException as error:
        raise _refusal(error.status_code, error.response, at) from None
    except requests.RequestException:
        raise PushLater from None


def _refusal(status: int | None, response: Any, at: datetime) -> PushGone | PushLater:
    if status in GONE:
        return PushGone()
    headers: Mapping[str, str] = getattr(response, "headers", None) or {}
    return PushLater(_pause(headers.get("Retry-After"), at) if status in LATER else None)


def _pause(said: str | None, at: datetime) -> timedelta | None:
    """Read Retry-After: seconds or a date (RFC 9110)."""
    if not said:
        return None
    try:
        pause = timedelta(seconds=int(said)) if said.strip().isdigit() else _until(said, at)
    except (ValueError, OverflowError):
        return None
    return min(pause, LONGEST_PAUSE) if pause > timedelta() else None


def _until(said: str, at: datetime) -> timedelta:
    moment = parsedate_to_datetime(said)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - at


def _text(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).rstrip(b"=").decode()
