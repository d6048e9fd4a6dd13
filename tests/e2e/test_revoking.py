"""«Потерян» and «Сдать», from the head's desk to the phone's disk: nothing readable stays, nothing sealed is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect
from sqlalchemy import select

from curator_app.auth.models import FIELD, Enrolment
from curator_app.extensions import db
from curator_app.visits.models import Visit
from tests.e2e.canary import NAMES, WORDS, holdings, names_in
from tests.e2e.outbox import states, wait_until
from tests.support import walk
from tests.support.browser import ARGUMENTS, CHROMIUM, SCREEN, Phone, phone_of
from tests.support.disk_search import search_folder
from tests.support.server import LiveServer

LEFT = """async (short) => {
  const db = await new Promise((resolve) => {
    const opening = indexedDB.open(`curator-${short}`);
    opening.onsuccess = () => resolve(opening.result);
  });
  const counts = {};
  for (const store of ['wraps', 'fragments', 'drafts', 'photos', 'copies', 'outbox', 'sealed']) {
    const request = db.transaction(store).objectStore(store).count();
    counts[store] = await new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  }
  db.close();
  return counts;
}"""
NOTHING = dict.fromkeys(("wraps", "fragments", "drafts", "photos", "copies", "outbox", "sealed"), 0)

OpenProfile = Callable[[], BrowserContext]


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """Where the phone's browser keeps everything."""
    return tmp_path / "profile"


@pytest.fixture
def open_profile(playwright: Playwright, profile: Path) -> Iterator[OpenProfile]:
    """Start a Chromium on a profile that stays on the disk after it."""
    contexts: list[BrowserContext] = []

    def start() -> BrowserContext:
        contexts.append(
            playwright.chromium.launch_persistent_context(
                profile, executable_path=CHROMIUM, args=list(ARGUMENTS), viewport=SCREEN, locale="ru-RU"
            )
        )
        return contexts[-1]

    yield start
    for context in contexts:
        context.close()


@pytest.fixture
def desk(make_phone: Callable[..., Phone], server: LiveServer) -> Phone:
    """The head's desk, which knows of no phone from the test before."""
    server.begin_anew()
    made = make_phone()
    made.enrol_office(server.link("Осокина", "office"))
    return made


def switch_off(desk: Phone, way: str) -> None:
    """Switch Туманова's phone off at the head's desk."""
    desk.page.goto(f"{desk.origin}/phones")
    desk.page.locator("#app th a", has_text="Туманова").first.click()
    expect(desk.page.locator("dl.facts")).to_be_visible()
    desk.page.locator(f"a[href$='off?way={way}']").click()
    desk.page.locator(f"button[value={way}]").click()
    expect(desk.page.locator("dl.facts")).to_contain_text("ждём записей")


def carry(phone: Phone, server: LiveServer) -> None:
    """Enrol, take the kit along and go where there is no network."""
    phone.enrol(server.link("Туманова"))
    phone.unlock()
    walk.take_kit(phone)
    phone.wait_for_shell()
    phone.go_offline()


def write_and_finish(phone: Phone) -> None:
    """Make a visit that holds the name."""
    walk.open_family(phone, "Рябинкины")
    walk.begin_visit(phone)
    meeting = walk.step(phone, "meeting")
    meeting.get_by_text("Встретились", exact=True).click()
    meeting.locator(".chip:has([name=who_home])").first.click()
    walk.step(phone, walk.SECTION).locator("textarea:visible").first.fill(WORDS)
    walk.step(phone, "check")
    phone.page.locator("[data-finish]:visible").click()
    expect(phone.heading).to_have_text("Готово, запечатано")


def begin_and_leave(phone: Phone) -> None:
    """Begin a visit to another family and leave it in the middle."""
    phone.go("/today")
    walk.open_family(phone, "Чижовы")
    walk.begin_visit(phone)
    walk.step(phone, walk.SECTION).locator("textarea:visible").first.fill(WORDS)
    walk.saved(phone)


def arrived(server: LiveServer) -> int:
    """Return how many visits with the name the server has."""
    with server.app() as app, app.app_context():
        visits = db.session.scalars(select(Visit)).all()
        return sum(any(value == WORDS for _, value in visit.fields) for visit in visits)


def enrolment_of(server: LiveServer) -> Enrolment:
    """Return Туманова's newest phone as the server has it."""
    with server.app() as app, app.app_context():
        phones = select(Enrolment).where(Enrolment.kind == FIELD).order_by(Enrolment.created_at.desc())
        return db.session.scalars(phones).first()


def test_a_lost_phone_keeps_nothing_readable_and_delivers_what_was_sealed(
    desk: Phone, server: LiveServer, open_profile: OpenProfile, profile: Path
) -> None:
    phone = phone_of(open_profile(), server.url)
    carry(phone, server)
    write_and_finish(phone)
    begin_and_leave(phone)
    phone.hide()
    assert states(phone) == ["waiting"]
    short = enrolment_of(server).short

    switch_off(desk, "lost")
    phone.go_online()

    title = phone.page.locator("#lock h1")
    expect(title).to_have_text("Устройство отключено. Записи переданы.", timeout=20_000)
    expect(phone.page.locator('[data-open="key"]')).to_be_hidden()
    expect(phone.page.locator('[data-open="phrase"]')).to_be_hidden()
    wait_until(phone, lambda: arrived(server) == 1)
    assert phone.page.evaluate(LEFT, short) == NOTHING
    assert names_in(holdings(phone)) == set()
    assert enrolment_of(server).state == "revoked"
    phone.context.close()

    assert search_folder(profile, NAMES) == []
    again = phone_of(open_profile(), server.url)
    again.page.goto(f"{server.url}/today")
    expect(again.page.locator("#lock h1")).to_contain_text("Устройство отключено")


def test_a_phone_that_is_handed_in_waits_for_the_unfinished_record_and_loses_none(
    desk: Phone, server: LiveServer, make_phone: Callable[..., Phone]
) -> None:
    phone = make_phone()
    carry(phone, server)
    begin_and_leave(phone)
    short = enrolment_of(server).short
    before = arrived(server)

    switch_off(desk, "handed_in")
    phone.go_online()
    phone.hide()
    phone.go("/outbox")
    phone.page.locator("[data-send-now]").click()
    expect(phone.page.locator("[data-send-now]")).to_be_enabled()
    phone.go("/today")
    expect(phone.page.locator("[data-handed-in]")).to_contain_text("Этот телефон сдают")
    phone.page.locator("[data-draft-slot] [data-resume]").click()
    expect(phone.page.locator(f"[data-at='{walk.SECTION}']")).to_be_visible()
    meeting = walk.step(phone, "meeting")
    meeting.get_by_text("Встретились", exact=True).click()
    meeting.locator(".chip:has([name=who_home])").first.click()
    walk.step(phone, "check")
    phone.page.locator("[data-finish]:visible").click()

    expect(phone.page.locator("#lock h1")).to_have_text("Устройство отключено. Записи переданы.", timeout=20_000)
    assert arrived(server) == before + 1
    assert phone.page.evaluate(LEFT, short) == NOTHING
    phone.complaints[:] = [line for line in phone.complaints if "401" not in line and "403" not in line]


def test_a_phone_in_use_hears_it_at_its_next_page(
    desk: Phone, server: LiveServer, make_phone: Callable[..., Phone]
) -> None:
    phone = make_phone()
    carry(phone, server)
    begin_and_leave(phone)
    phone.go_online()
    phone.go("/families")

    switch_off(desk, "handed_in")
    phone.page.locator("#app a[href='/today']").first.click()
    expect(phone.page.locator("[data-note]")).to_contain_text("Показано то, что взято с собой")
    phone.page.locator("#app a[href='/families']").first.click()
    expect(phone.heading).to_have_text("Семьи")
    phone.page.locator("#app a[href='/today']").first.click()

    expect(phone.page.locator("[data-handed-in]")).to_contain_text("Этот телефон сдают")
    phone.complaints[:] = [line for line in phone.complaints if "401" not in line and "403" not in line]
