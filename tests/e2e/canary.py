"""Names that are typed into a phone, and what a browser holds that can be asked for without its disk."""

from __future__ import annotations

import base64
from typing import Any

from playwright.sync_api import Page

from tests.support.browser import Phone
from tests.support.disk_search import search

CYRILLIC = "Канарейкина-7713"
LATIN = "Kanareikina-Q7713"
NAMES = (CYRILLIC, LATIN)
WORDS = f"{CYRILLIC} {LATIN}"

HOLDINGS = """async () => {
  const texts = [document.documentElement.outerHTML, document.title, location.href, JSON.stringify(history.state)];
  for (const storage of [localStorage, sessionStorage]) texts.push(...Object.entries(storage).flat());
  const buffers = [];
  const keys = [];
  const keep = async (value) => {
    if (typeof value === 'string') texts.push(value);
    else if (value instanceof CryptoKey) keys.push(`${value.type} ${value.algorithm.name}`);
    else if (value instanceof Blob) buffers.push(await value.arrayBuffer());
    else if (value instanceof ArrayBuffer) buffers.push(value);
    else if (ArrayBuffer.isView(value)) buffers.push(value.buffer);
    else if (value && typeof value === 'object') {
      for (const [name, part] of Object.entries(value)) {
        texts.push(name);
        await keep(part);
      }
    }
  };
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const { name } of await indexedDB.databases()) {
    texts.push(name);
    const db = await done(indexedDB.open(name));
    for (const store of db.objectStoreNames) {
      await keep(await done(db.transaction(store).objectStore(store).getAllKeys()));
      await keep(await done(db.transaction(store).objectStore(store).getAll()));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const response = await cache.match(request);
      texts.push(name, request.url, ...[...response.headers].flat());
      buffers.push(await response.arrayBuffer());
    }
  }
  const written = (buffer) => {
    const bytes = new Uint8Array(buffer);
    let text = '';
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  };
  return { texts, keys, buffers: buffers.map(written) };
}"""

PLANT = """async ([name, like]) => {
  const opening = indexedDB.open('scratch');
  opening.onupgradeneeded = () => opening.result.createObjectStore('store');
  const db = await new Promise((resolve) => { opening.onsuccess = () => resolve(opening.result); });
  const put = (key, value) => new Promise((resolve) => {
    const change = db.transaction('store', 'readwrite');
    change.objectStore('store').put(value, key);
    change.oncomplete = resolve;
  });
  // Enough noise after it, and LevelDB packs the first one into a table, where its bytes are no longer whole.
  for (let i = 0; i < 24; i += 1) await put(`early ${i}`, `${like} `.repeat(12) + (i === 20 ? `ранняя ${name}` : ''));
  for (let i = 0; i < 160; i += 1) await put(`noise ${i}`, crypto.getRandomValues(new Uint8Array(60_000)).buffer);
  await put('late', `поздняя ${name}`);
  await put('bytes', new TextEncoder().encode(`байты ${name}`).buffer);
  const words = Array.from({ length: 40_000 }, (_, i) => `${like} ${(i * 7919) % 1000}`);
  words[20_000] = `большая ${name}`;
  await put('large', words.join(' '));
  db.close();
  const cache = await caches.open('scratch');
  await cache.put('/scratch', new Response(`запас ${name}`));
  localStorage.setItem('scratch', `местная ${name}`);
  sessionStorage.setItem('scratch', `сеансовая ${name}`);
  const field = document.createElement('textarea');
  document.body.append(field);
  field.value = `поле ${name}`;
  history.pushState({ scratch: `состояние ${name}` }, '', `?адрес ${name}`);
  document.title = `заголовок ${name}`;
}"""


def plant(page: Page, name: str, like: str) -> None:
    """Put a name in the clear wherever a page can; `like` is text that begins as the name does."""
    page.evaluate(PLANT, [name, like])


def holdings(phone: Phone) -> dict[str, Any]:
    """Return what the page's origin holds, and the history: texts, bytes, and the kinds of keys."""
    found: dict[str, Any] = phone.page.evaluate(HOLDINGS)
    history = phone.cdp.send("Page.getNavigationHistory")["entries"]
    found["texts"] += [entry[part] for entry in history for part in ("url", "userTypedURL", "title")]
    found["texts"] += [str(cookie) for cookie in phone.context.cookies()]
    found["buffers"] = [base64.b64decode(one) for one in found["buffers"]]
    return found


def names_in(found: dict[str, Any], names: tuple[str, ...] = NAMES) -> set[str]:
    """Return the spellings of the names in what is held."""
    contents = ["\n".join(found["texts"]).encode(), *found["buffers"]]
    return set().union(*(search(content, names) for content in contents))
