"""The phone's database: held back by an old tab, brought up to date, closed behind the app's back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.outbox import SHORT
from tests.support import walk
from tests.support.browser import Phone

WORDS = "Мама показала квитанцию"
# What the former release left on the phone: version 1, without the stores that came later.
TAKE_BACK = """async (short) => {
  const name = `curator-${short}`;
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const now = await done(indexedDB.open(name));
  const stores = [...now.objectStoreNames].filter((store) => store !== 'reserve');
  const kept = [];
  for (const store of stores) {
    const at = now.transaction(store).objectStore(store);
    const [path, keys, values] = [at.keyPath, at.getAllKeys(), at.getAll()];
    kept.push({ store, path, keys: await done(keys), values: await done(values) });
  }
  now.close();
  await done(indexedDB.deleteDatabase(name));
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => {
    for (const { store, path } of kept) opening.result.createObjectStore(store, path ? { keyPath: path } : {});
  };
  const old = await done(opening);
  for (const { store, path, keys, values } of kept) {
    const at = old.transaction(store, 'readwrite').objectStore(store);
    values.forEach((value, n) => path ? at.put(value) : at.put(value, keys[n]));
    await done(at.count());
  }
  globalThis.old = old;
}"""
VERSION = """async (short) => (await indexedDB.databases()).find(({ name }) => name === `curator-${short}`).version"""
# The storage process is gone: every transaction fails, on every connection.
CLOSE_STORAGE = """() => {
  IDBDatabase.prototype.transaction = () => { throw new DOMException('closing', 'InvalidStateError'); };
}"""


@pytest.fixture
def written(walker: Phone) -> Phone:
    """A phone in the middle of a sentence of a visit."""
    walk.open_family(walker, "Рябинкины")
    walk.begin_visit(walker)
    walk.meet(walker, who="")
    walk.step(walker, walk.SECTION)
    walker.page.locator(walk.FACT).press_sequentially(WORDS)
    walk.saved(walker)
    walker.page.wait_for_timeout(1600)
    return walker


@pytest.fixture
def old_tab(written: Phone) -> Iterator[Page]:
    """A tab with the database of the former release, which hears no request to close it."""
    short = written.page.evaluate(SHORT)
    written.page.goto("about:blank")
    tab = written.context.new_page()
    tab.goto(f"{written.origin}/manifest.webmanifest")
    tab.evaluate(TAKE_BACK, short)
    yield tab
    if not tab.is_closed():
        tab.close()


def test_an_old_tab_is_asked_to_be_closed_and_then_all_is_there(written: Phone, old_tab: Page) -> None:
    page = written.page
    page.goto(f"{written.origin}/today")
    trouble = page.locator("#trouble")
    expect(trouble).to_contain_text("Закройте другую вкладку", timeout=15_000)
    expect(trouble).to_contain_text("Записи на месте")

    old_tab.close()

    expect(trouble).to_be_hidden()
    written.unlock()
    assert page.evaluate(VERSION, page.evaluate(SHORT)) == 2
    page.locator("[data-draft-slot] [data-resume]").click()
    expect(page.locator(walk.FACT)).to_have_value(WORDS)


def test_a_storage_that_closed_takes_one_button_and_no_words(written: Phone) -> None:
    page = written.page
    page.evaluate(CLOSE_STORAGE)
    page.locator(walk.FACT).press_sequentially(" за октябрь")
    trouble = page.locator("#trouble")
    expect(trouble).to_contain_text("Телефон закрыл доступ к памяти")
    expect(trouble.locator("button")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(trouble).to_be_visible()

    trouble.locator("button", has_text="Перезагрузить").click()

    expect(page.locator("#lock")).to_be_visible()
    expect(trouble).to_be_hidden()
    assert WORDS not in page.evaluate("() => JSON.stringify(sessionStorage)")
    written.unlock()
    expect(page.locator("#app .note")).to_contain_text("незаконченную запись")
    page.locator("#app .note [data-resume]").click()
    expect(page.locator(walk.FACT)).to_have_value(f"{WORDS} за октябрь")
    assert page.evaluate("() => sessionStorage.length") == 0
    written.complaints.clear()
