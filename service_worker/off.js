/**
 * The kill switch: served as /sw.js while SERVICE_WORKER=off. It takes the place of a worker that does harm, lets go of
 * the shell's copies and unregisters, so that every page comes from the network. It never touches what was written: the
 * queue lies in IndexedDB, and pages and /rescue send it.
 */
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

worker.addEventListener('install', () => void worker.skipWaiting());

worker.addEventListener('activate', (event) => event.waitUntil(leave()));

async function leave() {
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
  await worker.registration.unregister();
}

export {};
