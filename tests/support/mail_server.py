"""A real mail server on loopback (aiosmtpd): STARTTLS and a login wanted, and it can refuse; what came is kept."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.server import free_port

NAME, PASSWORD = "kurator", "only for tests"


class MailServer:
    """Takes letters; `answer` says what the next ones are told instead of 250."""

    def __init__(self, folder: Path) -> None:
        """Make a certificate of its own in `folder`."""
        self.letters: list[EmailMessage] = []
        self.answer = ""
        self.holds = ""
        """«before» or «after» a letter is taken: it waits there, as over a slow line, until this is empty again."""
        self.asked = 0
        """How many letters came as far as here, also those that were not taken."""
        self.certificate, self._key = _certificate(folder)
        self._controller: Controller | None = None

    @property
    def settings(self) -> dict[str, str]:
        """The installation's settings that reach it."""
        port = self._controller.port if self._controller else 0
        url = f"smtp://{NAME}:only%20for%20tests@localhost:{port}"
        return {"SMTP_URL": url, "MAIL_FROM": "kurator@example.test", "SMTP_CA": str(self.certificate)}

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take an address, or say that there is none."""
        if self.answer.startswith("550"):
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a letter, or refuse it."""
        self.asked += 1
        await self._while_held("before")
        if self.answer:
            return self.answer
        self.letters.append(message_from_bytes(envelope.content or b"", policy=default))  # type: ignore[arg-type]
        await self._while_held("after")
        return "250 OK"

    async def _while_held(self, where: str) -> None:
        while self.holds == where:  # noqa: ASYNC110 - a test of another thread lets it go
            await asyncio.sleep(0.02)

    def start(self) -> None:
        """Listen on a free port of loopback."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self._key)
        wants: dict[str, Any] = {"require_starttls": True, "auth_required": True, "tls_context": context}
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port(), authenticator=_known, **wants)
        self._controller.start()

    def stop(self) -> None:
        """Listen no more."""
        if self._controller:
            self._controller.stop(no_assert=True)


def _known(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (NAME.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=True)


@contextmanager
def mail_server(folder: Path) -> Iterator[MailServer]:
    """Lend a running mail server."""
    server = MailServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    at = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(at - timedelta(days=1))
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = made.not_valid_after(at + timedelta(days=3650)).add_extension(
        x509.SubjectAlternativeName(names), critical=False
    )
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    signed = made.sign(key, hashes.SHA256())
    certificate, private = folder / "mail.pem", folder / "mail.key"
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return certificate, private
