/**
 * Connections to IndexedDB: opened when needed, and anew when the browser has dropped them.
 * Only lib/db.js uses this.
 */
import { openDB } from 'idb';

/** @typedef {import('idb').IDBPTransaction<unknown, string[], IDBTransactionMode>} Transaction */

/**
 * A database by name. The connection is opened when needed and opened anew after the browser dropped it
 * (iOS does so to pages in the background).
 * @typedef {object} Database
 * @property {string} name
 * @property {Record<string, string | null>} stores
 * @property {Promise<import('idb').IDBPDatabase> | null} connection
 */

/** @type {Map<string, Database>} */
export const databases = new Map();

/**
 * Open a database, or take the one that is open.
 * @param {string} name
 * @param {Record<string, string | null>} stores
 */
export async function opened(name, stores) {
  const db = databases.get(name) ?? { name, stores, connection: null };
  databases.set(name, db);
  await connected(db);
  return db;
}

/** @param {Database} db */
function connected(db) {
  db.connection ??= openDB(db.name, 1, {
    upgrade(fresh) {
      for (const [store, keyPath] of Object.entries(db.stores)) {
        fresh.createObjectStore(store, keyPath === null ? {} : { keyPath });
      }
    },
    // A newer build in another tab must not wait for this one; the next call opens again.
    async blocking() {
      const old = await db.connection;
      db.connection = null;
      old?.close();
    },
    terminated() {
      db.connection = null;
    },
  }).catch((problem) => {
    db.connection = null;
    throw problem;
  });
  return db.connection;
}

/**
 * Begin a transaction that is durable when it is complete.
 * @param {Database} db
 * @param {string[]} stores
 * @param {'readonly' | 'readwrite'} mode
 * @returns {Promise<Transaction>}
 */
export async function begin(db, stores, mode) {
  const options = /** @type {IDBTransactionOptions} */ ({ durability: 'strict' });
  try {
    return /** @type {any} */ ((await connected(db)).transaction(stores, mode, options));
  } catch {
    // The connection died without an event (WebKit in the background): once more on a new one.
    db.connection = null;
    return /** @type {any} */ ((await connected(db)).transaction(stores, mode, options));
  }
}
