"""What tests of reminders begin with: a case under a moved clock, the demonstration's people, or what really runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask

from curator_app.auth.models import OFFICE
from tests.reminders.installation import Installation
from tests.reminders.pages import Pages
from tests.reminders.world import BEGAN, ZONE, World, make_world
from tests.support.databases import Databases
from tests.support.mail_server import mail_server
from tests.support.moved_clock import MovedClock
from tests.support.people import People, settle, sign_in
from tests.support.server import LiveServer


@pytest.fixture
def database_kind() -> str:
    """On one database, unless a test says that it is about both."""
    return "sqlite"


@pytest.fixture
def world(app: Flask, tmp_path: Path) -> Iterator[World]:
    """A case that was taken on in Novosibirsk on Friday, 30 October 2026; it is that noon."""
    clock = MovedClock(tmp_path / "now")
    clock.move(BEGAN, ZONE)
    with clock.in_force(), app.app_context():
        yield make_world(clock)


@pytest.fixture
def people(app: Flask) -> People:
    """The demonstration's people; forms without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def open_as(app: Flask) -> Callable[..., Pages]:
    """Sign somebody in at a desk, or at a phone with kind="field"."""
    return lambda person, kind=OFFICE: Pages(sign_in(app, person, kind))


@pytest.fixture
def install(databases: Databases, tmp_path: Path) -> Iterator[Callable[[str], Installation]]:
    """Start a queue, a worker and a mail server over a database of a kind; no pages are served."""
    with ExitStack() as stack:

        def make(kind: str) -> Installation:
            folder = tmp_path / "server"
            folder.mkdir(mode=0o700)
            post = stack.enter_context(mail_server(tmp_path))
            url = stack.enter_context(databases.fresh(kind, folder))
            server = LiveServer(folder, {"DATABASE_URL": url, **post.settings})
            stack.callback(server.end)
            server.valkey.start()
            server.valkey.wait()
            server.start_process("worker")
            return Installation(server, post, stack.enter_context(server.app()))

        yield make
