"""Sending that hangs without an error: after ten minutes the phone says so, and whom to tell what."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.outbox import SHORT, finish_visit, states, visits_with, wait_until
from tests.e2e.test_outbox import prepare
from tests.support.browser import Browser, open_phone
from tests.support.server import LiveServer

ELEVEN_MINUTES_AGO = """(short) => new Promise((resolve) => {
  const opening = indexedDB.open(`curator-${short}`);
  opening.onsuccess = () => {
    const store = opening.result.transaction('meta', 'readwrite').objectStore('meta');
    const row = store.get('sending');
    row.onsuccess = () => { store.put({ ...row.result, trouble: null, still_at: Date.now() - 660_000 }, 'sending'); };
    store.transaction.oncomplete = () => { opening.result.close(); resolve(); };
  };
})"""


def test_a_hang_is_said_after_ten_minutes_and_ends_by_itself(
    browser: Browser, make_live_server: Callable[..., LiveServer]
) -> None:
    server = make_live_server()
    phone = open_phone(browser, server.url)
    phone.enrol(server.link("Туманова"))
    prepare(phone)
    phone.go_offline()
    finish_visit(phone, "застряло")
    phone.page.locator("#app [data-status-link]").click()
    server.freeze()
    phone.go_online()

    phone.page.evaluate(ELEVEN_MINUTES_AGO, phone.page.evaluate(SHORT))
    phone.page.evaluate("new BroadcastChannel('curator').postMessage({ type: 'outbox' })")

    expect(phone.page.locator("#app [data-status-line]")).to_contain_text("Отправка застряла")
    note = phone.page.locator("[data-note]")
    expect(note).to_contain_text("Записи на телефоне")
    note.get_by_role("button", name="Сообщить в поддержку").click()
    said = phone.page.locator("[data-outbox-support] [data-fill=said]")
    expect(said).to_contain_text("Ждут отправки: 1")
    expect(said).to_contain_text(phone.page.evaluate(SHORT))
    assert "Рябинкин" not in said.inner_text()
    expect(phone.page.locator("[data-outbox-rescue]")).to_be_visible()

    server.thaw()
    wait_until(phone, lambda: states(phone) == ["on_server"], 90)
    expect(note).to_have_count(0)
    assert len(visits_with(server, "застряло")) == 1
    phone.context.close()
