/** A tap on a notification reaches the page that stands open; and the number on the app's icon follows what was read. */
import { maybe } from '../lib/dom.js';
import { t } from '../lib/texts.js';
import { app, note } from '../transport/page.js';
import { go } from '../transport/transport.js';
import { isOpen } from '../vault/vault.js';

const COUNTED = new Set(['/today', '/reminders']);

/** Once per page. */
export function startArriving() {
  navigator.serviceWorker?.addEventListener('message', ({ data }) => {
    if (data?.type === 'open' && typeof data.path === 'string') arrive(data.path);
  });
  document.addEventListener('curator:page', () => {
    if (isOpen() && COUNTED.has(location.pathname)) void badge().catch(() => {}); // no network: the number stays
  });
}

/** @param {string} path  as the service worker found it to be one of ours */
function arrive(path) {
  // Behind the lock the page is opened that the address names.
  if (!isOpen()) return history.replaceState(history.state, '', path);
  if (!maybe(app(), 'form[data-outbox]')) return void go(path);
  const words = { what: t('push_priming.opened'), safe: t('push_priming.opened_safe'), do: t('push_priming.opened_do'), button: t('push_priming.opened_button') };
  note(words, { act: () => void go(path) });
}

async function badge() {
  const icon = /** @type {any} */ (navigator);
  if (!icon.setAppBadge) return;
  const response = await fetch('/reminders/count', { headers: { Accept: 'application/json' }, redirect: 'error' });
  const { waiting } = response.ok ? await response.json() : {};
  if (Number.isInteger(waiting)) await (waiting ? icon.setAppBadge(waiting) : icon.clearAppBadge());
}
