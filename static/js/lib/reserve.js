/**
 * A reserve of storage: bytes of no meaning that go when the phone is full. First those that stand for one picture each,
 * so that it can be said how many more there is room for; the rest is for words and for sealing what is already there.
 *
 * `navigator.storage.estimate()` says nothing of it: Chromium reports the same ten gigabytes to everybody, on purpose.
 */
import { put, remove, tx } from './db.js';

/** @typedef {import('./db.js').Database} Database */

/** A picture lies there as it was taken, and while it is being sealed twice more. */
const PICTURE_BYTES = 1_200_000;
const PICTURES = 10;
/** Sealing writes what a visit has a second time before the draft goes. */
const WORDS_BYTES = 20_000_000;
const LAID = 'laid';
const PICTURE = 'picture-';
/** What lies there, the most needed first. */
const ROWS = Object.freeze([
  { id: 'words', size: WORDS_BYTES },
  ...Array.from({ length: PICTURES }, (_, n) => ({ id: PICTURE + n, size: PICTURE_BYTES })),
]);
/** Some browsers count what was freed a while later. */
const AGAIN_MS = [1000, 3000, 6000];
const CHUNK = 65_536;

/**
 * Lay in what is missing of it, as far as there is room.
 * @param {Database} db
 */
export async function makeReserve(db) {
  const there = new Set(await keys(db));
  if (!db.stores['reserve']) return; // a phone that had no room to be brought up to date
  try {
    for (const { id, size } of ROWS) if (!there.has(id)) await put(db, 'reserve', { id, bytes: noise(size) });
  } catch (problem) {
    if (!isFull(problem)) throw problem;
  }
  if (!there.has(LAID)) await put(db, 'reserve', { id: LAID });
}

/**
 * @param {Database} db
 * @returns {Promise<number>} pictures that there is room for; Infinity while that needs no words
 */
export async function picturesLeft(db) {
  const there = await keys(db);
  const left = there.filter((id) => id.startsWith(PICTURE)).length;
  return !there.includes(LAID) || left === PICTURES ? Infinity : left;
}

/**
 * Write a picture: where it does not fit, the place of one goes.
 * @param {Database} db
 * @param {() => Promise<void>} write
 * @throws {DOMException} QuotaExceededError when there is no place left for pictures
 */
export const pictureFits = (db, write) => fits(db, write, (id) => id.startsWith(PICTURE));

/**
 * A write that has to fit: where it does not, the places of pictures go one by one, and then the rest.
 * @template T
 * @param {Database} db
 * @param {() => Promise<T>} write
 * @returns {Promise<T>}
 * @throws {DOMException} QuotaExceededError when there is no room all the same
 */
export const mustFit = (db, write) => fits(db, write, (id) => id !== LAID);

/**
 * @template T
 * @param {Database} db
 * @param {() => Promise<T>} write
 * @param {(id: string) => boolean} mayGo
 * @returns {Promise<T>}
 */
async function fits(db, write, mayGo) {
  let freed = false;
  const waits = [...AGAIN_MS];
  for (;;) {
    try {
      return await write();
    } catch (problem) {
      if (!isFull(problem)) throw problem;
      const row = (await keys(db)).find(mayGo); // pictures come before words in the alphabet
      const wait = row || !freed ? undefined : waits.shift();
      if (!row && wait === undefined) throw problem;
      if (row) await remove(db, 'reserve', row);
      else await new Promise((resolve) => setTimeout(resolve, wait));
      freed = true;
    }
  }
}

/** @param {Database} db  @returns {Promise<string[]>} */
const keys = async (db) =>
  db.stores['reserve'] ? /** @type {any} */ (await tx(db, 'reserve', 'readonly', (transaction) => transaction.objectStore('reserve').getAllKeys())) : [];

/** A browser that compresses would keep zeros in no room at all. @param {number} size */
function noise(size) {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += CHUNK) crypto.getRandomValues(bytes.subarray(at, at + CHUNK));
  return bytes.buffer;
}

/** @param {unknown} problem */
const isFull = (problem) => problem instanceof DOMException && problem.name === 'QuotaExceededError';
