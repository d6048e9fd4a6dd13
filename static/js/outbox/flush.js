/**
 * Sending: one round over everything that waits. The same code in the page and in the service worker; a Web Lock lets
 * one of them at it. Needs no key, so a locked phone sends too.
 */
import { openEnrolment, openRegistry, all } from '../lib/db.js';
import { hello, justHeard } from './hello.js';
import { backOff, mayTryAgain, wakeAt } from './order.js';
import { isUnanswered, learn, release } from './receipts.js';
import { sendAll } from './sending.js';
import { change, items, line, reviveDead, setLine } from './store.js';
import { mayTakeOver, stillAt } from './watchdog.js';

/** @typedef {import('../lib/db.js').Database} Database */
/**
 * `eager`: something has changed (a tap, the network, a new page): back-off does not count · `asked`: a person tapped ·
 * `hello`: the office has ended the session and may have orders: ask, though it was just heard · `until`: when this worker
 * must be done, milliseconds since 1970 · `silence`: milliseconds that a request may bring nothing.
 * @typedef {{ eager?: boolean, asked?: boolean, hello?: boolean, until?: number, silence?: number }} How
 */
/**
 * `busy`: somebody else is sending · `waiting`: rows left · `wake`: when to come again, null when no need ·
 * `stopped`: why the round ended early.
 * @typedef {{ busy: boolean, waiting: number, wake: number | null, stopped: string | null }} Result
 */

const AGAIN = /** @type {const} */ ({ state: 'waiting', trouble: null, rejects: 0, next_at: 0, probe: true });
/** The server turns photos into pictures meanwhile; their receipts change without anything to send. */
const LOOK_AGAIN_MS = 300_000;
/** Who called for help looks for the answer this often; after an hour, as for pictures. */
const LOOK_FOR_ANSWER_MS = 15_000;
const ANSWER_EXPECTED_MS = 3_600_000;
/** Only the person, the office or another network ends these; the phone does not ask again by itself. */
const NEEDS_SOMEBODY = new Set(['signin_needed', 'phone_revoked', 'phone_lost']);

/**
 * Flush every phone enrolment of this browser: what a colleague left waiting goes out as the colleague's.
 * @param {How} [how]
 * @returns {Promise<Result[]>}
 */
export async function flushAll(how) {
  const entries = await all(await openRegistry(), 'enrolments');
  return Promise.all(entries.filter(({ kind, closed }) => kind === 'field' && closed !== 'gone').map(({ short }) => flush(short, how)));
}

/**
 * One round for one enrolment.
 * @param {string} short
 * @param {How} [how]
 * @returns {Promise<Result>}
 */
export async function flush(short, how = {}) {
  const db = await openEnrolment(short);
  const done = await underLock(db, short, how, { ifAvailable: true });
  if (!done.busy || !mayTakeOver(await items(db), await line(db))) return done;
  // Whoever holds the lock hangs without a word. What it may still finish later has one effect all the same.
  await setLine(db, { stolen_at: Date.now() });
  return underLock(db, short, how, { steal: true });
}

/**
 * @param {Database} db
 * @param {string} short
 * @param {How} how
 * @param {LockOptions} options
 * @returns {Promise<Result>}
 */
function underLock(db, short, how, options) {
  return navigator.locks.request(`outbox-${short}`, options, async (held) => {
    if (!held) return { busy: true, ...(await result(db)), stopped: null };
    const stop = new AbortController();
    const timer = how.until && setTimeout(() => stop.abort(), Math.max(0, how.until - Date.now()));
    try {
      const stopped = await round(db, short, how, stop.signal);
      return { busy: false, ...(await result(db)), stopped };
    } finally {
      if (timer) clearTimeout(timer);
    }
  });
}

/**
 * 1. What a dead page left. 2. Hello: is that our server, what does it want? 3. Text, then photos. 4. What became of
 * it. 5. Letting go of what is safe.
 * @param {Database} db
 * @param {string} short
 * @param {How} how
 * @param {AbortSignal} stop
 * @returns {Promise<string | null>} why it ended early
 */
async function round(db, short, how, stop) {
  await reviveDead(db);
  const { next_at: rest } = await line(db);
  if (!how.eager && Date.now() < rest) return null;
  if (how.asked) for (const item of (await items(db)).filter(mayTryAgain)) await change(db, item.id, AGAIN);
  const waits = (await items(db)).some(({ state }) => state === 'waiting');
  const called = (await items(db)).some(isUnanswered);
  if (waits) await setLine(db, { still_at: (await line(db)).still_at || Date.now() });
  if (!waits && !called && !how.asked && !how.hello && (await justHeard(db))) return null;
  const heard = await hello(db, short, stop);
  if (heard && (heard.kind === 'stop' || ('lost' in heard && heard.lost))) return halt(db, heard, stop);
  if (waits) {
    const halted = await sendAll(db, { eager: Boolean(how.eager), silence: how.silence }, stop);
    if (halted || stop.aborted) return halt(db, halted ?? {}, stop);
  }
  await setLine(db, { trouble: null, tries: 0, next_at: 0, still_at: stillAt(await items(db), await line(db), null) });
  const now = Date.now();
  const unheard = await learn(db, short, stop, now).catch((problem) => problem);
  if (!unheard) await release(db, now);
  if (waits) await hello(db, short, stop);
  return null;
}

/**
 * The round ends here: why, and how long the enrolment rests before it tries again by itself.
 * @param {Database} db
 * @param {{ trouble?: string, after?: number }} outcome
 * @param {AbortSignal} stop
 * @returns {Promise<string>}
 */
async function halt(db, { trouble = 'server_unreachable', after }, stop) {
  if (stop.aborted) return 'time'; // this worker's time was over; nothing is wrong with the network
  const before = await line(db);
  const tries = before.tries + 1;
  const rest = NEEDS_SOMEBODY.has(trouble) ? Infinity : Date.now() + (after ?? backOff(tries));
  await setLine(db, { trouble, tries, next_at: rest, still_at: stillAt(await items(db), before, trouble) });
  return trouble;
}

/**
 * @param {Database} db
 * @returns {Promise<{ waiting: number, wake: number | null }>}
 */
async function result(db) {
  const rows = await items(db);
  const { next_at: rest } = await line(db);
  const unapplied = rows.some(({ state, applied }) => state === 'on_server' && !applied);
  const called = rows.filter(isUnanswered);
  const soon = called.some(({ sent_at }) => Date.now() - sent_at < ANSWER_EXPECTED_MS);
  const look = soon ? LOOK_FOR_ANSWER_MS : unapplied || called.length ? LOOK_AGAIN_MS : null;
  const wake = wakeAt(rows, rest) ?? (look && Date.now() + look);
  return { waiting: rows.filter(({ state }) => state === 'waiting').length, wake: wake === Infinity ? null : wake };
}
