/**
 * The hint to put the app on the phone's screen, with why, after the first sealed record; and a reminder of records that
 * have waited for days, which a browser's tab may lose with its storage.
 *
 * DOM: template `install` (`[data-install]`, `[data-later]`), shown on «Сегодня».
 */
import { get, put } from '../lib/db.js';
import { fromTemplate, maybe, one } from '../lib/dom.js';
import { refusal, t } from '../lib/texts.js';
import { isUnsent, items } from '../outbox/store.js';
import { app, note } from '../transport/page.js';
import { current, isOpen } from '../vault/vault.js';

const KEY = 'install_asked_at';
const DAY_MS = 86_400_000;
const ASK_AGAIN_MS = 14 * DAY_MS;
/** Safari forgets a site that was not opened for seven days: this leaves some to find a network. */
const OLD_MS = 3 * DAY_MS;
const DATE = new Intl.DateTimeFormat('ru', { day: '2-digit', month: '2-digit' });

/** @type {any} Chromium's own offer, kept for our button */
let offer = null;

/** Once per page, early: the browser makes its offer soon after the load. */
export function startInstallHint() {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offer = event;
  });
  addEventListener('appinstalled', () => {
    offer = null;
    maybe(document, '[data-install-hint]')?.remove();
  });
  document.addEventListener('curator:page', () => void look().catch(() => {})); // locked meanwhile
}

async function look() {
  if (location.pathname !== '/today' || !isOpen()) return;
  const { db } = current();
  const rows = await items(db);
  const old = rows.filter((row) => isUnsent(row) && Date.now() - Date.parse(row.created_at) > OLD_MS);
  if (old.length) note(refusal('unsent_long', { n: old.length, on: DATE.format(new Date(old[0]?.created_at ?? '')) }));
  const text = offer ? t('install.text_android') : isApple() ? t('install.text_ios') : null;
  const asked = (await get(db, 'meta', KEY)) ?? 0;
  if (!rows.length || !text || installed() || Date.now() - asked < ASK_AGAIN_MS) return;
  show(text);
}

/** @param {string} text */
function show(text) {
  if (maybe(app(), '[data-install-hint]')) return;
  const { db } = current();
  const hint = fromTemplate('install', { text });
  const button = one(hint, '[data-install]');
  button.hidden = !offer;
  button.addEventListener('click', async () => {
    hint.remove();
    await offer?.prompt();
    offer = null; // the browser takes each offer once
  });
  one(hint, '[data-later]').addEventListener('click', () => {
    hint.remove();
    void put(db, 'meta', Date.now(), KEY);
  });
  maybe(app(), 'main')?.append(hint);
}

/** It runs from the phone's screen. */
export const installed = () =>
  matchMedia('(display-mode: standalone)').matches || /** @type {any} */ (navigator).standalone === true;

/** There only the person can do it, by the browser's own menu. */
export const isApple = () => /iPhone|iPad/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
