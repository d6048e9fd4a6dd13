"""«Спасти записи»: the queue as a file, and a page that sends and saves it where the app itself does not start."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Download, expect

from curator_app.auth.models import OFFICE
from tests.e2e.outbox import SHORT, finish_visit, rows, states, visits_with, wait_until
from tests.e2e.test_outbox import prepare
from tests.support.browser import Browser, Phone, open_phone
from tests.support.server import LiveServer

BROKEN = "tests.e2e.broken_app:application"
ALIVE_AFTER_MS = 25_000
RELEASED = """async (part) => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update();
  for (let n = 0; n < 100; n += 1) {
    if ((await caches.keys()).some((name) => name.includes(part))) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}"""
TROUBLE = """(short) => new Promise((resolve) => {
  const opening = indexedDB.open(`curator-${short}`);
  opening.onsuccess = () => {
    const row = opening.result.transaction('meta').objectStore('meta').get('sending');
    row.onsuccess = () => { resolve(row.result?.trouble); opening.result.close(); };
  };
})"""
WORKERS = "async () => (await navigator.serviceWorker.getRegistrations()).length"


def saved(phone: Phone, selector: str) -> tuple[Download, list[dict[str, Any]]]:
    """Press a button that saves the file, and read it."""
    with phone.page.expect_download() as download:
        phone.page.locator(selector).click()
    path = download.value.path()
    return download.value, [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def test_the_queue_is_saved_from_its_page_without_a_network_and_brought_at_the_office(
    phone: Phone, make_phone: Callable[..., Phone], server: LiveServer, tmp_path: Path
) -> None:
    prepare(phone)
    phone.go_offline()
    finish_visit(phone, "в файл")
    phone.page.locator("#app [data-status-link]").click()
    phone.page.locator("[data-outbox-rescue] > summary").click()

    download, (first, line) = saved(phone, "[data-rescue-save]")

    assert first["count"] == 1
    assert "в файл" not in base64.b64decode(line["sealed"]).decode("utf-8", "ignore")
    assert "Рябинкин" not in json.dumps(line)
    expect(phone.page.locator("[data-outbox-rescue] [data-fill=saved]")).to_contain_text("Файл готов: 1 запись")
    row = phone.page.locator("[data-outbox-list=open] [data-state=waiting]")
    row.locator("summary").click()
    expect(row).to_contain_text("Есть и в файле для кабинета")
    assert states(phone) == ["waiting"], "a file is never instead of sending"

    desk = make_phone()
    desk.enrol_office(server.link("Осокина", OFFICE))
    desk.page.goto(f"{server.url}/rescued")
    file = tmp_path / download.suggested_filename
    download.save_as(file)
    for said in ("Внесено записей и снимков: 1", "Уже были здесь: 1"):
        desk.page.locator("input[type=file]").set_input_files(file)
        desk.page.locator("form .btn.go").click()
        expect(desk.page.locator("[data-rescued-report]")).to_contain_text(said)
    assert len(visits_with(server, "в файл")) == 1

    phone.go_online()
    wait_until(phone, lambda: states(phone) == ["on_server"])
    assert len(visits_with(server, "в файл")) == 1


def test_rescue_opens_without_a_network_and_needs_no_finger(phone: Phone, server: LiveServer) -> None:
    prepare(phone)
    phone.go_offline()
    finish_visit(phone, "без пальца")
    phone.page.goto(f"{phone.origin}/rescue")

    count = phone.page.locator("[data-rescue-page] [data-fill=count]")
    expect(count).to_have_text("Ждут отправки: 1")
    _, lines = saved(phone, "[data-rescue=save]")
    assert len(lines) == 2
    expect(phone.page.locator("[data-fill=saved]")).to_contain_text("Файл готов")

    phone.go_online()
    phone.page.locator("[data-rescue=send]").click()
    expect(count).to_have_text("На этом телефоне ничего не ждёт отправки", timeout=20_000)
    assert len(visits_with(server, "без пальца")) == 1


def test_a_release_that_does_not_start_still_sends_and_shows_the_way_out(
    browser: Browser, make_live_server: Callable[..., LiveServer]
) -> None:
    server = make_live_server()
    phone = open_phone(browser, server.url)
    phone.enrol(server.link("Туманова"))
    prepare(phone)
    phone.go_offline()
    finish_visit(phone, "белый экран")
    server.restart(application=BROKEN)
    # Nothing may go out before the new release is what the phone has: the way out must be that one's own.
    cookies = hold_back(phone)
    assert phone.page.evaluate(RELEASED, "broken")
    start_anew(phone)
    expect(phone.page.locator("[data-open=key]")).to_be_disabled()
    assert states(phone) == ["waiting"]

    phone.context.add_cookies(cookies)
    expect(phone.page.locator("[data-rescue-link]")).to_be_visible(timeout=ALIVE_AFTER_MS)
    wait_until(phone, lambda: states(phone) == ["on_server"])
    assert len(visits_with(server, "белый экран")) == 1
    assert "this release is broken" in phone.complaints[0]

    phone.page.locator("[data-rescue-link]").click()
    expect(phone.page.locator("[data-rescue-page] [data-fill=count]")).to_contain_text("ничего не ждёт")
    phone.context.close()


def test_a_service_worker_that_does_harm_is_switched_off_and_nothing_written_goes_with_it(
    browser: Browser, make_live_server: Callable[..., LiveServer]
) -> None:
    server = make_live_server()
    phone = open_phone(browser, server.url)
    phone.enrol(server.link("Туманова"))
    prepare(phone)
    phone.go_offline()
    finish_visit(phone, "без работника")
    server.restart(SERVICE_WORKER="off")
    cookies = hold_back(phone)

    phone.page.evaluate("async () => (await navigator.serviceWorker.getRegistration()).update()")
    wait_until(phone, lambda: phone.page.evaluate(WORKERS) == 0)
    assert phone.page.evaluate("async () => (await caches.keys()).length") == 0
    assert [row["state"] for row in rows(phone)] == ["waiting"]

    phone.context.add_cookies(cookies)
    phone.go("/outbox")
    wait_until(phone, lambda: states(phone) == ["on_server"])
    assert len(visits_with(server, "без работника")) == 1
    phone.context.close()


def hold_back(phone: Phone) -> list[Any]:
    """Go online without the cookie that pays for uploads; return the cookies."""
    cookies: list[Any] = phone.context.cookies()
    phone.context.clear_cookies()
    phone.go_online()
    wait_until(phone, lambda: phone.page.evaluate(TROUBLE, phone.page.evaluate(SHORT)) == "signin_needed")
    return cookies


def start_anew(phone: Phone) -> None:
    """Close every page of the app, so that the release that waits takes over, and open it again."""
    old = phone.page
    phone.page = phone.context.new_page()
    phone.page.on("pageerror", lambda error: phone.complaints.append(str(error)))
    old.close()
    for _ in range(20):
        phone.page.goto("about:blank")
        phone.page.wait_for_timeout(300)  # the old worker leaves when it has no page
        phone.page.goto(f"{phone.origin}/today")
        if "BR0KEN" in phone.page.content():
            return
