"""Browsers and phones for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from curator_app.extensions import db
from tests.e2e.accessibility import Inspect, Inspector
from tests.e2e.photos import go_to_photos
from tests.e2e.stories import BrowserDesk
from tests.support.browser import Phone, launch, open_phone
from tests.support.databases import Databases
from tests.support.moved_clock import MovedClock
from tests.support.server import LiveServer
from tests.support.story_world import settle_world

CLOCK = "STORY_CLOCK"
EMPTY = """async () => {
  const stores = ['drafts', 'photos', 'outbox', 'sealed', 'copies'];
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('curator-')) continue;
    await new Promise((resolve) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => {
        const transaction = opening.result.transaction(stores, 'readwrite');
        for (const store of stores) transaction.objectStore(store).clear();
        transaction.oncomplete = () => { opening.result.close(); resolve(); };
      };
    });
  }
}"""


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


@pytest.fixture(scope="session")
def running(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The server of `server`, started once."""
    folder = tmp_path_factory.mktemp("server")
    with databases.fresh("sqlite", folder) as url:
        made = LiveServer(folder, {"DATABASE_URL": url})
        made.start()
        yield made
        made.end()


@pytest.fixture(scope="module")
def server(running: LiveServer) -> LiveServer:
    """A server for the tests of a module that do it no harm, with nothing in it of the modules before.

    `live_server` is for the others.
    """
    running.begin_anew()
    return running


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


@pytest.fixture(scope="module")
def enrolled(browser: Browser, server: LiveServer) -> Iterator[Phone]:
    """Туманова's phone for a whole module; enrolling takes longer than most tests."""
    made = open_phone(browser, server.url)
    made.enrol(server.link("Туманова"))
    yield made
    made.context.close()


@pytest.fixture
def walker(enrolled: Phone) -> Iterator[Phone]:
    """Туманова's phone, online, open on «Сегодня», with nothing begun and nothing to send."""
    for another in enrolled.context.pages:
        if another != enrolled.page:
            another.close()
    enrolled.go_online()
    enrolled.page.goto(f"{enrolled.origin}/today")
    enrolled.page.evaluate(EMPTY)
    enrolled.unlock()
    yield enrolled
    complaints, enrolled.complaints = enrolled.complaints, []
    assert complaints == []


@pytest.fixture
def at_photos(walker: Phone) -> Phone:
    """Туманова's phone at the photo step of a new visit."""
    return go_to_photos(walker)


@pytest.fixture
def inspect() -> Iterator[Inspect]:
    """Give an inspector of a browser's page; the test fails on whatever it finds."""
    made: list[Inspector] = []

    def begin(phone: Phone) -> Inspector:
        made.append(Inspector(phone.page, phone.cdp))
        return made[-1]

    yield begin
    assert [finding for one in made for finding in one.findings] == []


@pytest.fixture
def settle_desk(browser: Browser, databases: Databases, tmp_path: Path) -> Iterator[Callable[[str, str], BrowserDesk]]:
    """Open a district of its own in a browser, on a server whose clock the story moves; nothing in it may complain."""
    with ExitStack() as stack:

        def made(procedure: str, zone: str) -> BrowserDesk:
            folder = tmp_path / "story"
            folder.mkdir(mode=0o700)
            clock = MovedClock(folder / "clock")
            clock.move(date(2026, 1, 12), zone)
            stack.enter_context(clock.in_force())
            settings = {"DATABASE_URL": stack.enter_context(databases.fresh("sqlite", folder))}
            settings[CLOCK] = str(clock.path)
            server = LiveServer(folder, settings, application="tests.e2e.story_app:application", worker=False)
            stack.callback(server.end)
            app = stack.enter_context(server.app())
            with app.app_context():
                world = settle_world(db.session(), procedure, zone)
                db.session.commit()
            server.start()
            desk = BrowserDesk(app, clock, world, browser=browser, origin=server.url)
            stack.callback(desk.close_windows)
            return desk

        yield made
