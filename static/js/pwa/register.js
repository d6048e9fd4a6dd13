/** Register the service worker: on phones only. The office has no shell, no outbox and no need of one. */
import { policy } from '../transport/trusted.js';

/** Resolves when registered; silent where the browser refuses (a private window). */
export async function registerServiceWorker() {
  if (!('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register(/** @type {any} */ (policy.createScriptURL('/sw.js')), { scope: '/' });
  } catch {
    // The app works without: it needs the network to open, and says so by itself.
  }
}

/** Ask the browser not to evict the storage; some ask the person, so it comes after something worth keeping. */
export async function keepStorage() {
  if (!(await navigator.storage?.persisted?.())) await navigator.storage?.persist?.();
}
