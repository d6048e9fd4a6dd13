"""Settings: one frozen record, read once from the environment."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

# A path longer than this cannot be bound as a unix socket (sun_path is 108 bytes with its zero).
MAX_SOCKET_PATH_BYTES = 107
PORTS = 65536
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
_HOST = re.compile(r"[a-z0-9.-]+(:\d{1,5})?")


class ConfigError(Exception):
    """A setting that cannot work; the message is one Russian sentence that says what to set."""


@dataclass(frozen=True)
class Config:
    """Everything the installation decides."""

    data_folder: Path
    """Where SQLite, Valkey, keys and photos live when nothing grander is configured. Mode 0700."""
    database_url: str
    """SQLAlchemy URL: sqlite:///… or postgresql://… (psycopg 3)."""
    redis_url: str
    """unix:///… or redis://…: the Valkey or Redis that carries rq's queue."""
    photo_store_url: str
    """file:///… or s3://bucket/prefix."""
    s3_endpoint: str
    """Address of an S3-compatible store; empty for AWS's own."""
    s3_access_key: str
    s3_secret_key: str
    public_url: str
    """Origin as people's browsers see it, without a path. https, or http on localhost."""
    secret_key: str
    """Signs session cookies. Made once and kept in the data folder when not given."""
    port: int
    web_threads: int
    """Threads of each web process. A slow upload holds one, hence many."""
    web_processes: int
    """Web processes. Python computes on one core in each; a second makes the start a second longer."""
    photo_limit_kb: int = 4096
    """PHOTO_LIMIT_KB: how large a sealed photo may come. Phones send what is larger as a smaller copy."""
    service_worker: bool = True
    """SERVICE_WORKER=off makes phones drop a service worker that does harm; what waits on them is sent by the pages."""
    smtp_url: str = ""
    """SMTP_URL: smtp://user:password@host:587 (STARTTLS), smtps:// or smtp+plain://localhost; without it no letters."""
    mail_from: str = ""
    """MAIL_FROM: the address from which letters come; wanted with SMTP_URL."""
    smtp_ca: Path | None = None
    """SMTP_CA: certificate of the mail server's own authority, where the machine does not know it."""
    push_contact: str = ""
    """PUSH_CONTACT: the address that push services write to when our messages trouble them; else the site's own."""
    push_hosts: frozenset[str] = frozenset()
    """PUSH_HOSTS: hosts (host or host:port, by commas) beside the known push services that messages may go to."""
    trusted_proxies: tuple[str, ...] = ()
    """TRUSTED_PROXIES: addresses or networks (10.0.0.0/8, by commas) of web servers on other machines in front of this
    one: they are believed about who asks. One on this machine always is."""
    profiles_folder: Path | None = None
    """CURATOR_PROFILES: a folder with a region's own procedures, beside those of the release: docs/rules.md."""

    @property
    def origin(self) -> str:
        """Scheme, host and port: what WebAuthn calls the origin."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def rp_id(self) -> str:
        """WebAuthn relying party id: the host of `public_url`."""
        return urlsplit(self.public_url).hostname or "localhost"

    @property
    def push_subject(self) -> str:
        """Whom a push service writes to, as its protocol wants it (RFC 8292)."""
        if self.push_contact:
            return f"mailto:{self.push_contact}"
        secure = self.public_url.startswith("https://")
        return f"https://{self.rp_id}" if secure else f"mailto:kurator@{self.rp_id}"

    @property
    def keys_folder(self) -> Path:
        """Private keys that open envelopes, one file each, 0600."""
        return self.data_folder / "keys"

    @property
    def photo_bytes_limit(self) -> int:
        """How large a sealed photo may come, in bytes."""
        return self.photo_limit_kb * 1024

    @property
    def partials_folder(self) -> Path:
        """Uploads that are not whole yet; local to this machine."""
        return self.data_folder / "partials"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read the settings; raise ConfigError for a combination that cannot work."""
        env = os.environ if environ is None else environ
        folder = Path(env.get("CURATOR_DATA", "instance")).absolute()
        port = _number(env, "PORT", 8000)
        config = cls(
            data_folder=folder,
            database_url=_database_url(env.get("DATABASE_URL") or f"sqlite:///{folder / 'curator.sqlite'}"),
            redis_url=env.get("REDIS_URL") or f"unix://{folder / 'kv.sock'}",
            photo_store_url=env.get("PHOTO_STORE_URL") or f"file://{folder / 'photos'}",
            s3_endpoint=env.get("S3_ENDPOINT", ""),
            s3_access_key=env.get("S3_ACCESS_KEY", ""),
            s3_secret_key=env.get("S3_SECRET_KEY", ""),
            public_url=env.get("PUBLIC_URL") or f"http://localhost:{port}",
            secret_key=env.get("SECRET_KEY") or _kept_secret(folder),
            port=port,
            web_threads=_number(env, "WEB_THREADS", 64),
            web_processes=_number(env, "WEB_PROCESSES", 1),
            photo_limit_kb=_number(env, "PHOTO_LIMIT_KB", 4096),
            service_worker=_switch(env, "SERVICE_WORKER"),
            smtp_url=env.get("SMTP_URL", ""),
            mail_from=env.get("MAIL_FROM", ""),
            smtp_ca=Path(env["SMTP_CA"]).absolute() if env.get("SMTP_CA") else None,
            push_contact=env.get("PUSH_CONTACT", "").removeprefix("mailto:").strip(),
            push_hosts=frozenset(host.strip().lower() for host in env.get("PUSH_HOSTS", "").split(",") if host.strip()),
            trusted_proxies=tuple(one.strip() for one in env.get("TRUSTED_PROXIES", "").split(",") if one.strip()),
            profiles_folder=Path(env["CURATOR_PROFILES"]).absolute() if env.get("CURATOR_PROFILES") else None,
        )
        config.check()
        return config

    def check(self) -> None:
        """Raise ConfigError when settings are half made."""
        parts = urlsplit(self.public_url)
        if parts.scheme != "https" and parts.hostname != "localhost":
            message = (
                "PUBLIC_URL должен начинаться с https:// (или быть http://localhost): иначе ключи входа не работают."
            )
            raise ConfigError(message)
        if parts.path not in {"", "/"}:
            message = "PUBLIC_URL — это адрес без пути: например, https://kurator.example.ru."
            raise ConfigError(message)
        if self.profiles_folder and not self.profiles_folder.is_dir():
            message = "CURATOR_PROFILES: такой папки нет. Назовите папку с файлами порядков или уберите эту настройку."
            raise ConfigError(message)
        for one in self.trusted_proxies:
            if not _is_network(one):
                message = f"TRUSTED_PROXIES — адреса или сети через запятую: 10.0.0.5, 10.1.0.0/16. А задано «{one}»."
                raise ConfigError(message)
        self._check_mail()
        self._check_push()
        if self.photo_store_url.startswith("s3://"):
            if not (self.s3_access_key and self.s3_secret_key):
                message = "Для PHOTO_STORE_URL=s3://… задайте S3_ACCESS_KEY и S3_SECRET_KEY."
                raise ConfigError(message)
        elif not self.photo_store_url.startswith("file://"):
            message = "PHOTO_STORE_URL должен начинаться с file:// или s3://."
            raise ConfigError(message)

    def _check_mail(self) -> None:
        """Raise ConfigError when letters could never leave."""
        if not self.smtp_url:
            return
        parts = urlsplit(self.smtp_url)
        if (
            parts.scheme not in {"smtp", "smtps", "smtp+plain"}
            or not parts.hostname
            or not _readable_port(self.smtp_url)
        ):
            message = "SMTP_URL начинается с smtp://, smtps:// или smtp+plain:// и называет сервер: smtp://имя:пароль@mail.example.ru:587."
            raise ConfigError(message)
        if not unquote(f"{parts.username or ''}{parts.password or ''}").isascii():
            message = "SMTP_URL: имя и пароль почтового сервера — латинские буквы, цифры и знаки."
            raise ConfigError(message)
        if "@" not in self.mail_from:
            message = "Рядом с SMTP_URL задайте MAIL_FROM — адрес, с которого приходят письма."
            raise ConfigError(message)
        if self.smtp_ca and not self.smtp_ca.is_file():
            message = "SMTP_CA: такого файла нет. Назовите файл сертификата или уберите эту настройку."
            raise ConfigError(message)

    def _check_push(self) -> None:
        """Raise ConfigError when push services would refuse us, or a host is no host."""
        if self.push_contact and not _ADDRESS.fullmatch(self.push_contact):
            message = f"PUSH_CONTACT — это адрес почты, например admin@example.ru, а задано «{self.push_contact}»."
            raise ConfigError(message)
        for host in sorted(self.push_hosts):
            if not _HOST.fullmatch(host):
                message = f"PUSH_HOSTS — имена через запятую: push.example.ru или localhost:9000. А задано «{host}»."
                raise ConfigError(message)


def _is_network(said: str) -> bool:
    try:
        return bool(ip_network(said, strict=False))
    except ValueError:
        return False


def _readable_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not text.isdigit() or not 0 < int(text) < PORTS:
        message = f"{name} — это число от 1 до 65535, а задано «{text}»."
        raise ConfigError(message)
    return int(text)


def _switch(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name) or "on"
    if text not in {"on", "off"}:
        message = f"{name} — это on или off, а задано «{text}»."
        raise ConfigError(message)
    return text == "on"


def _database_url(url: str) -> str:
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    if url.startswith("postgresql://"):
        return "postgresql+psycopg://" + url.removeprefix("postgresql://")
    if url.startswith(("postgresql+psycopg://", "sqlite:///")):
        return url
    message = "DATABASE_URL должен начинаться с postgresql:// или sqlite:///."
    raise ConfigError(message)


def _kept_secret(folder: Path) -> str:
    """Read the installation's secret, or make it: exclusive creation, so two starts agree on one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "secret_key"
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")
