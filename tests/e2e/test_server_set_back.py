"""A real phone before a server that was set back to last night's backup, and before one stricter than itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.outbox import SHORT, finish_visit, rows, visits_with, wait_until
from tests.support import walk
from tests.support.browser import Phone, open_phone
from tests.support.server import LiveServer
from tests.sync.test_backup import database_of, flask, restore

NOT_CHECKED_TODAY = """(short) => new Promise((resolve) => {
  const opening = indexedDB.open(`curator-${short}`);
  opening.onsuccess = () => {
    const change = opening.result.transaction('meta', 'readwrite');
    const cursor = change.objectStore('meta').openCursor();
    cursor.onsuccess = () => {
      if (!cursor.result) return;
      const line = cursor.result.value;
      if (line.checked_at) cursor.result.update({ ...line, checked_at: 0, contact_at: 0 });
      cursor.result.continue();
    };
    change.oncomplete = () => { opening.result.close(); resolve(); };
  };
})"""


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer) -> Iterator[Phone]:
    """Туманова's phone at a server of the test's own, open on «Сегодня»."""
    made = open_phone(browser, live_server.url)
    made.enrol(live_server.link("Туманова"))
    made.unlock()
    yield made
    made.context.close()


def let_a_day_pass(phone: Phone) -> None:
    """Let the phone ask once more of everything that it still holds, as it does each day."""
    phone.page.evaluate(NOT_CHECKED_TODAY, phone.page.evaluate(SHORT))
    # The copy knows no upload cookie that was given out since: one touch of the finger brings a new one, as soon as
    # the lock has the server's challenge.
    with phone.page.expect_response(lambda answer: answer.url.endswith("/sign-in/start")) as asked:
        phone.hide()
    asked.value.finished()
    phone.unlock()
    phone.go_offline()
    phone.go_online()


def write(phone: Phone, word: str) -> None:
    """Write a visit and wait until the server has applied it."""
    phone.go("/today")
    walk.open_family(phone, "Рябинкины")
    walk.begin_visit(phone)
    finish_visit(phone, word)
    wait_until(phone, lambda: all(row["applied"] for row in rows(phone)))


def test_a_phone_brings_a_restored_server_what_it_lacks(phone: Phone, live_server: LiveServer, tmp_path: Path) -> None:
    write(phone, "вечером")
    with live_server.app() as app:
        assert flask(app, "make", tmp_path / "night").exit_code == 0
    write(phone, "днём")
    assert len(visits_with(live_server, "днём")) == 1

    live_server.stop()
    restore(tmp_path / "night", Path(str(database_of(live_server))))
    live_server.start()
    assert visits_with(live_server, "днём") == []
    let_a_day_pass(phone)

    wait_until(phone, lambda: len(visits_with(live_server, "днём")) == 1)
    wait_until(phone, lambda: all(row["state"] == "on_server" and row["applied"] for row in rows(phone)))
    assert len(visits_with(live_server, "вечером")) == 1
    assert len(rows(phone)) == 2
    phone.go("/outbox")
    expect(phone.page.locator("[data-outbox-page] > [data-outbox-state]")).to_have_text(
        "Сервер восстановлен, 1 запись дослана. Ничего не пропало. Ничего делать не надо."
    )


def test_a_field_that_the_server_does_not_take_is_named_mended_and_goes(phone: Phone, live_server: LiveServer) -> None:
    walk.open_family(phone, "Рябинкины")
    walk.begin_visit(phone)
    phone.page.evaluate("document.querySelector('#visit-form [name=on]').value = '2036-11-22'")
    finish_visit(phone, "через десять лет")
    wait_until(phone, lambda: rows(phone)[0]["state"] == "needs_you")
    other = "через десять лет"
    assert visits_with(live_server, other) == []

    phone.page.locator("#app [data-status-link]").click()
    row = phone.page.locator("[data-outbox-list] [data-state=needs_you]").first
    expect(row).to_contain_text("Запись лежит в «Нужно поправить»: дата посещения.")
    expect(row).to_contain_text("Она цела, её видите вы и руководитель.")
    phone.page.locator("[data-amend]").first.click()
    expect(phone.page.locator("[data-step=tasks]")).to_be_visible()
    expect(phone.page.locator("#visit-form [name=on]")).to_have_value("2036-11-22")
    phone.page.evaluate("document.querySelector('#visit-form [name=on]').value = new Date().toISOString().slice(0, 10)")
    phone.page.evaluate("document.querySelector('#visit-form').requestSubmit(document.querySelector('[data-finish]'))")

    expect(phone.heading).to_have_text("Готово, запечатано")
    wait_until(phone, lambda: len(visits_with(live_server, other)) == 1)
    wait_until(phone, lambda: all(row["state"] == "on_server" for row in rows(phone)))
