/**
 * Connections to IndexedDB: opened when needed, opened anew when the browser has dropped them, brought up to this
 * build's version. Only lib/db.js reads and writes through them.
 */
import { openDB } from 'idb';

/** @typedef {import('idb').IDBPTransaction<unknown, string[], IDBTransactionMode>} Transaction */
/** @typedef {Record<string, string | null>} Stores  each store and where it keeps its key (null: beside the value) */

/**
 * A database by name. The connection is opened when needed and opened anew after the browser dropped it
 * (iOS does so to pages in the background).
 * @typedef {object} Database
 * @property {string} name
 * @property {Stores[]} versions  what each version added
 * @property {Stores} stores  those that there are
 * @property {Promise<import('idb').IDBPDatabase> | null} connection
 */

/**
 * `blocked`: another tab holds an older version open · `open`: it does no more · `closing`: a newer build in another tab
 * wants the database, what is unsaved must be saved now · `lost`: it does not open any more, the page has to be loaded anew.
 * @typedef {'blocked' | 'open' | 'closing' | 'lost'} Event
 */

/** The service worker takes a database as it is: it may be newer than an open page, which goes on working. */
const AS_FOUND = 'ServiceWorkerGlobalScope' in globalThis;

/** @type {Map<string, Database>} */
export const databases = new Map();
/** @type {Set<(what: Event) => unknown>} */
const listeners = new Set();

/** @param {(what: Event) => unknown} listener  for `closing` it may return a promise, which is waited for */
export const onStorage = (listener) => void listeners.add(listener);

/** @param {Event} what */
const tell = (what) => Promise.allSettled([...listeners].map(async (listener) => listener(what)));

/**
 * Open a database, or take the one that is open.
 * @param {string} name
 * @param {Stores[]} versions
 */
export async function opened(name, versions) {
  const db = databases.get(name) ?? { name, versions, stores: Object.assign({}, ...versions), connection: null };
  databases.set(name, db);
  await connected(db);
  return db;
}

/** @param {Database} db */
function connected(db) {
  db.connection ??= upgraded(db).catch((problem) => {
    db.connection = null;
    if (problem?.name === 'VersionError') void tell('lost'); // a newer build was here: this page is the old one
    throw problem;
  });
  return db.connection;
}

/**
 * One transaction brings it up to date: all of it or nothing. Where nothing (a full disk), the old version goes on.
 * @param {Database} db
 */
async function upgraded(db) {
  const fresh = AS_FOUND ? await asFound(db) : await openDB(db.name, db.versions.length, {
    ...callbacks(db),
    upgrade(to, from, _, making) {
      making.done.catch(() => {}); // the request says so as well
      for (const [store, keyPath] of db.versions.slice(from).flatMap((added) => Object.entries(added))) {
        to.createObjectStore(store, keyPath === null ? {} : { keyPath });
      }
    },
  }).catch((problem) => {
    if (problem?.name === 'VersionError') throw problem;
    return asFound(db);
  });
  db.stores = Object.fromEntries(Object.entries(db.stores).filter(([store]) => fresh.objectStoreNames.contains(store)));
  void tell('open');
  return fresh;
}

/** @param {Database} db */
const asFound = (db) =>
  openDB(db.name, undefined, {
    ...callbacks(db),
    // There is none: making an empty one would pass for a phone that has nothing on it.
    upgrade(_to, _from, _new, making) {
      making.done.catch(() => {});
      making.abort();
    },
  });

/** @param {Database} db */
const callbacks = (db) => ({
  blocked: () => void tell('blocked'),
  // A newer build in another tab must not wait for this one.
  async blocking() {
    await tell('closing');
    const old = await db.connection;
    db.connection = null;
    old?.close();
  },
  terminated: () => void (db.connection = null),
});

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
    db.connection = null; // it died without an event (WebKit in the background): once more on a new one
  }
  try {
    return /** @type {any} */ ((await connected(db)).transaction(stores, mode, options));
  } catch (problem) {
    if (!(problem instanceof DOMException && problem.name === 'NotFoundError')) void tell('lost');
    throw problem;
  }
}
