/**
 * What makes the page send: it opened, the network came back, it is looked at again, somebody tapped, something was
 * queued, or the time of the next try has come. Where the browser has Background Sync, the service worker does it too,
 * also after the page is gone.
 */
import { uuid7 } from '../lib/uuid.js';
import { flushAll } from './flush.js';

/** Somebody else holds the lock: what was queued in its last moment is looked after by this page. */
const BUSY_MS = 2000;
/** The longest that a browser's timers can be trusted with while the phone sleeps. */
const LONGEST_MS = 300_000;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let started = false;
/** Envelopes that the last round left waiting. */
let left = 0;

/** Begin to send by itself. Once per page. */
export function startTriggers() {
  if (started) return;
  started = true;
  addEventListener('online', () => void send({ eager: true }));
  document.addEventListener('visibilitychange', () => void (document.hidden ? goesAway() : send({ eager: true })));
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element && event.target.closest('[data-send-now]');
    if (button instanceof HTMLButtonElement) void sendNow(button);
  });
  void send({ eager: true }).then(goesAway);
}

/** The page may not be there when the network is: what waits is left to the service worker. */
async function goesAway() {
  if (left > 0) await registerSync();
}

/** Something was queued: send, here and where the page is not needed. */
export function sendSoon() {
  left += 1;
  void send({ eager: true });
  void registerSync();
}

/**
 * Send now.
 * @param {import('./flush.js').How} [how]
 */
export async function send(how = {}) {
  clearTimeout(timer);
  const results = await flushAll(how).catch(() => []);
  left = results.reduce((sum, { waiting }) => sum + waiting, 0);
  const waking = results.map(({ busy, wake }) => (busy ? Date.now() + BUSY_MS : wake)).filter((at) => at !== null);
  clearTimeout(timer);
  if (!waking.length) return;
  const wait = Math.min(LONGEST_MS, Math.max(500, Math.min(...waking) - Date.now()));
  const again = results.some(({ busy }) => busy) ? how : {};
  timer = setTimeout(() => void send(again), wait);
}

/**
 * Ask the browser to wake the service worker when there is a network. The tag is new each time: one that has failed is
 * held back for minutes, and asking for the same again does not help.
 */
export async function registerSync() {
  try {
    const registration = await navigator.serviceWorker?.ready;
    await /** @type {any} */ (registration)?.sync?.register(`outbox-${uuid7()}`);
  } catch {
    // Not every browser has it, and a person may forbid it: the page's own triggers are there.
  }
}

/** @param {HTMLButtonElement} button */
async function sendNow(button) {
  button.disabled = true;
  try {
    await send({ eager: true, asked: true });
  } finally {
    button.disabled = false;
  }
}
