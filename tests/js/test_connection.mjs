/** A phone's database between two builds: brought up to date in one transaction, given way, opened anew. */
import './browser.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { databases, onStorage, opened } from '../../static/js/lib/connection.js';
import { all, get, put } from '../../static/js/lib/db.js';

/** @type {string[]} */
const heard = [];
/** @type {() => Promise<unknown>} */
let closing = async () => {};
onStorage((what) => {
  heard.push(what);
  return what === 'closing' ? closing() : null;
});

const FIRST = { drafts: 'id', meta: null };

/** Load the page anew: connections go, what is on the disk stays. @param {string} name */
async function reload(name) {
  (await databases.get(name)?.connection)?.close();
  databases.delete(name);
}

/** @param {string} name @param {number} version @param {() => void} [blocked] @returns {Promise<IDBDatabase>} */
const newerBuild = (name, version, blocked) => new Promise((resolve, reject) => {
  const opening = indexedDB.open(name, version);
  opening.onblocked = () => blocked?.();
  opening.onsuccess = () => resolve(opening.result);
  opening.onerror = () => reject(opening.error);
});

test('a newer build finds everything that the older one left', async () => {
  await put(await opened('a', [FIRST]), 'drafts', { id: 'd1' });
  await reload('a');

  const db = await opened('a', [FIRST, { reserve: 'id' }]);

  assert.deepEqual(await all(db, 'drafts'), [{ id: 'd1' }]);
  await put(db, 'reserve', { id: 'r' });
});

test('an upgrade that fails leaves the old version, and the build works with it', async () => {
  await put(await opened('b', [FIRST]), 'drafts', { id: 'd1' });
  await reload('b');

  const db = await opened('b', [FIRST, { reserve: 'id', '': 'id' }, { drafts: 'id' }]); // the last step cannot be taken

  assert.deepEqual(await all(db, 'drafts'), [{ id: 'd1' }]);
  assert.equal((await db.connection)?.version, 1);
  assert.deepEqual(Object.keys(db.stores).sort(), ['drafts', 'meta']);
});

test('a database that cannot be made is no empty one', async () => {
  await assert.rejects(opened('c', [{ drafts: 'id' }, { drafts: 'id' }]));
  assert.equal((await indexedDB.databases()).some(({ name }) => name === 'c'), false);
});

test('who is asked to make room saves first, then lets go', async () => {
  const db = await opened('d', [FIRST]);
  closing = () => put(db, 'drafts', { id: 'last words' });

  const newer = await newerBuild('d', 2);

  assert.equal(newer.version, 2);
  const rows = newer.transaction('drafts').objectStore('drafts').getAll();
  await new Promise((resolve) => (rows.onsuccess = resolve));
  assert.deepEqual(rows.result, [{ id: 'last words' }]);
  newer.close();
});

test('the page of the older build says that it has to be loaded anew', async () => {
  heard.length = 0;
  const db = /** @type {any} */ (databases.get('d'));
  await assert.rejects(get(db, 'drafts', 'x'), { name: 'VersionError' });
  assert.ok(heard.includes('lost'));
});

test('a newer build that is held back says so, and goes on by itself', async () => {
  heard.length = 0;
  const old = await newerBuild('e', 1);
  const coming = opened('e', [FIRST, { reserve: 'id' }]);
  while (!heard.includes('blocked')) await new Promise((resolve) => setTimeout(resolve, 5));

  old.close();

  await coming;
  assert.deepEqual(heard, ['blocked', 'open']);
});

test('a connection that is dead is opened once more, and no more is said', async () => {
  heard.length = 0;
  const db = await opened('f', [FIRST]);
  (await db.connection)?.close();

  await put(db, 'drafts', { id: 'd1' });

  assert.deepEqual(await all(db, 'drafts'), [{ id: 'd1' }]);
  assert.equal(heard.includes('lost'), false);
});

test('one that does not open either is lost', async () => {
  heard.length = 0;
  const db = await opened('g', [FIRST]);
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = () => {
    throw new DOMException('closing', 'InvalidStateError');
  };
  try {
    await assert.rejects(put(db, 'drafts', { id: 'd1' }), { name: 'InvalidStateError' });
  } finally {
    IDBDatabase.prototype.transaction = transaction;
  }
  assert.equal(heard.at(-1), 'lost');
  await put(db, 'drafts', { id: 'd2' });
});
