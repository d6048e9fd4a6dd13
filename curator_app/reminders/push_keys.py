"""The key by which push services know that a message is ours (VAPID, RFC 8292): made once, kept with the others."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

NAME = "push.pem"


def private_pem(folder: Path) -> bytes:
    """Return the private key; the first call on a new installation makes it.

    Whoever lost it has lost every subscription: browsers are bound to the public half.
    """
    path = folder / NAME
    if not path.exists():
        _make(path)
    return path.read_bytes()


def public_key(folder: Path) -> str:
    """Return the public half as browsers take it: the 65-byte point, base64url without padding."""
    key = load_pem_private_key(private_pem(folder), password=None)
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def _make(path: Path) -> None:
    """Write a new key, whole and on the disk, unless somebody was first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    draft = path.with_name(f".{secrets.token_hex(8)}.new")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link is refused where the name is taken: of two starts at once both go on with the first key.
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
