"""Run a long command and let the person at the terminal see that it lives."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path

HEARTBEAT_SECONDS = 5
LINES_SHOWN_AFTER_A_FAILURE = 25
ROOT = Path(__file__).resolve().parent.parent


class Failed(Exception):
    """A step failed; the message is what the person is told."""


def run_step(title: str, command: list[str], *, path: Path | None = None, count: tuple[str, int] | None = None) -> None:
    """Run `command` in the project's folder, showing `title`, progress and the time it took.

    `path` goes before PATH. `count` is (beginning of a line, how many such lines are expected): each
    shows as `12/66 flask`; without it a line is printed every five seconds. Raises Failed, with the
    command's last lines printed, when it ends with an error.
    """
    started = time.monotonic()
    print(f"→ {title} …", flush=True)
    env = dict(os.environ)
    if path:
        env["PATH"] = f"{path}{os.pathsep}{env.get('PATH', '')}"
    try:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdin=None if command[0] == "sudo" else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise Failed(f"Не запускается {command[0]}: {error.strerror}.") from error
    done = threading.Event()
    threading.Thread(target=_heartbeat, args=(done, started), daemon=True).start()
    try:
        tail = _follow(process, count)
        code = process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    finally:
        done.set()
    if code:
        sys.stderr.write("".join(tail))
        raise Failed(f"Не получилось: {title.lower()}. Сообщения команды выше (код {code}).")
    print(f"  готово за {time.monotonic() - started:.0f} с", flush=True)


def _follow(process: subprocess.Popen[str], count: tuple[str, int] | None) -> deque[str]:
    """Read the command's output to its end; return its last lines."""
    tail: deque[str] = deque(maxlen=LINES_SHOWN_AFTER_A_FAILURE)
    seen = 0
    assert process.stdout is not None
    for line in process.stdout:
        tail.append(line)
        if count and line.startswith(count[0]):
            seen += 1
            name = line.removeprefix(count[0]).split("==")[0].strip()
            print(f"  {seen}/{max(seen, count[1])} {name}", flush=True)
    return tail


def _heartbeat(done: threading.Event, started: float) -> None:
    """Print a line every few seconds until the step is done."""
    while not done.wait(HEARTBEAT_SECONDS):
        print(f"  … {time.monotonic() - started:.0f} с", flush=True)
