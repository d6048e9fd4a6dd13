"""The curator's enrolled phone, and what a measurement asks of it beyond what a test does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench.stage import CURATOR
from tests.support.browser import Phone, launch, phone_of
from tests.support.server import LiveServer

SCREEN: Any = {
    "viewport": {"width": 412, "height": 823},
    "device_scale_factor": 1.75,
    "is_mobile": True,
    "has_touch": True,
    "locale": "ru-RU",
}
PATIENCE_MS = 30_000
OUTBOX = """(short) => new Promise((resolve, reject) => {
  const opening = indexedDB.open(`curator-${short}`);
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const rows = opening.result.transaction('outbox').objectStore('outbox').getAll();
    rows.onsuccess = () => {
      resolve(rows.result.map(({ id, kind, state, size }) => ({ id, kind, state, size })));
      opening.result.close();
    };
  };
})"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Lend a browser."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            yield browser
        finally:
            browser.close()


def enrolled(browser: Browser, server: LiveServer) -> Phone:
    """Return the curator's phone, enrolled, open at «Сегодня», its shell kept."""
    phone = phone_of(browser.new_context(**SCREEN), server.url)
    phone.context.set_default_timeout(PATIENCE_MS)
    phone.enrol(server.link(CURATOR))
    phone.unlock()
    phone.wait_for_shell()
    return phone


def slow_down(phone: Phone, rate: float) -> None:
    """Make the page's processor so many times slower; 1 is as it is."""
    phone.cdp.send("Emulation.setCPUThrottlingRate", {"rate": rate})


def outbox(phone: Phone) -> list[dict[str, Any]]:
    """Return the lines of the queue: id, kind, state and size in bytes of each envelope."""
    names = [cookie["name"] for cookie in phone.context.cookies(f"{phone.origin}/sync/key")]
    short = next(name.removeprefix("__Secure-outbox-") for name in names if name.startswith("__Secure-outbox-"))
    return list(phone.page.evaluate(OUTBOX, short))
