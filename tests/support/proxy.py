"""A TCP proxy on loopback that plays a bad network for real: slow, cut, portal, refusing, corrupting.

Works below HTTP, so it hits pages, service workers and Python clients alike. Every fault that is said to
happen once is used up by the first connection that meets it; `counts` tells what passed and what happened.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import Counter
from dataclasses import dataclass, field

CHUNK = 4096
WAITING_CHUNKS = 8

PORTAL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 39\r\nConnection: close\r\n\r\n"
    b"<html><body>Wi-Fi: log in</body></html>"
)


def status_answer(line: str, *headers: str) -> bytes:
    """Return a bodiless HTTP answer such as «503 Service Unavailable» with extra header lines."""
    lines = [f"HTTP/1.1 {line}", "Content-Length: 0", "Connection: close", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass
class Line:
    """One direction of the link: all connections share its rate, each byte takes its time."""

    bytes_per_second: float = 0.0
    free_at: float = 0.0

    def ready_at(self, now: float, size: int, delay: float) -> float:
        """Return when `size` bytes handed over now come out at the other end."""
        if self.bytes_per_second:
            self.free_at = max(self.free_at, now) + size / self.bytes_per_second
            return self.free_at + delay
        return now + delay


@dataclass
class FaultProxy:
    """Listens on `port` of 127.0.0.1 and forwards to `target`. Change its attributes while it runs."""

    target: int
    port: int = 0
    refuse: bool = False
    """Close every connection at once: the server is unreachable though the network is there."""
    round_trip_seconds: float = 0.0
    cut_up_after: int | None = None
    """Once: reset the connection after this many bytes of a request to a path in `aim`."""
    drop_answers: int = 0
    """Swallow that many answers to requests in `aim`: the server has done its work, nobody hears of it."""
    flip_up_at: int | None = None
    """Once: flip a bit at this offset of a request in `aim`, counted from its first byte."""
    answers: list[bytes] = field(default_factory=list)
    """Ready-made answers, one a request in `aim`, given instead of asking the server."""
    answer_always: bytes | None = None
    aim: bytes = b"PATCH /sync/"
    heard: list[bytearray] | None = None
    """Set to a list, it gets what clients say, one entry a connection."""
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Start listening in a thread of its own."""
        self.up, self.down = Line(), Line()
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._started.wait(10)

    def slow(self, kbps: float, round_trip_seconds: float) -> None:
        """Make it a link of so many kilobits a second each way."""
        self.up, self.down = Line(kbps * 125), Line(kbps * 125)
        self.round_trip_seconds = round_trip_seconds

    def heal(self) -> None:
        """Take every fault away."""
        self.refuse = False
        self.round_trip_seconds = 0.0
        self.cut_up_after = self.flip_up_at = self.answer_always = None
        self.drop_answers = 0
        self.answers.clear()
        self.up, self.down = Line(), Line()

    def close(self) -> None:
        """Stop listening and end every connection."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        for writer in self._writers:
            writer.transport.abort()
        # Transports close in the turns that follow: a loop closed before would leave sockets behind.
        self._loop.run_until_complete(_settled(tasks))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.counts["connections"] += 1
        if self.refuse:
            writer.transport.abort()
            return
        await asyncio.sleep(self.round_trip_seconds)
        try:
            to_server = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, to_server[1]}
        self._writers |= ends
        # Cancelled means that the proxy is closing: nothing to tell anybody.
        with contextlib.suppress(asyncio.CancelledError):
            await _Pair(self, (reader, writer), to_server).run()
            self._writers -= ends


async def _settled(tasks: set[asyncio.Task[object]]) -> None:
    if tasks:
        await asyncio.wait(tasks, timeout=2)
    for _ in range(3):
        await asyncio.sleep(0)


@dataclass
class _Pair:
    """One client's connection and ours to the server."""

    proxy: FaultProxy
    client: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    server: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    aimed: int | None = None
    """Bytes of the aimed-at request seen so far; None while another request is passing."""
    swallow: bool = False
    said: bytearray = field(default_factory=bytearray)

    async def run(self) -> None:
        if self.proxy.heard is not None:
            self.proxy.heard.append(self.said)
        up = asyncio.ensure_future(self._pump(self.client[0], self.server[1], upward=True))
        down = asyncio.ensure_future(self._pump(self.server[0], self.client[1], upward=False))
        await asyncio.wait([up, down], return_when=asyncio.FIRST_COMPLETED)
        # What the server still says after the client stopped talking must arrive.
        if up.done() and not down.done():
            await asyncio.wait([down], timeout=5)
        for task in (up, down):
            task.cancel()
        for _reader, writer in (self.client, self.server):
            writer.transport.abort() if self.swallow else writer.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, upward: bool) -> None:
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(maxsize=64)
        sender = asyncio.ensure_future(self._send(queue, writer))
        line = self.proxy.up if upward else self.proxy.down
        loop = asyncio.get_running_loop()
        try:
            while chunk := await reader.read(CHUNK):
                line = self.proxy.up if upward else self.proxy.down
                passed = self._upward(chunk) if upward else self._downward(chunk)
                if passed is None:
                    break
                self.proxy.counts["bytes_up" if upward else "bytes_down"] += len(passed)
                ready = line.ready_at(loop.time(), len(passed), self.proxy.round_trip_seconds / 2)
                await queue.put((ready, passed))
                # Backpressure: a slow link must be felt by the sender, not hidden in our memory.
                while queue.qsize() > WAITING_CHUNKS:  # noqa: ASYNC110 - a few milliseconds late is what a link is
                    await asyncio.sleep(0.01)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            await queue.put((0.0, b""))
            with contextlib.suppress(Exception):
                await asyncio.wait_for(sender, 120)

    async def _send(self, queue: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while True:
            ready, chunk = await queue.get()
            if not chunk:
                return
            await asyncio.sleep(max(0.0, ready - loop.time()))
            try:
                writer.write(chunk)
                await writer.drain()
            except ConnectionError:
                return

    def _upward(self, chunk: bytes) -> bytes | None:
        """Return what goes on to the server, or None to end the connection here."""
        proxy = self.proxy
        if proxy.refuse:
            # Browsers keep connections: a server that is out of reach does not answer on the old ones either.
            self.client[1].transport.abort()
            return None
        if proxy.heard is not None:
            self.said += chunk
        if chunk[:8].split(b" ")[0] in {b"GET", b"HEAD", b"POST", b"PATCH"}:
            self.aimed = 0 if chunk.startswith(proxy.aim) else None
            if self.aimed == 0:
                proxy.counts["aimed"] += 1
                ready_made = proxy.answers.pop(0) if proxy.answers else proxy.answer_always
                if ready_made is not None:
                    proxy.counts["answered_here"] += 1
                    self.client[1].write(ready_made)
                    return None
                if proxy.drop_answers:
                    proxy.drop_answers -= 1
                    self.swallow = True
        if self.aimed is None:
            return chunk
        start, self.aimed = self.aimed, self.aimed + len(chunk)
        if proxy.flip_up_at is not None and start <= proxy.flip_up_at < self.aimed:
            at = proxy.flip_up_at - start
            proxy.flip_up_at = None
            proxy.counts["flipped"] += 1
            chunk = chunk[:at] + bytes([chunk[at] ^ 1]) + chunk[at + 1 :]
        if proxy.cut_up_after is not None and self.aimed >= proxy.cut_up_after:
            proxy.cut_up_after = None
            proxy.counts["cut"] += 1
            self.client[1].transport.abort()
            return None
        return chunk

    def _downward(self, chunk: bytes) -> bytes | None:
        if self.swallow:
            self.proxy.counts["swallowed"] += 1
            return None
        return chunk
