/** Reminders that come while no page is open: shown, opened by a tap, and kept coming when the browser moves. */
import { all, get, openEnrolment, openRegistry, put } from '../static/js/lib/db.js';
import { isRepeat, noticeOf, pageOf, windowOf } from './notices.js';

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const REMINDING = 'reminding';

worker.addEventListener('push', (event) => event.waitUntil(show(event.data?.text() ?? '')));

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(pageOf(event.notification.data?.path, location.origin)));
});

worker.addEventListener('pushsubscriptionchange', (/** @type {any} */ event) => {
  event.waitUntil(renew(event.oldSubscription ?? null, event.newSubscription ?? null));
});

/** @param {string} text */
async function show(text) {
  const notice = noticeOf(text, PUSH_WORDS);
  const shown = await worker.registration.getNotifications({ tag: notice.options.tag ?? '' }).catch(() => []);
  const quiet = isRepeat(notice, shown);
  const manner = /** @type {NotificationOptions} */ ({ ...notice.options, silent: quiet, renotify: !quiet, icon: PUSH_ICON, badge: PUSH_ICON });
  await worker.registration.showNotification(notice.title, manner);
  if (notice.count !== null) await badge(notice.count);
}

/** @param {number} count */
async function badge(count) {
  const icon = /** @type {any} */ (navigator);
  await (count ? icon.setAppBadge?.(count) : icon.clearAppBadge?.())?.catch(() => {});
}

/**
 * An open window is brought forward and told where to go: it knows whether it is locked and what is being written.
 * @param {string} path
 */
async function open(path) {
  const windows = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const held = windowOf(/** @type {WindowClient[]} */ (windows), location.origin);
  if (!held) return void (await worker.clients.openWindow(path));
  held.postMessage({ type: 'open', path });
  await held.focus().catch(() => {});
}

/**
 * The browser gave this phone another address by itself: the server hears it by the old one, which nobody else knows.
 * When that fails, the page says it after the next unlock.
 * @param {PushSubscription | null} old
 * @param {PushSubscription | null} fresh
 */
async function renew(old, fresh) {
  const active = (await all(await openRegistry(), 'enrolments')).find((entry) => entry.active && entry.kind === 'field');
  if (!active) return;
  const db = await openEnrolment(active.short);
  const kept = await get(db, 'meta', REMINDING);
  if (!kept?.wanted) return;
  const now = fresh ?? (await worker.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: kept.key }));
  const response = await fetch('/reminders/push/renew', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({ was: old?.endpoint ?? kept.endpoint, now: now.toJSON() }),
    redirect: 'error',
  });
  if (response.ok) await put(db, 'meta', { ...kept, endpoint: now.endpoint }, REMINDING);
}
