/**
 * IndexedDB with a disk below it: fake-indexeddb keeps everything in memory, so what a transaction commits is also
 * written to a journal, and a process that was killed finds it again.
 *
 * Like the real thing: a transaction is whole or not at all (one record, one write), it is on the disk before the page
 * hears of `complete`, and one that the page never heard of may be there all the same. Order is that of commits.
 * Unlike it: every commit is durable whatever it asks for (a power cut that loses what the system had not written is
 * not played), the disk is never full, the browser never evicts or drops a connection, and there are no indexes.
 */
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import 'fake-indexeddb/auto';

/** @typedef {{ name: string, version: number, stores: [string, { keyPath: string | null, autoIncrement: boolean }][] }} Schema */
/** @typedef {{ schema?: Schema, db?: string, ops?: any[][], drop?: string }} Entry */
/** @typedef {Map<IDBValidKey, [any, any]>} Rows  by a spelling of the key: key and value */

const LENGTH = 4;

/** @type {number} */
let journal;
/** What open transactions have asked for, in order. @type {WeakMap<any, any[][]>} */
const asked = new WeakMap();

/**
 * Put a disk under IndexedDB; what was committed before is there when this resolves.
 * @param {string} file
 */
export async function useDisk(file) {
  const held = existsSync(file) ? replayed(readFileSync(file)) : new Map();
  for (const { schema, stores } of held.values()) await fill(schema, stores);
  writeAnew(file, held);
  listen();
}

/**
 * @param {Buffer} bytes
 * @returns {Map<string, { schema: Schema, stores: Map<string, Map<string, any[]>> }>}
 */
function replayed(bytes) {
  const held = new Map();
  let at = 0;
  while (at + LENGTH <= bytes.length) {
    const end = at + LENGTH + bytes.readUInt32BE(at);
    if (end > bytes.length) break; // the process died while it wrote: this transaction was not committed
    apply(held, deserialize(bytes.subarray(at + LENGTH, end)));
    at = end;
  }
  return held;
}

/** @param {Map<string, any>} held @param {Entry} entry */
function apply(held, { schema, db, ops = [], drop }) {
  if (drop) held.delete(drop);
  if (schema) {
    const before = held.get(schema.name)?.stores;
    const stores = new Map(schema.stores.map(([name]) => [name, before?.get(name) ?? new Map()]));
    held.set(schema.name, { schema, stores });
  }
  for (const [what, store, key, value] of ops) {
    const rows = held.get(db).stores.get(store);
    if (what === 'clear') rows.clear();
    else if (what === 'delete') rows.delete(spelt(key));
    else rows.set(spelt(key), [key, value]);
  }
}

/** @param {any} key */
const spelt = (key) => `${typeof key}:${String(key)}`;

/**
 * @param {Schema} schema
 * @param {Map<string, Map<string, any[]>>} stores
 */
function fill(schema, stores) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(schema.name, schema.version);
    opening.onupgradeneeded = () => {
      for (const [name, about] of schema.stores) {
        const store = opening.result.createObjectStore(name, about);
        for (const [key, value] of stores.get(name)?.values() ?? []) store.put(value, ...(about.keyPath === null ? [key] : []));
      }
    };
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      opening.result.close();
      resolve(undefined);
    };
  });
}

/** The journal without what was overwritten since: begun beside the old one, then put in its place. */
function writeAnew(/** @type {string} */ file, /** @type {Map<string, any>} */ held) {
  const draft = `${file}.new`;
  journal = openSync(draft, 'w', 0o600);
  for (const [db, { schema, stores }] of held) {
    write({ schema });
    for (const [store, rows] of stores) {
      for (const [key, value] of rows.values()) write({ db, ops: [['put', store, key, value]] });
    }
  }
  closeSync(journal);
  renameSync(draft, file);
  journal = openSync(file, 'a', 0o600);
}

/** @param {Entry} entry  in one write: the system keeps all of it or, of a process that was killed, nothing */
function write(entry) {
  const body = serialize(entry);
  const whole = Buffer.alloc(LENGTH + body.length);
  whole.writeUInt32BE(body.length);
  body.copy(whole, LENGTH);
  writeSync(journal, whole);
}

/** Hear what transactions ask for, and write it down when they commit. */
function listen() {
  const { IDBCursor, IDBFactory, IDBObjectStore, IDBTransaction } = /** @type {any} */ (globalThis);
  noting(IDBObjectStore.prototype, ['put', 'add'], (store, _, request) => ['put', store, request]);
  noting(IDBObjectStore.prototype, ['delete'], (store, [key]) => ['delete', store, key]);
  noting(IDBObjectStore.prototype, ['clear'], (store) => ['clear', store]);
  noting(IDBCursor.prototype, ['delete'], (cursor) => ['delete', cursor.source, cursor.primaryKey]);
  noting(IDBCursor.prototype, ['update'], (cursor, _, request) => ['put', cursor.source, request]);
  const dispatch = IDBTransaction.prototype.dispatchEvent;
  IDBTransaction.prototype.dispatchEvent = function (/** @type {any} */ event) {
    if (event.type === 'complete') commit(this);
    return dispatch.call(this, event);
  };
  const { deleteDatabase } = IDBFactory.prototype;
  IDBFactory.prototype.deleteDatabase = function (/** @type {string} */ name) {
    const request = deleteDatabase.call(this, name);
    request.addEventListener('success', () => write({ drop: name }));
    return request;
  };
}

/**
 * @param {any} prototype
 * @param {string[]} names
 * @param {(self: any, given: any[], request: any) => any[]} note
 */
function noting(prototype, names, note) {
  for (const name of names) {
    const method = prototype[name];
    prototype[name] = function (/** @type {any[]} */ ...given) {
      const request = method.apply(this, given);
      const transaction = this.transaction ?? this.source.transaction;
      asked.set(transaction, [...(asked.get(transaction) ?? []), note(this, given, request)]);
      return request;
    };
  }
}

/** @param {any} transaction */
function commit(transaction) {
  if (transaction.mode === 'versionchange') write({ schema: schemaOf(transaction.db) });
  const ops = [];
  for (const [what, store, about] of asked.get(transaction) ?? []) {
    const name = store.name;
    if (what === 'clear') ops.push(['clear', name]);
    else if (what === 'delete') {
      if (about instanceof IDBKeyRange) throw new Error('this disk deletes by key, not by range');
      ops.push(['delete', name, about]);
    } else if (!about.error) {
      const value = store._rawObjectStore.getValue(about.result);
      // Deleted again by the same transaction: that stands further on.
      if (value !== undefined) ops.push(['put', name, about.result, value]);
    }
  }
  if (ops.length) write({ db: transaction.db.name, ops });
}

/** @param {any} db  @returns {Schema} */
function schemaOf(db) {
  const stores = [...db.objectStoreNames].map((name) => {
    const { keyPath, autoIncrement } = db._rawDatabase.rawObjectStores.get(name);
    return /** @type {[string, any]} */ ([name, { keyPath, autoIncrement }]);
  });
  return { name: db.name, version: db.version, stores };
}
