"""The server's own keys: public halves go to phones, private halves lie in files and open envelopes."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from curator_app.clock import now
from curator_app.config import Config
from curator_app.sync.envelopes import SUITE_NAME


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What a phone needs to seal: key id and the 65-byte uncompressed P-256 point."""

    kid: str
    point: bytes

    def as_json(self) -> dict[str, str]:
        """Return {kid, suite, public_key} with the point as base64url without padding."""
        text = base64.urlsafe_b64encode(self.point).rstrip(b"=").decode()
        return {"kid": self.kid, "suite": SUITE_NAME, "public_key": text}


class KeyRing:
    """All keys of the installation, one file each. The newest seals; the old ones still open."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of the key files; it is made when the first key is."""
        self.folder = folder
        self._known: dict[str, ec.EllipticCurvePrivateKey] = {}

    def current(self) -> PublicKey:
        """Return the newest public key; the first call on a new installation makes one."""
        kids = self._kids() or [self._make_first()]
        key = self.private(kids[-1])
        if key is None:
            raise FileNotFoundError(kids[-1])
        return PublicKey(kids[-1], _point(key))

    def private(self, kid: str) -> ec.EllipticCurvePrivateKey | None:
        """Return the private key of that id, or None when this server has none."""
        if kid not in self._known and kid in self._kids():
            key = load_pem_private_key((self.folder / f"sync-{kid}.pem").read_bytes(), password=None)
            if isinstance(key, ec.EllipticCurvePrivateKey):
                self._known[kid] = key
        return self._known.get(kid)

    def make(self) -> str:
        """Make a new key, which seals from now on, and return its id. Old keys stay."""
        key = ec.generate_private_key(ec.SECP256R1())
        # The clock in front makes the newest sort last, also after a restore from a backup.
        kid = f"{now():%Y%m%d%H%M%S}-{hashlib.sha256(_point(key)).hexdigest()[:8]}"
        self._write(kid, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return kid

    def _kids(self) -> list[str]:
        return sorted(path.stem.removeprefix("sync-") for path in self.folder.glob("sync-*.pem"))

    def _make_first(self) -> str:
        with self._locked():
            kids = self._kids()
            return kids[-1] if kids else self.make()

    def _write(self, kid: str, pem: bytes) -> None:
        # Losing a key loses what was sealed to it: on disk, whole, before anybody hears of it.
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.folder / f".{kid}.new"
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self.folder / f"sync-{kid}.pem")
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def public_key_of(config: Config) -> dict[str, str]:
    """Return {kid, suite, public_key} of the key that phones seal to now."""
    return KeyRing(config.keys_folder).current().as_json()


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
