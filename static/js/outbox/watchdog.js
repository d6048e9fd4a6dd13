/**
 * A silent hang: everything says that it is sending, no error comes, and nothing moves. The phone counts since when it has
 * tried in vain (`still_at` of the line); after ten minutes the sender that hangs is put aside and the person is told.
 */

/** @typedef {import('./store.js').Item} Item */
/** @typedef {import('./store.js').Line} Line */

export const STUCK_MS = 600_000;
/** What explains nothing: the link broke off or is slow, and that has been so all the time. */
const UNEXPLAINED = new Set([null, 'upload_broke', 'slow_link']);

/** @param {Item} item */
const waitsInVain = ({ state, trouble }) => state === 'sending' || (state === 'waiting' && UNEXPLAINED.has(trouble));

/**
 * Whether sending hangs.
 * @param {Item[]} items
 * @param {Line} line
 * @param {number} [now]
 */
export const isStuck = (items, { still_at }, now = Date.now()) =>
  still_at > 0 && now - still_at >= STUCK_MS && items.some(waitsInVain);

/**
 * For how many minutes sending hangs; 0 when it does not.
 * @param {Item[]} items
 * @param {Line} line
 * @param {number} [now]
 */
export const stuckMinutes = (items, line, now = Date.now()) =>
  isStuck(items, line, now) ? Math.round((now - line.still_at) / 60_000) : 0;

/**
 * Whether whoever holds the enrolment's lock should lose it: stuck, and not just taken over from the one before.
 * @param {Item[]} items
 * @param {Line} line
 * @param {number} [now]
 */
export const mayTakeOver = (items, line, now = Date.now()) =>
  isStuck(items, line, now) && now - line.stolen_at >= STUCK_MS;

/**
 * Since when nothing moves, after a round.
 * @param {Item[]} items
 * @param {Line} line
 * @param {string | null} trouble  what ended the round
 * @returns {number} 0 when nothing waits, or what keeps it is known and said
 */
export function stillAt(items, { still_at }, trouble) {
  if (!UNEXPLAINED.has(trouble) || !items.some(waitsInVain)) return 0;
  return still_at || Date.now();
}

/**
 * The line as it is to be said: a hang has no trouble of its own.
 * @param {Item[]} items
 * @param {Line} line
 * @returns {Line}
 */
export const asSaid = (items, line) =>
  navigator.onLine !== false && isStuck(items, line) ? { ...line, trouble: 'queue_stuck' } : line;
