/** Within one round: two envelopes at a time until nothing is due, and what an attempt does to its row. */
import { backOff, IN_FLIGHT, next } from './order.js';
import { Pace } from './pace.js';
import { meaning } from './receipts.js';
import { change, items, sealedBytes, setLine } from './store.js';
import { deliver } from './upload.js';

/** @typedef {import('../lib/db.js').Database} Database */
/** @typedef {import('./store.js').Item} Item */
/** @typedef {Awaited<ReturnType<typeof deliver>>} Outcome */

/** After so many lost connections in a row the rest would be lost too. */
const MISSES = 3;
/** So often the server may find the bytes damaged on the way. */
const DAMAGED = 3;

/**
 * Send what is due, two at once, until nothing is; rows queued meanwhile are taken too.
 * @param {Database} db
 * @param {{ eager: boolean, silence?: number | undefined }} how  `eager`: back-off does not count for the first try of a
 *   row; `silence`: milliseconds that a request may bring nothing
 * @param {AbortSignal} stop
 * @returns {Promise<Extract<Outcome, { trouble: string }> | null>} what ended it early
 */
export async function sendAll(db, { eager, silence }, stop) {
  const pace = new Pace(silence);
  /** @type {Map<string, Promise<void>>} */
  const flying = new Map();
  /** @type {Set<string>} */
  const tried = new Set();
  let misses = 0;
  /** @type {Extract<Outcome, { trouble: string }> | null} */
  let halted = null;
  await setLine(db, { batch_at: Date.now(), trouble: null });
  /** @param {Item} item */
  const send = async (item) => {
    const outcome = await sendOne(db, item, pace, stop);
    misses = outcome.kind === 'later' && outcome.lost ? misses + 1 : 0;
    if (outcome.kind === 'stop' || (outcome.kind === 'later' && misses >= MISSES)) halted = outcome;
  };
  for (;;) {
    while (!halted && !stop.aborted && flying.size < IN_FLIGHT) {
      const first = (/** @type {Item} */ item) => eager && !tried.has(item.id);
      const item = next(await items(db), { now: Date.now(), eager: first, flying: (id) => flying.has(id) });
      if (!item) break;
      tried.add(item.id);
      flying.set(item.id, send(item).finally(() => flying.delete(item.id)));
    }
    if (!flying.size) return halted;
    await Promise.race(flying.values());
  }
}

/**
 * @param {Database} db
 * @param {Item} item
 * @param {Pace} pace
 * @param {AbortSignal} stop
 * @returns {Promise<Outcome>}
 */
async function sendOne(db, item, pace, stop) {
  await change(db, item.id, { state: 'sending', probe: true });
  const bytes = await sealedBytes(db, item.id);
  const moved = async (/** @type {number} */ arrived) => {
    await change(db, item.id, { arrived, trouble: pace.slow ? 'slow_link' : null });
    await setLine(db, { still_at: Date.now() });
  };
  const outcome = await deliver(item, bytes, stop, { pace, moved });
  if (outcome.kind === 'received') await setLine(db, { still_at: Date.now() });
  await change(db, item.id, stop.aborted && outcome.kind === 'later' ? { state: 'waiting' } : after(item, outcome));
  return outcome;
}

/**
 * The row after an attempt.
 * @param {Item} item
 * @param {Outcome} outcome
 * @returns {Partial<Item>}
 */
export function after(item, outcome) {
  const tries = item.tries + 1;
  switch (outcome.kind) {
    case 'received': {
      const received = { ...item, state: 'on_server', receipt: outcome.receipt, sent_at: Date.now(), next_at: 0, trouble: null };
      const row = /** @type {Item} */ (received);
      return { ...row, ...meaning(row, outcome.receipt) };
    }
    case 'damaged': {
      const rejects = item.rejects + 1;
      if (rejects >= DAMAGED) return { state: 'needs_you', trouble: 'upload_damaged', rejects, probe: false };
      return { state: 'waiting', rejects, tries, next_at: 0, probe: false, arrived: 0 };
    }
    case 'needs_you':
      return { state: 'needs_you', trouble: outcome.trouble, tries, probe: false };
    case 'stop':
      return { state: 'waiting', probe: true }; // not this row's fault: it keeps its place
    case 'later':
      return { state: 'waiting', tries, trouble: outcome.trouble, next_at: Date.now() + (outcome.after ?? backOff(tries)), probe: true };
  }
}
