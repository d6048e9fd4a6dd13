"""A closed loop of a few connections: `python -m bench.load PORT CONNECTIONS FILE` sends what the file holds.

Everything is prepared beforehand and the loop is nothing but send and receive, in a process of its own, so
that the generator is not what is measured. Loopback only; ends with the file. Prints one line of JSON.
"""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.figures import percentile

ROOT = Path(__file__).resolve().parent.parent
LENGTH = struct.Struct("!I")
PATIENCE_SECONDS = 60
TAKEN = "201"


@dataclass(frozen=True)
class Outcome:
    """What a run of the loop saw: answers by status, 201s a second, 95th percentile of those in milliseconds."""

    statuses: dict[str, int]
    per_second: float
    p95_ms: float

    @property
    def refused(self) -> int:
        """Answers that were not 201: what a phone would have to send again."""
        return sum(count for status, count in self.statuses.items() if status != TAKEN)


def run(port: int, requests: Iterable[bytes], file: Path, connections: int = 8) -> Outcome:
    """Send whole HTTP requests to 127.0.0.1:`port` from another process; return what came of it."""
    with file.open("wb") as out:
        for request in requests:
            out.write(LENGTH.pack(len(request)) + request)
    command = [sys.executable, "-m", "bench.load", str(port), str(connections), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600, cwd=ROOT)
    file.unlink()
    return Outcome(**json.loads(done.stdout))


def drive(port: int, connections: int, requests: list[bytes]) -> Outcome:
    """Send each request once, over that many connections, each waiting for its answer."""
    queue = iter(requests)
    lock = threading.Lock()
    seconds: list[float] = []
    statuses: Counter[str] = Counter()

    def client() -> None:
        for status, took in _conversation(port, queue, lock):
            statuses[status] += 1
            if status == TAKEN:
                seconds.append(took)

    threads = [threading.Thread(target=client) for _ in range(connections)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    return Outcome(dict(statuses), len(seconds) / elapsed, percentile(seconds or [0.0], 0.95) * 1000)


def _conversation(port: int, queue: Iterator[bytes], lock: threading.Lock) -> Iterator[tuple[str, float]]:
    connection: socket.socket | None = None
    while True:
        with lock:
            request = next(queue, None)
        if request is None:
            return
        began = time.perf_counter()
        if connection is None:
            connection = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(request)
        status, stays = _answer(connection)
        yield status, time.perf_counter() - began
        if not stays:
            connection.close()
            connection = None


def _answer(connection: socket.socket) -> tuple[str, bool]:
    """Read one answer to its end; return its status and whether the connection stays open."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return "closed", False
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    fields = dict(line.split(b": ", 1) for line in lines[1:])
    left = int(fields.get(b"content-length", b"0")) - len(body)
    while left > 0:
        left -= len(connection.recv(65536))
    return lines[0].split(b" ")[1].decode(), fields.get(b"connection") != b"close"


def main() -> None:
    """Read the file and drive."""
    port, connections, file = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    data = memoryview(file.read_bytes())
    requests, at = [], 0
    while at < len(data):
        (length,) = LENGTH.unpack_from(data, at)
        requests.append(bytes(data[at + LENGTH.size : at + LENGTH.size + length]))
        at += LENGTH.size + length
    print(json.dumps(vars(drive(port, connections, requests))))


if __name__ == "__main__":
    main()
