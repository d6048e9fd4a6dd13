"""`make run`: one command that starts everything on one machine, and stops everything at Ctrl-C.

The application is not imported here: it takes two seconds, and the web process imports it anyway. So that
process also brings the database up to date before it serves, and says on its stdout when it is ready.
"""

from __future__ import annotations

import fcntl
import json
import os
import shlex
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from honcho.manager import Manager
from honcho.printer import Message, Printer

from curator_app.assets import NotBuilt, manifest
from curator_app.config import Config, ConfigError
from curator_app.valkey import EmbeddedValkey, ValkeyFailed, answers

ROOT = Path(__file__).resolve().parent.parent
READY = "curator: ready "
"""Begins the web process's line «we serve»; the rest is JSON, the invitations of a first start."""
REFUSED = "curator: refused "
"""Begins its line «we cannot serve»; the rest is a sentence."""
SIGNALLED = {128 + signal.SIGINT, 128 + signal.SIGTERM}


class CannotStart(Exception):
    """Something is in the way; the message is one Russian sentence that says what to do."""


def main() -> int:
    """Start everything and stay until a signal; return the exit code."""
    signal.signal(signal.SIGTERM, _leave)
    # A closed terminal window is an end like any other; honcho knows only the other two signals.
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    try:
        config = Config.from_environ()
        manifest()
        with data_folder(config.data_folder):
            check_port(config.port)
            with queue_server(config) as ready:
                return serve(ready)
    except (CannotStart, ConfigError, NotBuilt, ValkeyFailed) as error:
        print(error, file=sys.stderr)
        return 1
    except PermissionError as error:
        print(f"Нет доступа к {error.filename}: задайте CURATOR_DATA — папку, куда можно писать.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


@contextmanager
def data_folder(folder: Path) -> Iterator[None]:
    """Hold the data folder for this process alone; raise CannotStart when another start holds it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"Папка данных {folder} занята другим запуском: остановите его или задайте CURATOR_DATA."
            raise CannotStart(message) from error
        yield


def check_port(port: int) -> None:
    """Raise CannotStart when somebody listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            message = f"Порт {port} занят: остановите того, кто его держит, или задайте другой: PORT={port + 1}."
            raise CannotStart(message) from error


@contextmanager
def queue_server(config: Config) -> Iterator[Config]:
    """Give the settings with a queue server that runs: our own, or the one REDIS_URL names."""
    if os.environ.get("REDIS_URL"):
        if not answers(config.redis_url):
            message = "Очередь по адресу REDIS_URL не отвечает: проверьте адрес или не задавайте его вовсе."
            raise CannotStart(message)
        yield config
        return
    valkey = EmbeddedValkey(config.data_folder)
    try:
        valkey.start()
        valkey.wait()
        yield replace(config, redis_url=valkey.url)
    finally:
        valkey.stop()


def serve(config: Config) -> int:
    """Run web, workers and cron until one of them ends or a signal comes."""
    printer = Calm(config)
    manager = Manager(printer)
    env = child_environ(config) | {"CURATOR_LAUNCHER": "1"}
    for name, command in commands().items():
        manager.add_process(name, "exec " + shlex.join(command), env=env, cwd=str(ROOT))
    manager.loop()
    if printer.refusal:
        raise CannotStart(printer.refusal)
    if manager.returncode in SIGNALLED:
        print("Остановлено.", flush=True)
        return 0
    print("Одна из частей остановилась сама, причина выше; остальные остановлены.", file=sys.stderr)
    return 1


def commands() -> dict[str, list[str]]:
    """Return the processes of an installation; systemd units in production run the same."""
    python = sys.executable
    # A page comes before a job, and a photo takes a whole core for a while.
    behind = ["nice", "-n", "10", python]
    return {
        "web": [python, "-m", "gunicorn", "--no-control-socket", "-c", "python:curator_app.gunicorn_conf"],
        "worker": [*behind, "-m", "curator_app.worker"],
        "calls": [python, "-m", "curator_app.worker", "calls"],
        "cron": [*behind, "-m", "curator_app.cron"],
    }


def child_environ(config: Config) -> dict[str, str]:
    """Return the environment of them all: ours, with what was worked out here made plain."""
    return {
        **os.environ,
        "CURATOR_DATA": str(config.data_folder),
        "REDIS_URL": config.redis_url,
        "PORT": str(config.port),
        "TZ": os.environ.get("TZ") or "Europe/Moscow",
        "PYTHONUNBUFFERED": "1",
    }


class Calm(Printer):
    """Prints what the processes say; honcho's own remarks are left out, the web's ready line becomes a greeting."""

    def __init__(self, config: Config) -> None:
        """Take the settings that the greeting names."""
        super().__init__(sys.stdout)
        self._config = config
        self._greeted = False
        self.refusal = ""
        """Why the web process could not start, a sentence."""

    def write(self, message: Message) -> None:
        """Print one line of one process; nothing more once the start has been refused."""
        text = message.data if isinstance(message.data, str) else message.data.decode("utf-8", "replace")
        if text.startswith(REFUSED):
            self.refusal = text.removeprefix(REFUSED).strip()
        elif text.startswith(READY):
            # The line comes again when gunicorn replaces its worker.
            if not self._greeted:
                greet(self._config, json.loads(text.removeprefix(READY)))
            self._greeted = True
        elif message.name != "system" and not self.refusal:
            super().write(message)


def greet(config: Config, invitations: list[dict[str, str]]) -> None:
    """Tell where to go; `invitations` are those of a first start: name, post, kind, token."""
    print(f"\nКуратор открыт: {config.public_url}  (остановить — Ctrl-C)")
    for one in invitations:
        device = "телефон" if one["kind"] == "field" else "рабочее место"
        print(f"  {one['name']}, {one['post']} — {device}:\n    {config.origin}/enrol#{one['token']}")
    if invitations:
        print("Ссылки одноразовые, действуют 72 часа.")
    print("Новая ссылка: .venv/bin/flask enrolment-link ФАМИЛИЯ --kind field (или office)")
    if config.rp_id == "localhost":
        print(f"Android по кабелю: adb reverse tcp:{config.port} tcp:{config.port}, затем та же ссылка на телефоне.")
    print(flush=True)


def _leave(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
