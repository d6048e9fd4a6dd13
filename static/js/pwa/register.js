/** Register the service worker: on phones only. The office has no shell, no outbox and no need of one. */
import { policy } from '../transport/trusted.js';

/** @returns {Promise<ServiceWorkerRegistration | null>} null where the browser refuses (a private window) */
export async function registerServiceWorker() {
  if (!('serviceWorker' in navigator)) return null;
  holdBuild();
  try {
    return await navigator.serviceWorker.register(/** @type {any} */ (policy.createScriptURL('/sw.js')), { scope: '/' });
  } catch {
    return null; // the app works without: it needs the network to open, and says so by itself
  }
}

/** While this page lives, the worker keeps the files of its build. */
function holdBuild() {
  const script = /** @type {HTMLScriptElement | null} */ (document.querySelector('script[type=module]'));
  if (!script) return;
  void navigator.locks.request(`build-${new URL(script.src).pathname}`, { mode: 'shared' }, () => new Promise(() => {}));
}

/** Ask the browser not to evict the storage; some ask the person, so it comes after something worth keeping. */
export async function keepStorage() {
  if (!(await navigator.storage?.persisted?.())) await navigator.storage?.persist?.();
}
