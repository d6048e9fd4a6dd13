/**
 * The phone's storage: one small registry of enrolments and one IndexedDB per enrolment.
 * Used alike in the page, in workers and in the service worker, so nothing here touches the DOM or a key.
 *
 * Every write asks for `durability: 'strict'` and resolves at `oncomplete`: the words «Сохранено на телефоне»
 * may follow any of these promises and nothing earlier (a request's own success can still be rolled back by a full disk).
 */
import { deleteDB } from 'idb';
import { begin, databases, opened } from './connection.js';
import { ENROLMENT_VERSIONS } from './versions.js';

/** @typedef {import('./connection.js').Database} Database */
/** @typedef {import('./connection.js').Transaction} Transaction */

/**
 * One person's enrolment on this browser; holds nothing personal.
 * @typedef {object} EnrolmentEntry
 * @property {string} id  UUID of the enrolment
 * @property {string} short  8 hex digits: names the database and the upload cookie
 * @property {'field' | 'office'} kind
 * @property {string} created_at  ISO instant
 * @property {boolean} active  the one this browser opens by default
 * @property {'lost' | 'gone'} [closed]  switched off: `lost` may still hold sealed records, `gone` holds nothing
 */

/**
 * The list of this browser's enrolments (store `enrolments`, key `id`).
 * @returns {Promise<Database>}
 */
export function openRegistry() {
  return opened('curator', [{ enrolments: 'id' }]);
}

/**
 * The database of one enrolment.
 * @param {string} short  8 hex digits
 * @returns {Promise<Database>}
 */
export function openEnrolment(short) {
  return opened(`curator-${short}`, ENROLMENT_VERSIONS);
}

/**
 * Delete one enrolment's database with all that is in it. Callers have made sure that nothing unsent is left.
 * @param {string} short
 */
export async function dropEnrolment(short) {
  const known = databases.get(`curator-${short}`);
  if (known?.connection) (await known.connection).close();
  databases.delete(`curator-${short}`);
  await deleteDB(`curator-${short}`);
}

/**
 * Store one value; resolves once it is on the disk.
 * @param {Database} db
 * @param {string} store
 * @param {unknown} value
 * @param {IDBValidKey} [key]  only for stores without a key of their own (`wraps`, `meta`)
 * @returns {Promise<void>}
 */
export async function put(db, store, value, key) {
  await tx(db, store, 'readwrite', (transaction) => writable(transaction, store).put(value, key));
}

/**
 * One value, or undefined when there is none.
 * @param {Database} db
 * @param {string} store
 * @param {IDBValidKey} key
 * @returns {Promise<any>}
 */
export function get(db, store, key) {
  return tx(db, store, 'readonly', (transaction) => transaction.objectStore(store).get(key));
}

/**
 * All values of a store in one transaction (reading one by one is twenty times slower).
 * @param {Database} db
 * @param {string} store
 * @returns {Promise<any[]>}
 */
export function all(db, store) {
  return tx(db, store, 'readonly', (transaction) => transaction.objectStore(store).getAll());
}

/**
 * Remove one value; resolves once it is gone from the disk.
 * @param {Database} db
 * @param {string} store
 * @param {IDBValidKey} key
 * @returns {Promise<void>}
 */
export async function remove(db, store, key) {
  await tx(db, store, 'readwrite', (transaction) => writable(transaction, store).delete(key));
}

/**
 * Run `work` in one transaction over `stores`; all of it becomes durable or nothing does.
 * `work` may await requests of this transaction and nothing else: IndexedDB commits when a turn passes without one.
 * @template T
 * @param {Database} db
 * @param {string | string[]} stores
 * @param {'readonly' | 'readwrite'} mode
 * @param {(transaction: Transaction) => T | Promise<T>} work
 * @returns {Promise<T>} what `work` returned, after the commit
 * @throws {DOMException} QuotaExceededError when the phone is full; nothing of this transaction is stored then
 */
export async function tx(db, stores, mode, work) {
  const transaction = await begin(db, [stores].flat(), mode);
  const done = transaction.done;
  try {
    const result = await work(transaction);
    await done;
    return result;
  } catch (problem) {
    // iOS: the storage process was ended behind our back; the next transaction opens anew.
    if (problem instanceof DOMException && problem.name === 'UnknownError') db.connection = null;
    done.catch(() => {}); // the abort below rejects it; the first problem is the one worth telling
    try {
      transaction.abort();
    } catch {
      // already aborted by the browser: a full disk does that by itself
      throw transaction.error ?? problem;
    }
    throw problem;
  }
}

/**
 * The store of a readwrite transaction (idb's types cannot know the mode chosen at run time).
 * @param {Transaction} transaction
 * @param {string} store
 * @returns {import('idb').IDBPObjectStore<unknown, string[], string, 'readwrite'>}
 */
export function writable(transaction, store) {
  return /** @type {any} */ (transaction.objectStore(store));
}
