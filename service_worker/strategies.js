/** What the rules mean: the shell's cache, and nothing else is ever written to it. */
import { all, openRegistry } from '../static/js/lib/db.js';
import { buildsInUse } from './open_pages.js';

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const PREFIX = 'shell-';
const NAME = PREFIX + SHELL.version;
/** Pages among the shell's files: their addresses stay when their contents change. */
const PAGES = new Set(['/shell', '/rescue']);
/** One bar of signal is worse than none: the copy of «Спасти записи» sends as well as a fresh one. */
const RESCUE_MS = 5000;

/** Take everything the shell is made of; all of it or nothing. Past the HTTP cache, which may hold the last build. */
export async function fillCache() {
  const cache = await caches.open(NAME);
  // A file's name changes with its content: what an older build holds under the same name is the same file.
  await Promise.all(SHELL.urls.map(async (url) => {
    const held = PAGES.has(url) ? undefined : await caches.match(url);
    const response = held ?? (await fetch(url, { cache: PAGES.has(url) ? 'reload' : 'default', redirect: 'error' }));
    if (!response.ok) throw new TypeError(`the shell lacks ${url}`);
    await cache.put(url, response);
  }));
}

/** Remove the caches of older builds, except those that an open page may still ask for a file of. */
export async function dropOldCaches() {
  const { installing, waiting } = worker.registration;
  if (installing || waiting) return; // what is not ours may be newer
  const inUse = await buildsInUse();
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX) || name === NAME) continue;
    const cache = await caches.open(name);
    const needed = await Promise.all(inUse.map((script) => cache.match(script)));
    if (!needed.some(Boolean)) await caches.delete(name);
  }
}

/**
 * A page of a phone: the shell, at once. A browser without a vault asks the server, which knows the office's pages.
 * @param {Request} request
 * @returns {Promise<Response>}
 */
export async function shell(request) {
  const held = (await isPhone()) ? await (await caches.open(NAME)).match('/shell') : undefined;
  return held ?? fetch(request);
}

/**
 * A file whose name changes with its content.
 * @param {Request} request
 * @returns {Promise<Response>}
 */
export async function asset(request) {
  // Any build's cache: a page that was opened before an update may still ask for a file of its own build.
  return (await caches.match(request)) ?? fetch(request);
}

/**
 * «Спасти записи»: from the network, because a newer one may mend what is wrong with this build; the copy where the
 * network does not answer, answers with something else, or the server is down.
 * @param {Request} request
 * @returns {Promise<Response>}
 */
export async function rescue(request) {
  const held = await caches.match('/rescue');
  if (!held) return fetch(request);
  const fresh = await fetch(request, { signal: AbortSignal.timeout(RESCUE_MS) }).catch(() => null);
  return fresh?.ok && fresh.headers.has('Curator-Page') ? fresh : held;
}

/** Whether the enrolment in use here is a phone's. A registry that cannot be read is no reason to show no page. */
async function isPhone() {
  try {
    const entries = await all(await openRegistry(), 'enrolments');
    return entries.some(({ kind, active }) => active && kind === 'field');
  } catch {
    return false;
  }
}
