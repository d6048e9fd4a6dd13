"""What a phone says on its bad days, under axe: notes, hints and blocking screens, in three themes."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, expect

from tests.e2e.accessibility import Inspect
from tests.e2e.outbox import SHORT, finish_visit
from tests.e2e.test_install_hint import IPHONE, OFFER, make_visit
from tests.e2e.test_outbox import prepare
from tests.e2e.test_private_window import TAKEN_AWAY
from tests.e2e.test_storage_trouble import CLOSE_STORAGE, WORDS
from tests.support import walk
from tests.support.browser import SCREEN, Phone, phone_of
from tests.support.server import LiveServer

# The server was set back, and what it lacks is on its way again; or sending hangs without a word.
ON_THE_ROW = """([short, row, line]) => new Promise((resolve) => {
  const opening = indexedDB.open(`curator-${short}`);
  opening.onsuccess = () => {
    const change = opening.result.transaction(['outbox', 'meta'], 'readwrite');
    change.objectStore('outbox').openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (cursor) { cursor.update({ ...cursor.value, ...row }); cursor.continue(); }
    };
    const meta = change.objectStore('meta');
    meta.get('sending').onsuccess = ({ target: { result } }) => meta.put({ ...result, ...line }, 'sending');
    change.oncomplete = () => {
      opening.result.close();
      const channel = new BroadcastChannel('curator');
      channel.postMessage({ type: 'outbox' });
      channel.close();
      resolve();
    };
  };
})"""


def begin(phone: Phone) -> None:
    """Stand in the middle of a visit."""
    walk.open_family(phone, "Рябинкины")
    walk.begin_visit(phone)
    walk.meet(phone, who="")
    walk.step(phone, walk.SECTION)
    phone.page.locator(walk.FACT).fill(WORDS)
    walk.saved(phone)
    phone.page.wait_for_timeout(1600)


def test_the_screen_that_stops_everything(walker: Phone, inspect: Inspect) -> None:
    begin(walker)
    walker.page.evaluate(CLOSE_STORAGE)
    walker.page.locator(walk.FACT).press_sequentially("!")
    expect(walker.page.locator("#trouble button")).to_be_focused()

    inspect(walker).look("trouble storage lost", themes=True)
    walker.complaints.clear()


def test_a_record_that_another_tab_writes(walker: Phone, inspect: Inspect) -> None:
    begin(walker)
    tab = walker.another_tab(walker.page.url.split("#")[0].removeprefix(walker.origin))
    expect(tab.page.locator("#app .note")).to_contain_text("открыта в другой вкладке")
    inspector = inspect(tab)
    inspector.look("two tabs", themes=True)
    tab.page.locator("#app .note [data-later]").click()
    expect(tab.page.locator("[data-note]")).to_contain_text("среди открытых вкладок")
    inspector.look("two tabs later", themes=True)
    tab.page.close()


def test_a_private_window(make_phone: Callable[..., Phone], server: LiveServer, inspect: Inspect) -> None:
    phone = make_phone()
    phone.context.add_init_script(TAKEN_AWAY["no service worker"])
    phone.page.goto(server.link("Туманова"))
    expect(phone.step("refusal")).to_contain_text("Это окно инкогнито")

    inspect(phone).look("private window", themes=True)


def test_the_hint_to_put_it_on_the_screen(browser: Browser, server: LiveServer, inspect: Inspect) -> None:
    phone = phone_of(browser.new_context(viewport=SCREEN, locale="ru-RU", user_agent=IPHONE), server.url)
    phone.enrol(server.link("Туманова"))
    phone.unlock()
    make_visit(phone)
    expect(phone.page.locator("[data-install-hint]")).to_be_visible()
    inspector = inspect(phone)
    inspector.look("install hint", themes=True)
    phone.page.evaluate(OFFER)
    phone.page.locator("#app a[href='/families']").first.click()
    expect(phone.heading).to_have_text("Семьи")
    phone.page.locator("#app a[href='/today']").first.click()
    expect(phone.page.locator("[data-install]")).to_be_visible()
    inspector.look("install hint with a button", themes=True)
    phone.context.close()


def test_a_queue_that_hangs_and_one_that_a_restored_server_asked_for(
    phone: Phone, server: LiveServer, inspect: Inspect
) -> None:
    prepare(phone)
    phone.go_offline()
    finish_visit(phone, "стоит")
    page, short = phone.page, phone.page.evaluate(SHORT)
    page.locator("#app [data-status-link]").click()
    page.locator("[data-outbox-list=open] summary").click()
    inspector = inspect(phone)
    page.evaluate(ON_THE_ROW, [short, {"reoffered_at": 1}, {"trouble": None}])
    expect(page.locator("[data-outbox-page] > [data-outbox-state]")).to_contain_text("досылаем 1 запись")
    inspector.look("outbox restored", themes=True)

    server.freeze()
    phone.go_online()
    page.evaluate(ON_THE_ROW, [short, {"trouble": None}, {"trouble": None, "still_at": 1}])
    expect(page.locator("[data-note]")).to_contain_text("Отправка застряла")
    page.get_by_role("button", name="Сообщить в поддержку").click()
    expect(page.locator("[data-outbox-support]")).to_be_visible()
    inspector.look("outbox stuck", themes=True)
    server.thaw()
