/**
 * Whether the phone's clock can be right. It orders nothing: the outbox counts by itself and the server has its own
 * time. But the date of a visit is first written by it, and a wrong one makes every https connection fail.
 */
import { get, put } from './db.js';

/** @typedef {import('./db.js').Database} Database */

const KEY = 'clock';
const HOUR_MS = 3_600_000;
/** Zones and a late receipt are no fault; a wrong day is. */
const SKEW_MS = 12 * HOUR_MS;
/** Nobody works that long without meeting the server; a clock that says so has jumped. */
const ALONE_MS = 60 * 24 * HOUR_MS;

/**
 * Note the server's time at a contact.
 * @param {Database} db
 * @param {unknown} said  ISO
 */
export async function noteServerTime(db, said) {
  const server = Date.parse(String(said));
  if (!Number.isNaN(server)) await put(db, 'meta', { server, skew: Date.now() - server }, KEY);
}

/**
 * @param {Database} db
 * @param {number} [now]
 * @returns {Promise<boolean>} whether the date on this phone is worth a look
 */
export async function clockIsDoubtful(db, now = Date.now()) {
  const last = /** @type {{ server: number, skew: number } | undefined} */ (await get(db, 'meta', KEY));
  if (!last) return false;
  if (now < last.server - SKEW_MS || now > last.server + ALONE_MS) return true;
  // It was wrong at the contact, and has gone on from there: who has set it right since is not asked again.
  return Math.abs(last.skew) > SKEW_MS && (last.skew < 0 ? now < last.server : now >= last.server + last.skew);
}
