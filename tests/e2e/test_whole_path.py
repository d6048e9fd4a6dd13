"""The whole path: an offline visit with photos, killed while typing, sealed, locked, sent by the browser alone."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from sqlalchemy import select

from curator_app.auth.models import OFFICE
from curator_app.extensions import db
from curator_app.storage import photo_store
from curator_app.visits.models import Visit
from tests.e2e.outbox import PATIENCE_SECONDS, states
from tests.support import walk
from tests.support.browser import ARGUMENTS, CHROMIUM, SCREEN, Phone, open_phone, phone_of
from tests.support.server import LiveServer
from tests.visits.pictures import camera_jpeg

FACT = "Квитанция за октябрь: долг 2 900 ₽"


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three pictures of 12 megapixels as a phone held upright takes them, with time and place in their EXIF."""
    folder = tmp_path_factory.mktemp("camera")
    made = []
    for number in range(3):
        path = folder / f"IMG_{number}.jpg"
        path.write_bytes(camera_jpeg())
        made.append(path)
    return made


@pytest.fixture
def open_profile(playwright: Playwright, tmp_path: Path) -> Iterator[Callable[[bool], BrowserContext]]:
    """Start a Chromium on a profile that outlives it: `open_profile(offline)`."""
    contexts: list[BrowserContext] = []

    def start(offline: bool) -> BrowserContext:
        contexts.append(
            playwright.chromium.launch_persistent_context(
                tmp_path / "profile",
                executable_path=CHROMIUM,
                args=list(ARGUMENTS),
                viewport=SCREEN,
                locale="ru-RU",
                offline=offline,
            )
        )
        return contexts[-1]

    yield start
    for context in contexts:
        # The killed one is gone already.
        with suppress(Exception):
            context.close()


def to_the_door(phone: Phone, server: LiveServer) -> None:
    """Enrol, take the kit, lose the network, and begin a visit with the Ryabinkins."""
    phone.enrol(server.link("Туманова"))
    phone.unlock()
    walk.take_kit(phone)
    phone.go_offline()
    walk.open_family(phone, "Рябинкины")
    walk.begin_visit(phone)


def type_the_fact(phone: Phone) -> None:
    """Fill the meeting, tap two chips, and stand in the middle of a word."""
    walk.meet(phone)
    section = walk.step(phone, walk.SECTION)
    section.get_by_text("Дома тепло", exact=True).click()
    section.get_by_text("Лучше", exact=True).first.click()
    phone.page.locator(walk.FACT).press_sequentially(FACT)
    phone.page.wait_for_timeout(2000)  # what is promised: two seconds of typing at most may be lost
    walk.saved(phone)


def take_up(phone: Phone) -> None:
    """Come back to the unfinished visit by the note on «Сегодня»."""
    note = phone.page.locator("[data-draft-slot] .note")
    expect(note).to_contain_text("незаконченную запись")
    note.locator("[data-resume]").click()


def stands_where_it_stood(phone: Phone) -> None:
    """The same step, the same field, the same caret, the same words."""
    field = phone.page.locator(walk.FACT)
    expect(field).to_be_visible()
    expect(field).to_have_value(FACT)
    expect(field).to_be_focused()
    assert field.evaluate("field => field.selectionStart") == len(FACT)
    expect(phone.page.locator("input[value=home_warm]")).to_be_checked()


def leave_locked(phone: Phone) -> Page:
    """Lock, and close the app; a blank page keeps the browser running as the launcher of a phone does."""
    phone.hide()
    blank = phone.context.new_page()
    phone.page.close()
    return blank


def delivered(server: LiveServer) -> list[Visit]:
    """Return the visits in which the fact was written."""
    with server.app() as app, app.app_context():
        found = db.session.scalars(select(Visit)).all()
        return [visit for visit in found if visit.value(f"{walk.SECTION}-fact") == FACT]


def wait_for_delivery(server: LiveServer, blank: Page, seconds: float = PATIENCE_SECONDS * 3) -> list[str]:
    """Wait until the visit and its photos are made; return the photos' states."""
    for _ in range(int(seconds * 4)):
        with server.app() as app, app.app_context():
            found = db.session.scalars(select(Visit)).all()
            mine = [visit for visit in found if visit.value(f"{walk.SECTION}-fact") == FACT]
            made = [[photo.state for photo in visit.photos] for visit in mine]
        if made and set(made[0]) == {"ready"}:
            return made[0]
        blank.wait_for_timeout(250)
    message = f"not delivered: {made}"
    raise AssertionError(message)


def stored_photos(server: LiveServer) -> list[Image.Image]:
    """Return the pictures as the server keeps them."""
    with server.app() as app, app.app_context():
        visit = next(v for v in db.session.scalars(select(Visit)) if v.value(f"{walk.SECTION}-fact") == FACT)
        return [Image.open(io.BytesIO(photo_store().get(f"photos/{photo.id}.jpg"))) for photo in visit.photos]


def test_a_visit_killed_while_typing_reaches_the_head_from_a_locked_phone(
    make_live_server: Callable[..., LiveServer],
    open_profile: Callable[[bool], BrowserContext],
    browser: object,
    photos: list[Path],
) -> None:
    server = make_live_server()
    context = open_profile(False)
    phone = phone_of(context, server.url)
    to_the_door(phone, server)
    type_the_fact(phone)

    words = phone.words
    walk.kill_renderers(context)
    phone = open_by_phrase(context, server, words, "/today")
    take_up(phone)
    stands_where_it_stood(phone)

    walk.add_photos(phone, photos)
    walk.finish(phone)
    assert states(phone) == ["waiting"] * 4
    blank = leave_locked(phone)
    context.set_offline(False)

    assert wait_for_delivery(server, blank) == ["ready"] * 3
    assert len(delivered(server)) == 1
    for picture in stored_photos(server):
        assert picture.size == (1200, 1600), "upright: the camera was held so"
        assert not picture.getexif(), "neither time nor place may stay in it"
        red, green, _ = picture.getpixel((1100, 100))
        assert red > green + 60, "the red quarter stands at the right upper corner after turning"

    head = open_phone(browser, server.url)  # type: ignore[arg-type]
    head.enrol_office(server.link("Осокина", OFFICE))
    head.page.locator("a", has_text="Рябинкины").first.click()
    expect(head.page.locator(f"text={FACT}")).to_have_count(1)
    expect(head.page.locator("main")).to_contain_text("Туманова В. О.")
    for picture_on_page in head.page.locator("img[src*='/thumb']").all()[:3]:
        picture_on_page.scroll_into_view_if_needed()  # it loads when it comes into sight
        # The page renews its history meanwhile: a picture that was taken away never finishes decoding.
        expect(picture_on_page).to_have_js_property("complete", value=True, timeout=PATIENCE_SECONDS * 1000)
        expect(picture_on_page).not_to_have_js_property("naturalWidth", 0)
    head.context.close()


def open_by_phrase(context: BrowserContext, server: LiveServer, words: list[str], path: str) -> Phone:
    """Open the app in a browser that was started anew."""
    phone = walk.phone_of_new_page(context, server.url, words)
    phone.page.goto(server.url + path)
    phone.unlock_by_phrase()
    return phone


def test_an_empty_battery_loses_neither_the_draft_nor_what_is_sealed(
    make_live_server: Callable[..., LiveServer],
    open_profile: Callable[[bool], BrowserContext],
    tmp_path: Path,
    photos: list[Path],
) -> None:
    server = make_live_server()
    phone = phone_of(open_profile(False), server.url)
    phone.enrol(server.link("Туманова"))
    phone.unlock()
    walk.take_kit(phone)
    words = phone.words
    # Chromium writes cookies to the disk within half a minute, or when it is closed: this is the day before.
    phone.context.close()

    # The virtual authenticator went with its browser and took its secret along: the phrase opens.
    phone = open_by_phrase(open_profile(True), server, words, "/today")
    walk.open_family(phone, "Рябинкины")
    walk.begin_visit(phone)
    type_the_fact(phone)
    walk.kill_browser(tmp_path / "profile")

    phone = open_by_phrase(open_profile(True), server, words, "/today")
    take_up(phone)
    stands_where_it_stood(phone)
    walk.add_photos(phone, photos[:1])
    walk.finish(phone)
    walk.kill_browser(tmp_path / "profile")

    # The phone is charged and switched on; nobody opens the app. The browser remembers what it was asked.
    blank = open_profile(False).pages[0]

    assert wait_for_delivery(server, blank) == ["ready"]
    assert len(delivered(server)) == 1


def test_without_its_sync_listener_nothing_leaves_a_locked_phone(
    make_live_server: Callable[..., LiveServer], open_profile: Callable[[bool], BrowserContext]
) -> None:
    server = make_live_server(application="tests.e2e.deaf_app:application")
    context = open_profile(False)
    phone = phone_of(context, server.url)
    to_the_door(phone, server)
    type_the_fact(phone)
    walk.finish(phone)
    blank = leave_locked(phone)
    context.set_offline(False)

    blank.wait_for_timeout(10_000)

    assert delivered(server) == []

    # Nothing is wrong with the rest: the app sends as soon as somebody opens it.
    page = context.new_page()
    page.goto(f"{server.url}/today")
    wait_for_visit(server, page)


def wait_for_visit(server: LiveServer, page: Page) -> None:
    """Wait until the visit is there."""
    for _ in range(80):
        if delivered(server):
            return
        page.wait_for_timeout(250)
    message = "not delivered"
    raise AssertionError(message)
