/**
 * Encrypted copies of what the server rendered, by URL: the pages and small pictures that open without a network.
 * On the disk a copy is ciphertext under a name that is an HMAC of its URL.
 */
import { text, utf8 } from '../lib/bytes.js';
import { all, get, put, remove, tx, writable } from '../lib/db.js';
import { current, decrypt, encrypt, nameOf } from '../vault/vault.js';

/** Read copies leave the phone this long after the last contact with the server. */
const KEPT_DAYS = 14;

/** @typedef {{ name: string, iv: ArrayBuffer, ct: ArrayBuffer, at: number }} Fragment  at: milliseconds since 1970 */

/**
 * Keep a copy; resolves once it is on the disk.
 * @param {string} url  path and query
 * @param {string | Uint8Array<ArrayBuffer>} content
 * @param {number} [at]  when the server gave it
 */
export async function keep(url, content, at = Date.now()) {
  const { db } = current();
  const name = await nameOf(url);
  const sealed = await encrypt(`fragments|${name}`, typeof content === 'string' ? utf8(content) : content);
  await put(db, 'fragments', { name, ...sealed, at });
}

/**
 * The copy of a URL.
 * @param {string} url
 * @returns {Promise<{ bytes: Uint8Array<ArrayBuffer>, at: number } | null>}
 */
export async function find(url) {
  const { db } = current();
  const name = await nameOf(url);
  /** @type {Fragment | undefined} */
  const kept = await get(db, 'fragments', name);
  if (!kept) return null;
  return { bytes: await decrypt(`fragments|${name}`, kept), at: kept.at };
}

/**
 * The copy of a page.
 * @param {string} url
 * @returns {Promise<{ html: string, at: number } | null>}
 */
export async function findPage(url) {
  const copy = await find(url);
  return copy && { html: text(copy.bytes), at: copy.at };
}

/**
 * Remove copies: of families that are no longer the reader's.
 * @param {string[]} urls
 */
export async function forget(urls) {
  const { db } = current();
  const names = await Promise.all(urls.map(nameOf));
  await tx(db, 'fragments', 'readwrite', async (transaction) => {
    const store = writable(transaction, 'fragments');
    for (const name of names) await store.delete(name);
  });
}

/** Remember that the server was reached: copies live from here. */
export async function noteContact(at = Date.now()) {
  await put(current().db, 'meta', at, 'last_contact_at');
}

/**
 * Remove every read copy when the server has not been reached for 14 days. Drafts and the outbox stay: they are nobody
 * else's copy.
 * @param {number} [now]
 * @returns {Promise<boolean>} whether anything was removed
 */
export async function expire(now = Date.now()) {
  const { db } = current();
  const last = await get(db, 'meta', 'last_contact_at');
  if (!last || now - Number(new Date(last)) < KEPT_DAYS * 86_400_000) return false;
  for (const { name } of await all(db, 'fragments')) await remove(db, 'fragments', name);
  return true;
}
