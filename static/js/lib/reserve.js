/**
 * A reserve of storage: bytes of no meaning that go first when the phone is full, so that words and what is already
 * taken can still be written and sealed. Pictures never get it.
 */
import { put, tx, writable } from './db.js';

/** @typedef {import('./db.js').Database} Database */

/** Sealing a visit writes its pictures twice before the draft's go: this is room for some twenty of them. */
export const RESERVE_BYTES = 20_000_000;
/** Less room than this and the reserve would itself be what fills the phone. */
const LEAST_ROOM = 4 * RESERVE_BYTES;
/** The browser counts what was freed some seconds later. */
const AGAIN_MS = [0, 1000, 3000, 6000];
const CHUNK = 65_536;

/**
 * Lay the reserve in, when there is none and room for it.
 * @param {Database} db
 * @returns {Promise<boolean>} whether it lies there
 */
export async function makeReserve(db) {
  if (!db.stores['reserve']) return false; // a phone that had no room to be brought up to date
  if (await tx(db, 'reserve', 'readonly', (transaction) => transaction.objectStore('reserve').count())) return true;
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  if (quota - usage < LEAST_ROOM) return false;
  const bytes = new Uint8Array(RESERVE_BYTES); // noise: a browser that compresses would keep zeros in no room at all
  for (let at = 0; at < bytes.length; at += CHUNK) crypto.getRandomValues(bytes.subarray(at, at + CHUNK));
  return put(db, 'reserve', { id: 'reserve', bytes: bytes.buffer }).then(() => true, () => false);
}

/**
 * A write that has to fit: when the phone is full the reserve goes, and it is tried again.
 * @template T
 * @param {Database} db
 * @param {() => Promise<T>} write
 * @returns {Promise<T>}
 * @throws {DOMException} QuotaExceededError when there is no room all the same
 */
export async function mustFit(db, write) {
  try {
    return await write();
  } catch (problem) {
    if (!isFull(problem) || !(await freeReserve(db))) throw problem;
  }
  for (const wait of AGAIN_MS.slice(0, -1)) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    try {
      return await write();
    } catch (problem) {
      if (!isFull(problem)) throw problem;
    }
  }
  await new Promise((resolve) => setTimeout(resolve, AGAIN_MS.at(-1)));
  return write();
}

/** @param {Database} db  @returns {Promise<boolean>} whether there was any */
async function freeReserve(db) {
  if (!db.stores['reserve']) return false;
  return tx(db, 'reserve', 'readwrite', async (transaction) => {
    const store = writable(transaction, 'reserve');
    const there = (await store.count()) > 0;
    await store.clear();
    return there;
  });
}

/** @param {unknown} problem */
const isFull = (problem) => problem instanceof DOMException && problem.name === 'QuotaExceededError';
