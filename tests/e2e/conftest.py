"""Browsers and phones for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.support.browser import Phone, launch, open_phone
from tests.support.databases import Databases
from tests.support.server import LiveServer


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver, one for the whole run."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium; each phone is a context of its own."""
    made = launch(playwright)
    yield made
    made.close()


@pytest.fixture(scope="module")
def server(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """One server for the tests of a module that do it no harm; `live_server` is for the others."""
    folder = tmp_path_factory.mktemp("server")
    with databases.fresh("sqlite", folder) as url:
        made = LiveServer(folder, {"DATABASE_URL": url})
        made.start()
        yield made
        made.stop()


@pytest.fixture
def make_phone(browser: Browser, server: LiveServer) -> Iterator[Callable[..., Phone]]:
    """Open empty phones: `make_phone(prf=False)`. A test passes only if no phone complained."""
    phones: list[Phone] = []

    def make(**options: bool) -> Phone:
        phones.append(open_phone(browser, server.url, **options))
        return phones[-1]

    yield make
    complaints = [line for phone in phones for line in phone.complaints]
    for phone in phones:
        phone.context.close()
    assert complaints == []


@pytest.fixture
def phone(make_phone: Callable[..., Phone], server: LiveServer) -> Phone:
    """Туманова's phone, enrolled and before its lock."""
    made = make_phone()
    made.enrol(server.link("Туманова"))
    return made
