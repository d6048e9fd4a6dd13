"""A link of three kilobytes a second: the text is there at once, the photo goes on where a minute's patience ended."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect

from tests.e2e.outbox import SHORT, finish_visit, states, visits_with, wait_until
from tests.e2e.test_outbox import link, prepare
from tests.support.browser import Phone, open_phone
from tests.support.proxy import FaultProxy
from tests.support.server import LiveServer

__all__ = ["link"]

KBPS = 24
ROUND_TRIP_SECONDS = 0.5
SEALED = """(short) => new Promise((resolve) => {
  const opening = indexedDB.open(`curator-${short}`);
  opening.onsuccess = () => {
    const rows = opening.result.transaction('outbox').objectStore('outbox').getAll();
    rows.onsuccess = () => { resolve(rows.result.reduce((sum, { size }) => sum + size, 0)); opening.result.close(); };
  };
})"""
WASTE_BYTES = 96 * 1024
"""What lay in buffers of the system and the proxy when the minute was over."""


def test_the_text_comes_first_and_the_photo_in_pieces(
    browser: Browser, link: tuple[FaultProxy, LiveServer], tmp_path: Path
) -> None:
    proxy, server = link
    phone = open_phone(browser, server.url)
    phone.enrol(server.link("Туманова"))
    prepare(phone)
    picture = tmp_path / "room.jpg"
    Image.effect_noise((1500, 1100), 60).convert("RGB").save(picture, quality=85)
    proxy.slow(KBPS, ROUND_TRIP_SECONDS)
    proxy.heard = []
    finish_visit(phone, "медленно", picture)
    phone.page.locator("#app [data-status-link]").click()

    wait_until(phone, lambda: states(phone).count("on_server") == 1, 60)
    assert visits_with(server, "медленно")[0][1] == ["announced"], "the text did not wait for its photo"
    row = phone.page.locator("[data-outbox-list=open] > li")
    expect(row).to_contain_text("Связь медленная. Текст отправлен, снимки ждут", timeout=90_000)
    expect(row.locator("progress")).to_be_visible()

    proxy.heal()
    wait_until(phone, lambda: states(phone) == ["on_server", "on_server"], 90)
    said = sum(len(one) for one in proxy.heard if b"PATCH /sync/" in one[:40])
    assert said < sealed_bytes(phone) + WASTE_BYTES
    phone.context.close()


def sealed_bytes(phone: Phone) -> int:
    """Return how much the phone had to send."""
    return int(phone.page.evaluate(SEALED, phone.page.evaluate(SHORT)))
