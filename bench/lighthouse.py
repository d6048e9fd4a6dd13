"""Lighthouse with a session: when the visit form is painted on slow links, and accessibility of every page."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.figures import Figure, median
from bench.limit import LimitServer
from bench.stage import CURATOR, HEAD, ROOT, Stage, family_id, office_cookie
from tests.support.server import LiveServer

LINKS = {"edge": ("EDGE", 4.0), "slow4g": ("slow 4G", 1.2)}
RUN_SECONDS = 120


@dataclass(frozen=True)
class Page:
    """A page as somebody sees it."""

    name: str
    url: str
    cookie: str = ""


def measure(stage: Stage) -> Iterator[Figure]:
    """Measure the visit form beside the same questions in plain HTML, then look at every page once."""
    with stage.installation() as server, LimitServer(server) as plain:
        curator, head = office_cookie(server, CURATOR), office_cookie(server, HEAD)
        family = f"{server.url}/families/{family_id(server)}"
        form = Page("visit form", f"{family}/visit", curator)
        limit = Page("plain HTML", plain.url)
        times = 1 if stage.quick else 3
        runs = [
            {**vars(page), "profile": profile, "accessibility": False}
            for _ in range(times)
            for profile in LINKS
            for page in (form, limit)
        ]
        answers = list(lighthouse(runs))
        for profile, (name, budget) in LINKS.items():
            ours, theirs = (_seconds(answers, page.name, profile) for page in (form, limit))
            yield Figure(f"LCP of the visit form, {name} (simulated)", ours, "s", theirs, budget)
        yield from _accessibility(_pages(server, family, curator, head))


def _pages(server: LiveServer, family: str, curator: str, head: str) -> list[Page]:
    """List every page: those that somebody signed in at a desk gets whole, and those for everybody."""
    inner = {"today": "/today", "families": "/families", "outbox": "/outbox", "more": "/more"}
    pages = [
        Page(f"{who}: {name}", server.url + path, cookie)
        for who, cookie in (("curator", curator), ("head", head))
        for name, path in inner.items()
    ]
    pages += [Page("curator: dossier", family, curator), Page("head: dossier", family, head)]
    pages += [Page("curator: visit form", f"{family}/visit", curator)]
    pages += [Page("curator: not found", f"{server.url}/no-such-page", curator)]
    outer = {"lock screen": "/shell", "enrolment": "/enrol", "sign-in": "/sign-in"}
    return pages + [Page(name, server.url + path) for name, path in outer.items()]


def _accessibility(pages: list[Page]) -> Iterator[Figure]:
    worst = 100.0
    runs = [{**vars(page), "profile": "slow4g", "accessibility": True} for page in pages]
    for answer in lighthouse(runs):
        score = answer["accessibility"]
        if score is None:
            message = f"{answer['name']}: no accessibility score ({answer['error']})"
            raise RuntimeError(message)
        worst = min(worst, score)
        if score < 100:
            print(f"  {answer['name']}: {score}, {', '.join(answer['faults'])}")
    yield Figure(f"Lighthouse accessibility, worst of {len(pages)} pages", worst, "points", 100, 100, "high")


def lighthouse(runs: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Run Lighthouse once for each; yield what it says as it comes. Raises RuntimeError for a page that fails."""
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environ = {**os.environ, "PATH": path, "CHROMIUM": shutil.which("chromium") or "/usr/bin/chromium"}
    for run in runs:
        answer = _once(run, environ)
        if answer.get("error"):
            # Chromium's trace misses the navigation now and then (NO_NAVSTART); a second miss is a fault.
            answer = _once(run, environ)
        if answer.get("error"):
            message = f"{run['name']}, {run['profile']}: {answer['error']}"
            raise RuntimeError(message)
        yield answer


def _once(run: dict[str, Any], environ: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        ["node", "bench/lighthouse.mjs"],
        cwd=ROOT,
        env=environ,
        input=json.dumps([run]),
        capture_output=True,
        text=True,
        check=True,
        timeout=RUN_SECONDS,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _seconds(answers: list[dict[str, Any]], name: str, profile: str) -> float:
    found = [one["lcp"] for one in answers if one["name"] == name and one["profile"] == profile]
    return median(found) / 1000
