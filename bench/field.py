"""A phone with a slow processor: how soon a field can be typed into without a network, and how typing feels.

Beside it the limit: the same questions as plain HTML that eight lines of service worker keep. Both in the
same browser, in turns, with Chromium's processor slowed six times.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page

from bench.figures import Figure, median, percentile
from bench.limit import LimitServer
from bench.phone import PATIENCE_MS, SCREEN, chromium, enrolled, slow_down
from bench.stage import Stage, family_id
from tests.support.browser import Phone
from tests.support.walk import take_kit

SLOWER = 6
KEYS = "abcdefghij klmnop abcdefghij klmnop abcd"
SECTION = "[data-go-step=housing_employment_income]"
# Times of the page's own clock: it starts at the navigation, and nobody's polling is in between.
STOPWATCH = """(() => {
  const seen = (selector) => [...document.querySelectorAll(selector)]
    .find((one) => one.offsetHeight > 0 && !one.disabled && one.checkVisibility());
  const times = (globalThis.benchTimes = {});
  addEventListener('click', () => { times.tap ??= performance.now(); }, true);
  (function look() {
    if (seen('#lock [data-open=key]')) times.lock ??= performance.now();
    if (seen('form button, form textarea, form input') && !seen('#lock')) times.usable ??= performance.now();
    if (!times.usable) requestAnimationFrame(look);
  })();
})()"""
LISTEN = """() => {
  globalThis.benchKeys = [];
  addEventListener('keydown', () => {
    const began = performance.now();
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => benchKeys.push(performance.now() - began);
      after.port2.postMessage(0);
    });
  }, true);
}"""


FORGET_DRAFTS = """async () => {
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('curator-')) continue;
    await new Promise((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const clearing = opening.result.transaction('drafts', 'readwrite');
        clearing.objectStore('drafts').clear();
        clearing.oncomplete = () => { opening.result.close(); resolve(); };
      };
    });
  }
}"""


@dataclass
class Times:
    """Milliseconds of one target: to the lock, from the tap to the field, both; a key's p95; leaving a field."""

    lock: list[float] = field(default_factory=list)
    unlock: list[float] = field(default_factory=list)
    opening: list[float] = field(default_factory=list)
    key: list[float] = field(default_factory=list)
    leaving: list[float] = field(default_factory=list)


def measure(stage: Stage) -> Iterator[Figure]:
    """Open and type in turns, medians of several rounds."""
    ours, limit = Times(), Times()
    with stage.installation() as server, LimitServer(server) as plain, chromium() as browser:
        form = f"/families/{family_id(server)}/visit"
        phone = enrolled(browser, server)
        phone.go("/today")
        take_kit(phone)
        phone.page.add_init_script(STOPWATCH)
        page = _plain(browser, plain)
        for _ in range(1 if stage.quick else 5):
            _round_of_ours(phone, form, ours)
            _round_of_limit(page, plain, limit)
    opening, floor = median(ours.opening), median(limit.opening)
    yield Figure("offline, processor 6x slower: to the lock screen", median(ours.lock), "ms")
    yield Figure("offline, processor 6x slower: from the tap to a usable form", median(ours.unlock), "ms")
    yield Figure("offline, processor 6x slower: both, without the finger", opening, "ms", floor, 800)
    yield Figure("typing, p95 of key to frame", median(ours.key), "ms", median(limit.key), median(limit.key) * 1.2)
    yield Figure("leaving a field, with autosave", median(ours.leaving), "ms", median(limit.leaving), 40)


def _plain(browser: Browser, plain: LimitServer) -> Page:
    """Open the plain page in a context of its own, its worker in control."""
    page = browser.new_context(**SCREEN).new_page()
    page.goto(plain.kept_url)
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.add_init_script(STOPWATCH)
    page.reload()
    return page


def _round_of_ours(phone: Phone, form: str, times: Times) -> None:
    page = phone.page
    page.goto("about:blank")
    phone.go_offline()
    slow_down(phone, SLOWER)
    page.goto(phone.origin + form, wait_until="commit")
    _until(page, "benchTimes.lock")
    phone.unlock()
    _until(page, "benchTimes.usable")
    seen = page.evaluate("benchTimes")
    times.lock.append(seen["lock"])
    times.unlock.append(seen["usable"] - seen["tap"])
    times.opening.append(seen["lock"] + seen["usable"] - seen["tap"])
    page.locator(SECTION).first.click()
    _type(page, times)
    slow_down(phone, 1)
    phone.go_online()
    # The next round begins a visit as this one did, and is not offered this one.
    page.evaluate(FORGET_DRAFTS)


def _round_of_limit(page: Page, plain: LimitServer, times: Times) -> None:
    page.goto("about:blank")
    page.context.set_offline(True)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(plain.kept_url, wait_until="commit")
    _until(page, "benchTimes.usable")
    times.opening.append(page.evaluate("benchTimes.usable"))
    _type(page, times)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    cdp.detach()
    page.context.set_offline(False)


def _until(page: Page, expression: str) -> None:
    """Wait until the page says so; Playwright's own waiting evaluates inside the page, which our CSP forbids."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not page.evaluate(expression):
        if time.monotonic() > deadline:
            message = f"{page.url}: no {expression}"
            raise RuntimeError(message)
        page.wait_for_timeout(100)


def _type(page: Page, times: Times) -> None:
    """Type forty keys into the first text area, then leave it with Tab."""
    area: Any = page.locator("form textarea:visible").first
    area.scroll_into_view_if_needed()
    area.click()
    page.wait_for_timeout(500)
    page.evaluate(LISTEN)
    for key in KEYS:
        page.keyboard.press("Space" if key == " " else key)
        page.wait_for_timeout(60)
    page.keyboard.press("Tab")
    page.wait_for_timeout(1500)
    took = page.evaluate("benchKeys")
    times.key.append(percentile(took[: len(KEYS)], 0.95))
    times.leaving.append(took[len(KEYS)])
