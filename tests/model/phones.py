"""A phone of the model test, from outside: its process, its battery, its clock, the release it runs."""

from __future__ import annotations

import itertools
import json
import os
import queue
import shutil
import signal
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.support.databases import ROOT

TODAYS = ROOT / "tests" / "model" / "glass.mjs"
PHONE = ROOT / "tests" / "model" / "phone.mjs"
ANSWER_SECONDS = 60


class Died(Exception):
    """The phone's process ended before it answered: whether the act was done, its disk says."""


class PhoneFailed(AssertionError):
    """An act threw on the phone; the message is its stack."""


class Phone:
    """One phone; `start`, `do`, `kill`. Its disk is a folder and outlives the process."""

    def __init__(self, folder: Path, origin: str, client: Path = TODAYS, clock_ms: int = 0) -> None:
        """Keep in `folder`; talk to `origin`; run the release `client`, with a clock that is wrong by `clock_ms`."""
        self.folder = folder
        self.origin = origin
        self.client = client
        self.clock_ms = clock_ms
        self.cookie = ""
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        folder.mkdir(exist_ok=True)

    def start(self) -> None:
        """Switch it on."""
        command = [node(), str(PHONE), str(self.folder), str(self.client), self.origin, str(self.clock_ms)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
            )
        self._answers = queue.Queue()
        self._listener = threading.Thread(target=_listen, args=(self._process, self._answers), daemon=True)
        self._listener.start()
        self.do("cookie", cookie=self.cookie)

    def do(self, act: str, /, **given: Any) -> Any:
        """Do an act and return its result; raises Died and PhoneFailed."""
        return self.result(self.begin(act, **given))

    def begin(self, act: str, /, **given: Any) -> int:
        """Begin an act and return the number under which it answers."""
        number = next(self._numbers)
        try:
            self._running.stdin.write(json.dumps({"n": number, "act": act, "given": given}) + "\n")  # type: ignore[union-attr]
            self._running.stdin.flush()  # type: ignore[union-attr]
        except BrokenPipeError as error:
            raise Died from error
        return number

    def result(self, number: int) -> Any:
        """Wait for the answer of an act that was begun."""
        while True:
            answer = self._answers.get(timeout=ANSWER_SECONDS)
            if answer is None:
                raise Died
            if "problem" in answer:
                raise PhoneFailed(answer["problem"])
            if answer["n"] == number:
                return answer["value"]

    def kill(self) -> None:
        """Pull the battery."""
        self._running.send_signal(signal.SIGKILL)
        self._running.wait()
        self._listener.join()
        for pipe in (self._running.stdin, self._running.stdout):
            # What was not written any more is lost with it.
            with suppress(BrokenPipeError):
                pipe.close()  # type: ignore[union-attr]
        self._process = None

    def put_clock_forward(self, milliseconds: int) -> None:
        """Let time pass on this phone."""
        self.clock_ms += milliseconds
        self.do("clock", by=milliseconds)

    @property
    def is_on(self) -> bool:
        """Tell whether its process runs."""
        return self._process is not None

    @property
    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            raise Died
        return self._process


def node() -> str:
    """Return the Node that the project uses: the system's, or the wheel's beside our Python."""
    own = ROOT / ".venv" / "bin"
    found = shutil.which("node", path=f"{own}{os.pathsep}{os.environ.get('PATH', '')}")
    assert found is not None, "no Node: `make test` installs one"
    return found


def _listen(process: subprocess.Popen[str], answers: queue.Queue[dict[str, Any] | None]) -> None:
    # Killed in the middle of a line, it has not answered.
    with suppress(ValueError):
        for line in process.stdout or ():
            answers.put(json.loads(line))
    answers.put(None)
