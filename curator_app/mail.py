"""Send one letter by the installation's own mail server (RFC 5321), or say why not. Off until SMTP_URL is set."""

from __future__ import annotations

import logging
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

from curator_app.config import Config

log = logging.getLogger(__name__)

WAIT_SECONDS = 15
PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}
PERMANENT = 500


class MailLater(Exception):
    """The server cannot take it now."""


class MailRefused(Exception):
    """The server will never take it: no such address, or not from us."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent to one address; `message_id` is the same when it is sent again, so that it is read once."""

    to: str
    subject: str
    plain: str
    html: str
    message_id: str
    """Without its angle brackets: 0199…@kurator.example.ru."""
    headers: dict[str, str] = field(default_factory=dict)


def is_on(config: Config) -> bool:
    """Tell whether the installation sends letters."""
    return bool(config.smtp_url)


def send(config: Config, letter: Letter) -> None:
    """Send a letter; raise MailLater or MailRefused, never anything else of the mail server's.

    smtp:// begins in the clear and must be answered with STARTTLS; smtps:// is encrypted from the first byte;
    smtp+plain:// is for a relay on the same machine.
    """
    try:
        server = _connected(config)
        try:
            server.send_message(_message(config, letter), config.mail_from, [letter.to])
        finally:
            # The letter is theirs or is not; what they say to a good-bye changes nothing.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise (MailRefused if code >= PERMANENT else MailLater) from error
    except (smtplib.SMTPException, OSError) as error:
        # Of our name, our address, our being on a list: ours to mend, not a reason to forget the letter.
        log.warning("mail server: %s %s", type(error).__name__, getattr(error, "smtp_code", ""))
        raise MailLater from error


def _connected(config: Config) -> smtplib.SMTP:
    parts = urlsplit(config.smtp_url)
    host, port = parts.hostname or "localhost", parts.port or PORTS[parts.scheme]
    trust = ssl.create_default_context(cafile=str(config.smtp_ca) if config.smtp_ca else None)
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, timeout=WAIT_SECONDS, context=trust)
    else:
        server = smtplib.SMTP(host, port, timeout=WAIT_SECONDS)
    try:
        if parts.scheme == "smtp":
            server.starttls(context=trust)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _message(config: Config, letter: Letter) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = config.mail_from
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Message-ID"] = f"<{letter.message_id}>"
    # No answering machine writes back to it (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    for name, value in letter.headers.items():
        message[name] = value
    message.set_content(letter.plain)
    message.add_alternative(letter.html, subtype="html")
    return message
