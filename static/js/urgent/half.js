/**
 * What was chosen on «Вернусь на связь» and not yet said: kept under the vault's key in case the page dies. No record: it
 * says nothing to anybody, hinders no wiping, and after an hour the question is asked anew.
 */
import { text, utf8 } from '../lib/bytes.js';
import { get, put } from '../lib/db.js';
import { current, decrypt, encrypt } from '../vault/vault.js';

/** @typedef {import('./record.js').Pair} Pair */
/** @typedef {{ at: number, fields: Pair[] }} Half */

/** Its place among the copies. */
const HALF = 'half:check_in';
/** What ends it, written together with what was said. */
export const OVER = { id: HALF, value: { at: 0, fields: [] } };
const GOOD_FOR_MS = 3_600_000;

/**
 * Keep it; on the disk when this resolves.
 * @param {Pair[]} fields
 * @throws {DOMException} when the phone did not take it
 */
export async function keepHalf(fields) {
  const sealed = await encrypt(`copies|${HALF}`, utf8(JSON.stringify({ at: Date.now(), fields })));
  await put(current().db, 'copies', { id: HALF, ...sealed });
}

/**
 * @param {number} [now]
 * @returns {Promise<Pair[] | null>} null when there is none, or an old one
 */
export async function halfDone(now = Date.now()) {
  const kept = await get(current().db, 'copies', HALF);
  if (!kept) return null;
  const { at, fields } = /** @type {Half} */ (JSON.parse(text(await decrypt(`copies|${HALF}`, kept))));
  return now - at < GOOD_FOR_MS ? fields : null;
}
