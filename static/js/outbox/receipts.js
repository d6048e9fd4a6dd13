/**
 * What became of what the server has: applied, to be repaired, unreadable, or unknown after a restore.
 * And letting go: a copy leaves the phone only when the server's own backup holds what was made of it.
 */
import { ask } from './hello.js';
import { change, drop, items, line, setLine } from './store.js';

/** @typedef {import('../lib/db.js').Database} Database */
/** @typedef {import('./store.js').Item} Item */
/** @typedef {import('./store.js').Receipt} Receipt */

const DAY_MS = 86_400_000;
/** So often the phone asks what became of everything that it still holds. */
export const CHECKED_EVERY_MS = DAY_MS;
const KEPT_AT_LEAST_MS = 7 * DAY_MS;
const KEPT_AT_MOST_MS = 30 * DAY_MS;
/** The server takes so many ids at once. */
const BATCH = 500;
/** An envelope that the server cannot read is sealed anew so often; then a person must look. */
export const RESEALS = 3;

/**
 * Ask what became of the envelopes that are not applied yet; once a day of all that the phone still holds, which is
 * how a server restored from a backup gets back what it lost; and always of those about to go: a restored server gives
 * their numbers out again, so a number alone does not say that they are there.
 * @param {Database} db
 * @param {string} short
 * @param {AbortSignal} stop
 * @param {number} [now]
 * @returns {Promise<import('./answers.js').Outcome | null>} null when asked or nothing to ask
 * @throws {TypeError | DOMException} without an answer
 */
export async function learn(db, short, stop, now = Date.now()) {
  const { checked_at, safe_through } = await line(db);
  const everything = now - checked_at > CHECKED_EVERY_MS;
  const open = (/** @type {Item} */ item) => !item.applied || isUnanswered(item) || mayGo(item, safe_through, now);
  const asked = (await items(db)).filter((item) => item.receipt && (everything || open(item)));
  for (let at = 0; at < asked.length; at += BATCH) {
    const batch = asked.slice(at, at + BATCH);
    const answer = await ask(`/sync/receipts?enrolment=${short}`, { ids: batch.map(({ id }) => id) }, stop);
    if ('kind' in answer) return answer;
    for (const item of batch) await note(db, item, answer.receipts?.[item.id]);
  }
  if (everything) await setLine(db, { checked_at: now });
  return null;
}

/** @param {Item} item  whether it calls for people and nobody has confirmed yet */
export const isUnanswered = ({ kind, applied, receipt }) =>
  kind === 'alarm' && applied && !['confirmed', 'cancelled'].includes(receipt?.alarm ?? '');

/**
 * What a receipt's state means for the row.
 * @param {Item} item
 * @param {Pick<Receipt, 'seq' | 'number' | 'reasons'> & { state: string } | undefined} said
 * @returns {Partial<Item> | null} null when nothing is new
 */
export function meaning(item, said) {
  if (!said || !item.receipt) return null;
  if (said.state === 'unknown') {
    // The server was set back to a backup without it: the same bytes again.
    const anew = { next_at: 0, tries: 0, probe: true, trouble: null, arrived: 0, reoffered_at: Date.now() };
    return { state: 'waiting', receipt: null, applied: false, ...anew };
  }
  const receipt = /** @type {Receipt} */ ({ ...item.receipt, ...said });
  if (said.state === 'applied') return { receipt, applied: true, state: 'on_server', trouble: null };
  if (said.state === 'needs_repair') return { receipt, applied: false, ...repair(item, receipt) };
  if (said.state === 'unreadable') {
    const hopeless = item.resealed >= RESEALS;
    return { receipt, applied: false, state: hopeless ? 'needs_you' : 'on_server', trouble: 'parked_unreadable' };
  }
  return { receipt, applied: false, state: 'on_server', trouble: null };
}

/**
 * Let go of what is old enough and safe. Only after `learn` heard of the very same rows that they are there.
 * @param {Database} db
 * @param {number} [now]
 */
export async function release(db, now = Date.now()) {
  const { safe_through } = await line(db);
  const rows = await items(db);
  await drop(db, rows.filter((item) => mayGo(item, safe_through, now)).map(({ id }) => id));
}

/**
 * Whether the phone's copy may go: applied, in a verified backup and a week old; or applied a month ago. Never unsent.
 * @param {Item} item
 * @param {number} safeThrough
 * @param {number} now
 */
export function mayGo({ state, applied, receipt, sent_at }, safeThrough, now) {
  if (state !== 'on_server' || !applied || !receipt || !sent_at) return false;
  const age = now - sent_at;
  return age >= KEPT_AT_MOST_MS || (age >= KEPT_AT_LEAST_MS && receipt.seq <= safeThrough);
}

/**
 * @param {Database} db
 * @param {Item} item
 * @param {any} said
 */
async function note(db, item, said) {
  const changes = meaning(item, said);
  if (changes && JSON.stringify({ ...item, ...changes }) !== JSON.stringify(item)) await change(db, item.id, changes);
}

/**
 * @param {Item} item
 * @param {Receipt} receipt
 * @returns {Pick<Item, 'state' | 'trouble'>}
 */
function repair({ kind }, { reasons = [] }) {
  const codes = reasons.map(({ code }) => code);
  // Who lost the family has done everything right: the record is with the head, nothing is asked of its author.
  if (codes.includes('family_handed_over')) return { state: 'on_server', trouble: 'family_handed_over' };
  if (kind === 'photo' && codes.includes('photo_refused')) return { state: 'needs_you', trouble: 'photo_refused_by_server' };
  return { state: 'needs_you', trouble: 'parked_need_fix' };
}
