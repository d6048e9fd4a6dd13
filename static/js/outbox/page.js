/**
 * The page «Отправка» (templates/outbox.html): what waits, oldest first, what needs somebody, and what is there already.
 */
import { hear } from '../lib/bus.js';
import { fill, maybe, one } from '../lib/dom.js';
import { t, when } from '../lib/texts.js';
import { app, note } from '../transport/page.js';
import { signInThen } from '../transport/sign_in_note.js';
import { go } from '../transport/transport.js';
import { current, isOpen } from '../vault/vault.js';
import { amend, amendable } from '../visits/amend.js';
import { begun } from '../visits/draft.js';
import { groupsOf } from './groups.js';
import { offerRescue, startRescueButton } from './rescue_button.js';
import { restoredWords } from './restored.js';
import { draftRow, keepOpen, rowsOf } from './rows.js';
import { items, line } from './store.js';
import { send } from './triggers.js';
import { tellSupport } from './support.js';
import { asSaid } from './watchdog.js';
import { troubleWords } from './words.js';

/** What is there stays in sight for so long. */
const SHOWN_MS = 7 * 86_400_000;

let turn = 0;

/** Fill the page whenever it stands and whenever something changes. Once per browser page. */
export function startOutboxPage() {
  startRescueButton();
  document.addEventListener('toggle', keepOpen, true);
  document.addEventListener('curator:page', () => void show());
  hear('outbox', () => void show());
  hear('draft', () => void show());
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element && event.target.closest('[data-outbox-page] [data-amend]');
    if (button) void amend(button.getAttribute('data-amend') ?? '');
    const link = event.target instanceof Element && event.target.closest('[data-outbox-page] a[data-fill=link]');
    if (!link) return;
    event.preventDefault();
    void go(link.getAttribute('href') ?? '/today');
  });
}

async function show() {
  const page = maybe(document, '[data-outbox-page]');
  if (!page || !isOpen()) return;
  const mine = ++turn;
  const { db } = current();
  const [rows, unfinished] = [await items(db), await begun()];
  const how = asSaid(rows, await line(db));
  const groups = groupsOf(rows);
  const open = groups.filter(({ state }) => state !== 'on_server');
  const since = Date.now() - SHOWN_MS;
  const done = groups.filter(({ state, sentAt }) => state === 'on_server' && sentAt >= since).reverse();
  const amends = await amendable();
  const [openRows, doneRows] = [await rowsOf(open, amends, how), await rowsOf(done, amends, how)];
  if (mine !== turn || !page.isConnected || !isOpen()) return;
  put(page, 'open', [...openRows, ...unfinished.map(draftRow)]);
  put(page, 'done', doneRows);
  one(page, '[data-outbox-part=done]').hidden = !done.length;
  const last = Math.max(0, ...done.map(({ sentAt }) => sentAt));
  const empty = one(page, '[data-outbox-empty]');
  empty.hidden = open.length + unfinished.length > 0;
  fill(empty, { last: last ? t('queue.last', { when: when(new Date(last)) }) : null });
  offerRescue(page, open.length);
  showTrouble(page, how, open.length, restoredWords(groups));
}

/**
 * What keeps everything back: quietly in the page's line, or as a note when a person can end it.
 * @param {HTMLElement} page
 * @param {import('./store.js').Line} how
 * @param {number} unsent
 * @param {string | null} restored  what there is to say of a server that was set back
 */
function showTrouble(page, how, unsent, restored) {
  const words = troubleWords(how, unsent);
  const calm = words && !words.forPerson ? [words.what, words.safe, words.do].join(' ') : '';
  one(page, '[data-outbox-state]').textContent = [restored, calm].filter(Boolean).join(' ');
  if (words?.id !== 'queue_stuck') maybe(page, '[data-outbox-support]')?.setAttribute('hidden', '');
  const shown = maybe(app(), '[data-note=sending]');
  if (!words?.forPerson) return shown?.remove();
  if (shown?.dataset['trouble'] === words.id) return undefined;
  const again = () => send({ eager: true, asked: true });
  /** @type {Record<string, () => Promise<unknown>>} */
  const acts = { signin_needed: () => signInThen(again), queue_stuck: tellSupport };
  note(words, { act: () => void (acts[words.id] ?? again)() });
  const box = maybe(app(), '[data-note]');
  if (box) Object.assign(box.dataset, { note: 'sending', trouble: words.id });
  return undefined;
}

/**
 * @param {HTMLElement} page
 * @param {'open' | 'done'} name
 * @param {HTMLElement[]} rows
 */
function put(page, name, rows) {
  const list = one(page, `[data-outbox-list=${name}]`);
  const held = list.contains(document.activeElement) ? document.activeElement : null;
  const group = held?.closest('li')?.dataset['group'];
  list.hidden = !rows.length;
  list.replaceChildren(...rows);
  // Whoever stands on a button with a keyboard or a screen reader goes on standing there.
  if (held && group) maybe(list, `[data-group="${group}"] ${held.localName}`)?.focus({ preventScroll: true });
}
