/**
 * `/sync/hello`: how the phone is, for «Телефоны», and what the server wants of it. Counts, never contents.
 */
import { tell } from '../lib/bus.js';
import { noteServerTime } from '../lib/clock.js';
import { all, put, tx } from '../lib/db.js';
import { failed, foreignNetwork, isJson, refused } from './answers.js';
import { follow, isFiled, isNeededHere, refusedFor } from './orders.js';
import { CHECKED_EVERY_MS, learn } from './receipts.js';
import { isUnsent, items, line, setLine, unsentCalls } from './store.js';
import { call } from './upload.js';
import { stuckMinutes } from './watchdog.js';

/** @typedef {import('../lib/db.js').Database} Database */
/** @typedef {import('./answers.js').Outcome} Outcome */

const PATIENCE_MS = 30_000;

/**
 * Say hello and follow the orders.
 * @param {Database} db
 * @param {string} short
 * @param {AbortSignal} stop
 * @returns {Promise<Outcome | null>} null when heard; else what came instead
 */
export async function hello(db, short, stop) {
  try {
    const answer = await ask(`/sync/hello?enrolment=${short}`, await state(db), stop);
    if ('kind' in answer) {
      if ('trouble' in answer) await refusedFor(db, short, answer.trouble);
      return answer;
    }
    await setLine(db, { contact_at: Date.now(), safe_through: Number(answer.safe_through) || 0 });
    await put(db, 'meta', Date.now(), 'last_contact_at');
    await noteServerTime(db, answer.at);
    await refreshKey(db, short, answer.kid, stop);
    await noteErasure(db, answer.erase);
    return (await follow(db, short, await confirmed(db, short, answer.orders, stop))) ? await hello(db, short, stop) : null;
  } catch (problem) {
    return failed(problem);
  }
}

/**
 * Nothing is wiped before the server has said once more that it has every record: one that was set back to a backup
 * lacks some that this phone believes sent.
 * @param {Database} db
 * @param {string} short
 * @param {unknown} orders
 * @param {AbortSignal} stop
 */
async function confirmed(db, short, orders, stop) {
  if (!Array.isArray(orders) || !orders.includes('wipe')) return orders;
  await setLine(db, { checked_at: 0 });
  const unheard = await learn(db, short, stop).catch((problem) => problem);
  return unheard ? orders.filter((order) => order !== 'wipe') : orders;
}

/**
 * POST JSON to a call of the sync protocol.
 * @param {string} path
 * @param {unknown} body
 * @param {AbortSignal} stop
 * @returns {Promise<any>} the answer's JSON, or the Outcome (it has `kind`) that stands for another answer
 * @throws {TypeError | DOMException} without an answer
 */
export async function ask(path, body, stop) {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
  const response = await call(path, { method: 'POST', headers, body: JSON.stringify(body) }, PATIENCE_MS, stop);
  const foreign = foreignNetwork(response);
  if (foreign) return foreign;
  const answer = isJson(response) ? await response.json().catch(() => null) : null;
  if (response.status !== 200) return refused(response, answer);
  // A 200 that is not our JSON is somebody else's.
  return answer && typeof answer === 'object' ? answer : { kind: 'stop', trouble: 'captive_portal' };
}

/** @param {Database} db */
async function state(db) {
  const rows = await items(db);
  const count = (/** @type {string[]} */ ...states) => rows.filter((row) => states.includes(row.state)).length;
  const drafts = (await all(db, 'drafts')).length + (await tx(db, 'copies', 'readonly', unsentCalls));
  const unsent = rows.filter(isUnsent).map((row) => row.created_at).sort();
  const storage = await navigator.storage?.estimate?.().catch(() => null);
  // What only a person could help and was saved to a file is nobody's to wait for.
  const left = rows.filter((row) => isNeededHere(row) && !(row.state === 'needs_you' && isFiled(row)));
  const key = /** @type {{ kid?: string } | undefined} */ (
    await tx(db, 'meta', 'readonly', (transaction) => transaction.objectStore('meta').get('sync_key'))
  );
  return {
    counts: { waiting: count('waiting', 'sending'), needs_you: count('needs_you'), on_server: count('on_server'), drafts },
    unsent: left.length + drafts,
    clock: new Date().toISOString(),
    ...stuckFor(rows, await line(db)),
    ...(unsent[0] ? { oldest: unsent[0] } : {}),
    ...(key?.kid ? { kid: key.kid } : {}),
    ...(storage?.quota ? { free_space: storage.quota - (storage.usage ?? 0) } : {}),
    version: typeof BUILD === 'string' ? BUILD : 'sources',
  };
}

/**
 * A hang without an error, which nobody at the office could know of: in minutes, since a phone's clock may be wrong.
 * @param {import('./store.js').Item[]} rows
 * @param {import('./store.js').Line} how
 */
function stuckFor(rows, how) {
  const minutes = stuckMinutes(rows, how);
  return minutes ? { stuck: minutes } : {};
}

/**
 * The server seals to a new key by now: fetch it, so that what is finished next goes to that one.
 * @param {Database} db
 * @param {string} short
 * @param {unknown} kid
 * @param {AbortSignal} stop
 */
async function refreshKey(db, short, kid, stop) {
  const key = /** @type {any} */ (await tx(db, 'meta', 'readonly', (transaction) => transaction.objectStore('meta').get('sync_key')));
  if (typeof kid !== 'string' || key?.kid === kid) return;
  const response = await call(`/sync/key?enrolment=${short}`, {}, PATIENCE_MS, stop);
  const fresh = response.status === 200 && isJson(response) ? await response.json().catch(() => null) : null;
  if (fresh?.kid && fresh.public_key) await put(db, 'meta', fresh, 'sync_key');
}

/**
 * Note which pictures families took back. Their copies lie under names and keys that only the open vault has: the page
 * erases them (erase.js) now or at the next unlock, before anything is painted.
 * @param {Database} db
 * @param {unknown} ids  UUIDs of photos
 */
async function noteErasure(db, ids) {
  if (!Array.isArray(ids) || ids.length === 0) return;
  await put(db, 'meta', ids.map(String), 'erase_photos');
  tell('erase');
}

/**
 * Whether the last hello is so fresh that another says nothing new. A day's question about what the phone still holds
 * (receipts.js) that got no answer is asked at the next occasion, however fresh the hello before it.
 * @param {Database} db
 * @returns {Promise<boolean>}
 */
export async function justHeard(db) {
  const { contact_at, checked_at } = await line(db);
  return Date.now() - contact_at < 60_000 && Date.now() - checked_at <= CHECKED_EVERY_MS;
}
