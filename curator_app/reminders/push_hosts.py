"""Where messages may be pushed to: a browser names the address, and the server must not be led to any other place."""

from __future__ import annotations

import socket
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies

SERVICES = ("fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com")
"""Of Chrome, Yandex and Android; Firefox; Safari and iPhones; Edge. Each with what lies below it."""
LONGEST = 2048
HTTPS_PORT = 443


def is_allowed(endpoint: str, own: Collection[str]) -> bool:
    """Tell whether an address is one of a push service, or of a host that PUSH_HOSTS names."""
    parts = _parts(endpoint)
    if parts is None or parts.username is not None or parts.password is not None:
        return False
    if is_own(endpoint, own):
        return parts.scheme in {"https", "http"}
    host = parts.hostname or ""
    known = any(host == service or host.endswith(f".{service}") for service in SERVICES)
    return known and parts.scheme == "https" and parts.port in {None, HTTPS_PORT}


def is_own(endpoint: str, own: Collection[str]) -> bool:
    """Tell whether PUSH_HOSTS names the host, with its port where that is not the scheme's own."""
    parts = _parts(endpoint)
    return parts is not None and parts.netloc.lower() in own


def leads_outside(endpoint: str) -> bool:
    """Tell whether the host's name leads to public addresses only; not while it leads nowhere."""
    if getproxies().get("https"):
        # The way out of this network is the proxy's, and so are the names.
        return True
    host = urlsplit(endpoint).hostname or ""
    try:
        found = socket.getaddrinfo(host, HTTPS_PORT, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return bool(found) and all(ip_address(str(address[0])).is_global for *_, address in found)


def _parts(endpoint: str) -> SplitResult | None:
    if len(endpoint) > LONGEST or not endpoint.isascii() or any(sign.isspace() for sign in endpoint):
        return None
    try:
        parts = urlsplit(endpoint)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None
