"""`python -m bench [--only wire,server] [--quick] [--docs]`: measure, print the table, write bench.json."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import signal
import sys
import time
import traceback
from datetime import UTC, datetime

from bench.figures import Figure, markdown, table, write
from bench.stage import ROOT, Stage

PARTS = {
    "start": "the second start of `make run`",
    "wire": "bytes on the wire",
    "lighthouse": "Lighthouse: first paint on slow links, accessibility of every page",
    "field": "a phone with its CPU slowed 6x: offline open, typing",
    "hand": "what an ordinary visit asks of a hand",
    "kit": "the field kit of twenty families, whole and unchanged, over EDGE",
    "lists": "lists and search at a hundred thousand families over a thousand",
    "sync": "bytes over content; ten visits and thirty photos over EDGE",
    "rules": "the engine over ten to ten thousand events of one subject; a territory worked out anew",
    "reminders": "a look at what is due among ten thousand and a hundred thousand open duties",
    "model": "three phones under ten thousand random faults",
    "server": "envelopes and photos a second beside a Flask floor",
}
DOCS = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: written by python -m bench --docs -->", "<!-- end of figures -->"


def main() -> int:
    """Measure what was asked for; return 1 when a part failed, 0 also when a budget was missed."""
    # Whoever ends us ends the servers and browsers that we started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    given = arguments()
    figures: list[Figure] = []
    failed = []
    where = machine()
    print(where)
    stage = Stage(quick=given.quick)
    try:
        for name in given.parts:
            began = time.monotonic()
            print(f"\n→ {name}: {PARTS[name]} …", flush=True)
            try:
                for figure in importlib.import_module(f"bench.{name}").measure(stage):
                    figures.append(figure)
                    print(f"  {table([figure]).splitlines()[-1]}", flush=True)
            except Exception:  # noqa: BLE001 - one part that breaks must not cost the others' figures
                traceback.print_exc()
                failed.append(name)
            print(f"  ({time.monotonic() - began:.0f} s)", flush=True)
    finally:
        stage.close()
    write(figures, ROOT / "bench.json")
    print(f"\n{table(figures)}")
    if given.docs:
        document(figures, where)
    if failed:
        print(f"\nNot measured: {', '.join(failed)}; the reason stands above.", file=sys.stderr)
    return 1 if failed else 0


def arguments() -> argparse.Namespace:
    """Read the command line; `parts` are the chosen ones in the order of PARTS."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", help=f"parts, with commas between: {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="fewest repetitions: to see that it works, not to compare")
    parser.add_argument("--docs", action="store_true", help="put the table into docs/benchmarks.md as well")
    given = parser.parse_args()
    wanted = set(given.only.split(",")) if given.only else set(PARTS)
    if unknown := wanted - set(PARTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    given.parts = [name for name in PARTS if name in wanted]
    return given


def document(figures: list[Figure], where: str) -> None:
    """Replace the table of docs/benchmarks.md; what is written around it stays."""
    before, _, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    DOCS.write_text(f"{before}{BEGIN}\n{where}.\n\n{markdown(figures)}\n{END}{after}", encoding="utf-8")


def machine() -> str:
    """Say when and where: figures of two machines, or of two days, are not to be compared."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    at = datetime.now(UTC).astimezone()
    return (
        f"{at:%Y-%m-%d %H:%M}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    sys.exit(main())
