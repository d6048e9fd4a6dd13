"""Browsers and phones for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.support.browser import Phone, launch, open_phone
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


@pytest.fixture
def make_phone(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Phone]]:
    """Open empty phones: `make_phone(prf=False)`. A test passes only if no phone complained."""
    phones: list[Phone] = []

    def make(**options: bool) -> Phone:
        phones.append(open_phone(browser, live_server.url, **options))
        return phones[-1]

    yield make
    complaints = [line for phone in phones for line in phone.complaints]
    for phone in phones:
        phone.context.close()
    assert complaints == []


@pytest.fixture
def phone(make_phone: Callable[..., Phone], live_server: LiveServer) -> Phone:
    """Туманова's phone, enrolled and before its lock."""
    made = make_phone()
    made.enrol(live_server.link("Туманова"))
    return made
