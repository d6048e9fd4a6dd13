"""A phone whose memory is full: words always fit, and pictures are refused before the shutter, not after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e.outbox import SHORT, states, wait_until
from tests.e2e.photos import TILES
from tests.support import walk
from tests.support.browser import ARGUMENTS, CAMERA, CHROMIUM, SCREEN, Phone, phone_of
from tests.support.server import LiveServer
from tests.visits.pictures import jpeg

MEGABYTE = 1_000_000
USED = "async () => (await navigator.storage.estimate()).usage"
RESERVE = """(short) => new Promise((resolve) => {
  const opening = indexedDB.open(`curator-${short}`);
  opening.onsuccess = () => {
    const count = opening.result.transaction('reserve').objectStore('reserve').count();
    count.onsuccess = () => { resolve(count.result); opening.result.close(); };
  };
})"""


@pytest.fixture(scope="module")
def profile(playwright: Playwright, server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    """A phone with a disk: only there can Chromium's quota be set."""
    context = playwright.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("profile"),
        executable_path=CHROMIUM,
        args=[*ARGUMENTS, *CAMERA],
        viewport=SCREEN,
        locale="ru-RU",
    )
    phone = phone_of(context, server.url)
    phone.enrol(server.link("Туманова"))
    phone.unlock()
    walk.take_kit(phone)
    wait_until(phone, lambda: reserve(phone) == 1, 30)
    yield phone
    context.close()


@pytest.fixture
def phone(profile: Phone) -> Iterator[Phone]:
    """The same phone on «Сегодня», with all the room it wants afterwards."""
    profile.go("/today")
    yield profile
    profile.cdp.send("Storage.overrideQuotaForOrigin", {"origin": profile.origin})


def reserve(phone: Phone) -> int:
    """Count what lies in the reserve."""
    count: int = phone.page.evaluate(RESERVE, phone.page.evaluate(SHORT))
    return count


def leave_room(phone: Phone, size: int) -> None:
    """Let the phone have so many bytes more and no others."""
    used = phone.page.evaluate(USED)
    phone.cdp.send("Storage.overrideQuotaForOrigin", {"origin": phone.origin, "quotaSize": used + size})


def test_few_pictures_left_are_counted_before_the_camera_opens(phone: Phone) -> None:
    walk.open_family(phone, "Чижовы")
    walk.begin_visit(phone)
    walk.meet(phone, who="")
    leave_room(phone, 5 * MEGABYTE + 6 * 1_200_000 + 600_000)
    walk.step(phone, "photos")
    walk.allow_photos(phone)
    state = phone.page.locator("[data-photo-state]")
    expect(state).to_contain_text("Память почти полна: осталось примерно 6 снимков")
    expect(state).to_contain_text("Отправьте записи")
    expect(phone.page.locator("[data-photo-camera]")).to_be_enabled()

    leave_room(phone, 5 * MEGABYTE)
    walk.step(phone, "meeting")
    walk.step(phone, "photos")

    expect(state).to_contain_text("Для снимков места нет")
    expect(phone.page.locator("[data-photo-camera]")).to_be_disabled()
    expect(phone.page.locator("[data-photo-input=file]")).to_be_disabled()


def test_words_and_the_pictures_already_taken_are_sealed_from_the_reserve(phone: Phone, tmp_path: Path) -> None:
    picture = tmp_path / "room.jpg"
    picture.write_bytes(jpeg())
    phone.go_offline()
    walk.open_family(phone, "Рябинкины")
    walk.begin_visit(phone)
    walk.meet(phone, who="")
    walk.add_photos(phone, [picture])
    leave_room(phone, 0)
    walk.step(phone, walk.SECTION)

    phone.page.locator(walk.FACT).fill("Места на телефоне не осталось. " * 400)

    expect(phone.page.locator("[data-saved-line]")).to_contain_text("Сохранено на телефоне", timeout=20_000)
    wait_until(phone, lambda: reserve(phone) == 0)
    expect(phone.page.locator(TILES)).to_have_count(1)
    walk.finish(phone)
    assert states(phone) == ["waiting", "waiting"]
    phone.go_online()
    wait_until(phone, lambda: states(phone) == ["on_server", "on_server"])
