/**
 * The service worker: opens the app without a network and sends sealed envelopes without a page. It holds no key.
 */
import { flushAll } from '../static/js/outbox/flush.js';
import { uuid7 } from '../static/js/lib/uuid.js';
import './push.js';
import { ruleFor } from './rules.js';
import { formsOpen } from './open_pages.js';
import { asset, dropOldCaches, fillCache, rescue, shell } from './strategies.js';

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

/** Browsers end a sync event at three minutes; this one ends by itself, and asks to be woken for the rest. */
const SYNC_MS = 150_000;
const BUSY_MS = 3000;

worker.addEventListener('install', (event) => event.waitUntil(fillCache()));

worker.addEventListener('activate', (event) => {
  event.waitUntil(dropOldCaches().then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (event) => {
  const rule = ruleFor(event.request, new URL(event.request.url), location.origin);
  if (rule === 'shell') {
    event.respondWith(shell(event.request));
    event.waitUntil(dropOldCaches()); // the page that is left by this may have been the last of its build
  } else if (rule === 'rescue') event.respondWith(rescue(event.request));
  else if (rule === 'asset') event.respondWith(asset(event.request));
});

// A page asks for it; while a form stands open anywhere, the worker under it is not exchanged. Pages ask again.
worker.addEventListener('message', (event) => {
  if (event.data?.type === 'claim') event.waitUntil(worker.clients.claim());
  if (event.data?.type === 'update') event.waitUntil(formsOpen().then((open) => (open ? null : worker.skipWaiting())));
});

// Background Sync. Where a browser lacks it, the page's own triggers send everything.
worker.addEventListener('sync', (/** @type {any} */ event) => {
  if (String(event.tag).startsWith('outbox-')) event.waitUntil(sendAll(Boolean(event.lastChance)));
});

/**
 * Send until nothing waits or the time is over.
 * @param {boolean} lastChance  the browser will not try this tag again
 * @throws {Error} when the network or the server is away: the browser tries again by itself
 */
async function sendAll(lastChance) {
  const until = Date.now() + SYNC_MS;
  for (;;) {
    const results = await flushAll({ eager: true, until });
    const left = results.filter(({ waiting }) => waiting > 0);
    if (left.some(({ busy }) => busy) && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, BUSY_MS));
      continue;
    }
    const away = left.some(({ stopped }) => stopped !== null && stopped !== 'time');
    if (left.some(({ stopped }) => stopped === 'time') || (left.length && away && lastChance)) await wakeAgain();
    else if (left.some(({ wake }) => wake !== null)) throw new Error('not everything was sent');
    return;
  }
}

/** A fresh tag: one that has failed is held back for minutes. */
async function wakeAgain() {
  const { sync } = /** @type {any} */ (worker.registration);
  await sync?.register(`outbox-${uuid7()}`);
}
