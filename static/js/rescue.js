/**
 * /rescue and the app's emergency exit: a bundle of its own, so that a release whose app does not start still sends what
 * waits and lets it be saved. On the page it shows how much waits; anywhere else it only sends. Needs no key.
 */
import { hear } from './lib/bus.js';
import { all, openEnrolment, openRegistry } from './lib/db.js';
import { fill, maybe, one } from './lib/dom.js';
import { t, useTexts } from './lib/texts.js';
import { flushAll } from './outbox/flush.js';
import { groupsOf } from './outbox/groups.js';
import { makeRescueFile, saveRescueFile } from './outbox/rescue.js';
import { isUnsent, items, line } from './outbox/store.js';
import { troubleWords } from './outbox/words.js';

/** @typedef {import('./lib/db.js').EnrolmentEntry} Entry */

const EVERY_MS = 60_000;

const page = maybe(document, '[data-rescue-page]');
if (page) void start(page);
else void flushAll({ eager: true }).catch(() => {});

/** @param {HTMLElement} root */
async function start(root) {
  useTexts(JSON.parse(root.dataset['words'] ?? '{}'));
  hear('outbox', () => void show(root));
  button(root, 'send').addEventListener('click', (event) => void send(root, event.currentTarget));
  button(root, 'save').addEventListener('click', () => void save(root));
  addEventListener('online', () => void send(root));
  setInterval(() => void send(root), EVERY_MS);
  await show(root);
  await send(root);
}

/** @param {HTMLElement} root */
async function show(root) {
  const dbs = await databases();
  const rows = (await Promise.all(dbs.map(items))).flat();
  const unsent = groupsOf(rows.filter(isUnsent)).length; // records, as «Отправка» counts them
  const lines = await Promise.all(dbs.map(line));
  const how = lines.find(({ trouble }) => trouble);
  const words = how ? troubleWords(how, unsent) : null;
  root.dataset['state'] = unsent ? 'waiting' : 'empty';
  fill(root, {
    count: unsent ? t('rescue_page.unsent', { n: unsent }) : t('rescue_page.nothing'),
    trouble: words ? [words.what, words.safe, words.do].join(' ') : null,
  });
  button(root, 'save').hidden = button(root, 'send').hidden = !unsent;
  one(root, '[data-rescue=about]').hidden = !unsent && !root.dataset['saved'];
}

/** @param {HTMLElement} root  @param {EventTarget | null} [tapped] */
async function send(root, tapped = null) {
  if (tapped instanceof HTMLButtonElement) tapped.disabled = true;
  await flushAll({ eager: true, asked: tapped !== null }).catch(() => []);
  if (tapped instanceof HTMLButtonElement) tapped.disabled = false;
  await show(root);
}

/** @param {HTMLElement} root */
async function save(root) {
  const file = await makeRescueFile(await databases());
  if (!file) return;
  await saveRescueFile(file);
  root.dataset['saved'] = '';
  fill(root, { saved: t('queue.rescue_done', { n: file.records }) });
}

/** The queues of every phone enrolment of this browser: what a colleague left waiting is rescued as well. */
async function databases() {
  const entries = /** @type {Entry[]} */ (await all(await openRegistry(), 'enrolments'));
  return Promise.all(entries.filter(({ kind }) => kind === 'field').map(({ short }) => openEnrolment(short)));
}

/** @param {HTMLElement} root @param {string} name  @returns {HTMLButtonElement} */
function button(root, name) {
  return one(root, `[data-rescue=${name}]`);
}
