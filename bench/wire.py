"""What goes over the wire, compressed as it is served, counted by the browser."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, CDPSession

from bench.figures import Figure
from bench.limit import LimitServer
from bench.phone import SCREEN, chromium, enrolled
from bench.stage import CURATOR, SESSION_COOKIE, Stage, family_id, office_cookie
from tests.support.browser import Phone
from tests.support.server import LiveServer

QUIET_MS = 2500
KEPT = """async () => {
  const urls = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) urls.push(new URL(request.url).pathname);
  }
  return urls;
}"""


class Meter:
    """Counts what a page's own requests bring: bytes on the wire with headers, by path."""

    def __init__(self, cdp: CDPSession) -> None:
        """Listen from now on."""
        self._paths: dict[str, str] = {}
        self.bytes: dict[str, float] = {}
        cdp.on("Network.requestWillBeSent", self._sent)
        cdp.on("Network.loadingFinished", self._finished)
        cdp.send("Network.enable")

    @property
    def kilobytes(self) -> float:
        """All of it, in thousands of bytes."""
        return sum(self.bytes.values()) / 1000

    def _sent(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            self._paths[event["requestId"]] = event["request"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        path = self._paths.get(event["requestId"])
        if path:
            self.bytes[path] = self.bytes.get(path, 0) + event["encodedDataLength"]


def measure(stage: Stage) -> Iterator[Figure]:
    """Count the first form screen on a phone and at a desk, and what the service worker keeps."""
    with stage.installation() as server, LimitServer(server) as plain, chromium() as browser:
        limit = _plain(browser, plain.url)
        form = f"/families/{family_id(server)}/visit"
        phone = enrolled(browser, server)
        whole = _whole_shell(phone, server)
        lock, screen = _cold_start(phone, form)
        yield Figure("cold enrolled start, to the lock screen", lock, "KB br")
        yield Figure("cold enrolled start, to the visit form, every asset", screen, "KB br", limit, 40)
        yield Figure("visit form at a desk, every asset", _office(browser, server, form), "KB br", limit, 40)
        yield Figure("whole shell that the service worker keeps", whole, "KB br", budget=150)
        for name, path, cookie in (("shell", "/shell", ""), ("visit form", form, office_cookie(server, CURATOR))):
            yield Figure(f"critical HTML + CSS, {name}", _critical(server, path, cookie), "KB br", limit, 14)


def _plain(browser: Browser, url: str) -> float:
    context = browser.new_context(**SCREEN)
    page = context.new_page()
    meter = Meter(context.new_cdp_session(page))
    page.goto(url, wait_until="networkidle")
    context.close()
    return meter.kilobytes


def _cold_start(phone: Phone, form: str) -> tuple[float, float]:
    """Open the form on a phone that keeps its vault but neither shell nor cache; return KB to lock and to form."""
    phone.page.goto("about:blank")
    origin = {"origin": phone.origin, "storageTypes": "service_workers,cache_storage"}
    phone.cdp.send("Storage.clearDataForOrigin", origin)
    phone.cdp.send("Network.enable")
    phone.cdp.send("Network.clearBrowserCache")
    # The worker that this start installs fetches the whole shell: that is the next figure, not this one.
    phone.cdp.send("Network.setBypassServiceWorker", {"bypass": True})
    meter = Meter(phone.cdp)
    phone.page.goto(phone.origin + form)
    phone.page.locator("#lock [data-open=key]:not([disabled])").wait_for()
    phone.page.wait_for_timeout(QUIET_MS)
    lock = meter.kilobytes
    phone.unlock()
    phone.page.locator("#visit-form").wait_for()
    phone.page.wait_for_timeout(QUIET_MS)
    phone.cdp.send("Network.setBypassServiceWorker", {"bypass": False})
    return lock, meter.kilobytes


def _office(browser: Browser, server: LiveServer, form: str) -> float:
    context = browser.new_context(**SCREEN)
    value = office_cookie(server, CURATOR).partition("=")[2]
    # A __Host- cookie is only taken from https, though the browser then sends it to localhost without.
    origin = server.url.replace("http:", "https:")
    context.add_cookies([{"name": SESSION_COOKIE, "value": value, "url": origin, "secure": True}])
    page = context.new_page()
    meter = Meter(context.new_cdp_session(page))
    page.goto(server.url + form, wait_until="networkidle")
    page.locator("#visit-form").wait_for()
    page.wait_for_timeout(QUIET_MS)
    context.close()
    return meter.kilobytes


def _whole_shell(phone: Phone, server: LiveServer) -> float:
    """Add up what Cache Storage holds, and the worker itself, as the server sends them."""
    paths = set(phone.page.evaluate(KEPT)) | {"/sw.js"}
    if len(paths) < 3:
        message = f"the service worker keeps only {paths}"
        raise RuntimeError(message)
    return sum(len(body(server, path)) for path in paths) / 1000


def _critical(server: LiveServer, path: str, cookie: str) -> float:
    """Return KB of a page and of the style sheets it waits for."""
    page = body(server, path, cookie, encoding="identity").decode()
    sheets = re.findall(r'<link[^>]*rel="?stylesheet"?[^>]*>', page)
    addresses = [found[1] for sheet in sheets if (found := re.search(r'href="?([^" >]+)', sheet))]
    return sum(len(body(server, one, cookie)) for one in (path, *addresses)) / 1000


def body(server: LiveServer, path: str, cookie: str = "", encoding: str = "br") -> bytes:
    """Return an answer's body as it travels. Raises RuntimeError unless it is a 200."""
    connection = http.client.HTTPConnection("localhost", server.port, timeout=30)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": encoding, "Cookie": cookie})
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        message = f"{path} answers {answer.status}"
        raise RuntimeError(message)
    return content
