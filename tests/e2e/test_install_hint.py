"""Put on the phone's screen an app keeps its storage: said with why, once there is something to keep."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.outbox import SHORT
from tests.support import walk
from tests.support.browser import SCREEN, Phone, phone_of
from tests.support.server import LiveServer

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.1 Mobile/15E148 Safari/604.1"
)
# What Chromium does on a phone; without a window it makes no offer.
OFFER = """() => {
  const offer = new Event('beforeinstallprompt', { cancelable: true });
  offer.prompt = async () => { globalThis.prompted = true; };
  globalThis.dispatchEvent(offer);
  return offer.defaultPrevented;
}"""
PERSISTENCE = """() => {
  globalThis.asked = 0;
  const { persist } = StorageManager.prototype;
  StorageManager.prototype.persist = function () { globalThis.asked += 1; return persist.call(this); };
}"""
AGE = """([short, days]) => new Promise((resolve) => {
  const opening = indexedDB.open(`curator-${short}`);
  opening.onsuccess = () => {
    const store = opening.result.transaction('outbox', 'readwrite').objectStore('outbox');
    store.openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      const at = new Date(Date.now() - days * 86400000).toISOString();
      cursor.update({ ...cursor.value, created_at: at });
      cursor.continue();
    };
    store.transaction.oncomplete = () => { opening.result.close(); resolve(); };
  };
})"""


@pytest.fixture
def iphone(browser: Browser, server: LiveServer) -> Iterator[Phone]:
    """A phone that says it is an iPhone, in a tab."""
    phone = phone_of(browser.new_context(viewport=SCREEN, locale="ru-RU", user_agent=IPHONE), server.url)
    phone.enrol(server.link("Туманова"))
    phone.unlock()
    yield phone
    phone.context.close()


def make_visit(phone: Phone) -> None:
    """Seal one visit and go back to «Сегодня»."""
    walk.open_family(phone, "Рябинкины")
    walk.begin_visit(phone)
    walk.meet(phone)
    walk.finish(phone)
    phone.page.locator("#app a[href='/today']").first.click()
    expect(phone.heading).to_have_text("Сегодня")


def test_an_iphone_says_how_and_why_after_the_first_visit_and_takes_a_later(iphone: Phone) -> None:
    shown = iphone.page.locator("[data-install-hint]")
    expect(shown).to_have_count(0)

    make_visit(iphone)

    expect(shown).to_contain_text("Иначе Safari может удалить записи через 7 дней без входа")
    expect(shown.locator("[data-install]")).to_be_hidden()
    shown.locator("[data-later]").click()
    iphone.go("/today")
    iphone.page.wait_for_timeout(500)
    expect(shown).to_have_count(0)


def test_android_has_a_button_of_ours_that_hands_over_to_the_browsers_question(
    phone: Phone,
) -> None:
    phone.unlock()
    assert phone.page.evaluate(OFFER), "the browser's own banner is kept back"
    phone.page.evaluate(PERSISTENCE)

    make_visit(phone)

    shown = phone.page.locator("[data-install-hint]")
    expect(shown).to_contain_text("не потеряет записи")
    assert phone.page.evaluate("() => globalThis.asked") == 1, "the storage is asked for once there is a record"
    shown.locator("[data-install]").click()
    expect(shown).to_have_count(0)
    assert phone.page.evaluate("() => globalThis.prompted")


def test_a_record_that_waits_for_days_is_remembered_on_the_first_page(walker: Phone) -> None:
    walk.take_kit(walker)
    walker.go_offline()
    walk.open_family(walker, "Рябинкины")
    walk.begin_visit(walker)
    walk.meet(walker)
    walk.finish(walker)
    short = walker.page.evaluate(SHORT)
    walker.page.evaluate(AGE, [short, 2])
    walker.page.locator("#app a[href='/today']").first.click()
    expect(walker.heading).to_have_text("Сегодня")
    expect(walker.page.locator("[data-note]", has_text="отправки с")).to_have_count(0)

    walker.page.evaluate(AGE, [short, 4])
    walker.page.locator("#app a[href='/more']").first.click()
    expect(walker.heading).to_have_text("Ещё")
    walker.page.locator("#app a[href='/today']").first.click()

    note = walker.page.locator("[data-note]", has_text="1 запись ждёт отправки с")
    expect(note).to_contain_text("Откройте «Отправку» там, где есть связь")
