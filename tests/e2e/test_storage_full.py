"""A phone whose memory is full: words always fit, and pictures are refused before the shutter, not after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Playwright, expect

from tests.e2e.outbox import SHORT, states, wait_until
from tests.e2e.photos import TILES
from tests.support import walk
from tests.support.browser import ARGUMENTS, CAMERA, CHROMIUM, SCREEN, Phone, phone_of
from tests.support.server import LiveServer

QUOTA = 48_000_000
# What else fills a phone: noise, in ever smaller pieces until not even the smallest fits.
FILL = """async () => {
  const opening = indexedDB.open('scratch', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('noise', { autoIncrement: true });
  await new Promise((resolve) => { opening.onsuccess = resolve; });
  for (let size = 2 ** 21; size >= 2 ** 12; size /= 4) {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
    for (let fits = true; fits;) {
      const transaction = opening.result.transaction('noise', 'readwrite');
      transaction.objectStore('noise').put(bytes);
      fits = await new Promise((resolve) => {
        transaction.oncomplete = () => resolve(true);
        transaction.onabort = () => resolve(false);
      });
    }
  }
  opening.result.close();
}"""
EMPTY_NOISE = "() => new Promise((resolve) => { indexedDB.deleteDatabase('scratch').onsuccess = resolve; })"
OPEN = """(short) => new Promise((resolve) => {
  const opening = indexedDB.open(`curator-${short}`);
  opening.onsuccess = () => {
    const store = opening.result.transaction('reserve', 'readwrite').objectStore('reserve');
"""
RESERVE = f"""{OPEN}
    const keys = store.getAllKeys();
    keys.onsuccess = () => {{ resolve(keys.result); opening.result.close(); }};
  }};
}})"""
ROWS = 12
SPEND = f"""{OPEN}
    for (let n = 0; n < 10; n += 1) store.delete(`picture-${{n}}`);
    store.transaction.oncomplete = () => {{ opening.result.close(); resolve(); }};
  }};
}})"""


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
    # Before the first write: Chromium remembers for half a minute how much room there was.
    phone.cdp.send("Storage.overrideQuotaForOrigin", {"origin": server.url, "quotaSize": QUOTA})
    phone.enrol(server.link("Туманова"))
    phone.unlock()
    walk.take_kit(phone)
    yield phone
    context.close()


@pytest.fixture
def phone(profile: Phone) -> Phone:
    """The same phone on «Сегодня», with room and its whole reserve again."""
    profile.go("/today")
    profile.page.evaluate(EMPTY_NOISE)
    wait_until(profile, lambda: len(reserve(profile)) == ROWS, 30)
    return profile


def reserve(phone: Phone) -> set[str]:
    """Name what lies in the reserve."""
    return set(phone.page.evaluate(RESERVE, phone.page.evaluate(SHORT)))


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture that no compression makes small."""
    path = tmp_path / "room.jpg"
    Image.effect_noise((1200, 900), 60).convert("RGB").save(path, quality=85)
    return path


def test_the_last_pictures_are_counted_and_then_refused_before_the_shutter(phone: Phone, picture: Path) -> None:
    walk.open_family(phone, "Чижовы")
    walk.begin_visit(phone)
    walk.meet(phone, who="")
    phone.page.evaluate(FILL)

    walk.add_photos(phone, [picture])

    state = phone.page.locator("[data-photo-state]")
    expect(state).to_contain_text(re.compile("Память почти полна: осталось примерно [789] снимков"))
    expect(state).to_contain_text("Отправьте записи")
    expect(phone.page.locator("[data-photo-camera]")).to_be_enabled()

    phone.page.evaluate(SPEND, phone.page.evaluate(SHORT))
    walk.step(phone, "meeting")
    walk.step(phone, "photos")

    expect(state).to_contain_text("Для снимков места нет")
    expect(phone.page.locator("[data-photo-camera]")).to_be_disabled()
    expect(phone.page.locator("[data-photo-input=file]")).to_be_disabled()
    expect(phone.page.locator(TILES)).to_have_count(1)


def test_words_and_the_pictures_already_taken_are_sealed_from_the_reserve(phone: Phone, picture: Path) -> None:
    phone.go_offline()
    walk.open_family(phone, "Рябинкины")
    walk.begin_visit(phone)
    walk.meet(phone, who="")
    walk.add_photos(phone, [picture])
    assert "words" in reserve(phone)
    phone.page.evaluate(SPEND, phone.page.evaluate(SHORT))
    phone.page.evaluate(FILL)
    walk.step(phone, walk.SECTION)

    phone.page.locator(walk.FACT).fill("Места на телефоне не осталось, а слова есть")

    expect(phone.page.locator("[data-saved-line]")).to_contain_text("Сохранено на телефоне", timeout=20_000)
    wait_until(phone, lambda: "words" not in reserve(phone))
    walk.finish(phone)
    assert states(phone) == ["waiting", "waiting"]
    phone.go_online()
    wait_until(phone, lambda: states(phone) == ["on_server", "on_server"])
