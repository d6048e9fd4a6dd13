/**
 * The page «Отправка» (templates/outbox.html): what waits, oldest first, what needs somebody, and what is there already.
 * Each row is `<template data-template="outbox-row">` with the slots row, tag, title, line, progress, link.
 */
import { hear } from '../lib/bus.js';
import { text as decoded } from '../lib/bytes.js';
import { get } from '../lib/db.js';
import { fill, fromTemplate, maybe, one } from '../lib/dom.js';
import { clockTime, refusal, t, when } from '../lib/texts.js';
import { app, note } from '../transport/page.js';
import { signInThen } from '../transport/sign_in_note.js';
import { go } from '../transport/transport.js';
import { current, decrypt, isOpen } from '../vault/vault.js';
import { amend, amendable } from '../visits/amend.js';
import { drafts } from '../visits/draft.js';
import { groupsOf } from './groups.js';
import { items, labelKey, line } from './store.js';
import { send } from './triggers.js';
import { chip, detail, recordTitle, troubleWords } from './words.js';

/** @typedef {import('./groups.js').Group} Group */
/** @typedef {import('./queue.js').Label & { family_id?: string | null }} Label */

let turn = 0;

/** Fill the page whenever it stands and whenever something changes. Once per browser page. */
export function startOutboxPage() {
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
  const [rows, how, unfinished] = [await items(db), await line(db), await drafts()];
  const groups = groupsOf(rows);
  const open = groups.filter(({ state }) => state !== 'on_server');
  const done = groups.filter(({ state }) => state === 'on_server').reverse();
  const amends = await amendable();
  const [openRows, doneRows] = [await rowsOf(open, amends), await rowsOf(done, amends)];
  if (mine !== turn || !page.isConnected || !isOpen()) return;
  put(page, 'open', [...openRows, ...unfinished.map(draftRow)]);
  put(page, 'done', doneRows);
  one(page, '[data-outbox-part=done]').hidden = !done.length;
  const last = Math.max(0, ...done.map(({ sentAt }) => sentAt));
  const empty = one(page, '[data-outbox-empty]');
  empty.hidden = open.length + unfinished.length > 0;
  fill(empty, { last: last ? t('queue.last', { when: when(new Date(last)) }) : null });
  showTrouble(page, how, open.length);
}

/**
 * What keeps everything back: quietly in the page's line, or as a note when a person can end it.
 * @param {HTMLElement} page
 * @param {import('./store.js').Line} how
 * @param {number} unsent
 */
function showTrouble(page, how, unsent) {
  const words = troubleWords(how, unsent);
  const calm = words && !words.forPerson ? [words.what, words.safe, words.do].join(' ') : '';
  one(page, '[data-outbox-state]').textContent = calm;
  const shown = maybe(app(), '[data-note=sending]');
  if (!words?.forPerson) return shown?.remove();
  if (shown?.dataset['trouble'] === words.id) return undefined;
  const again = () => send({ eager: true, asked: true });
  note(words, { act: () => void (words.id === 'signin_needed' ? signInThen(again) : again()) });
  const box = maybe(app(), '[data-note]');
  if (box) Object.assign(box.dataset, { note: 'sending', trouble: words.id });
  return undefined;
}

/** @param {Group[]} groups  @param {Set<string>} amends */
const rowsOf = (groups, amends) => Promise.all(groups.map((group) => row(group, amends)));

/** @param {Group} group  @param {Set<string>} amends  groups that can be supplemented or corrected here */
async function row(group, amends) {
  const label = await labelOf(group.group);
  const sending = group.state === 'sending';
  const fixable = group.state === 'needs_you' && label?.family_id;
  return fromTemplate('outbox-row', {
    row: { 'data-state': group.state },
    tag: chip(group),
    title: label ? recordTitle(label) : t('queue.kinds.record'),
    line: detail(group, label),
    progress: sending ? { value: String(group.sentSize), max: String(group.size || 1), 'aria-label': t('queue.sent') } : null,
    link: fixable && !amends.has(group.group) ? { href: `/families/${label.family_id}`, text: refusal('parked_need_fix').button } : null,
    amend: amends.has(group.group) ? { 'data-amend': group.group, text: t('queue.amend') } : null,
  });
}

/** @param {import('../visits/draft.js').Draft} draft */
function draftRow({ surname, family, saved_at }) {
  return fromTemplate('outbox-row', {
    row: { 'data-state': 'draft' },
    tag: t('statuses.draft.chip'),
    title: surname,
    line: t('statuses.draft.long', { time: clockTime(new Date(saved_at)) }),
    progress: null,
    link: { href: `/families/${family}/visit`, text: refusal('draft_found').button },
  });
}

/**
 * @param {HTMLElement} page
 * @param {'open' | 'done'} name
 * @param {HTMLElement[]} rows
 */
function put(page, name, rows) {
  const list = one(page, `[data-outbox-list=${name}]`);
  list.hidden = !rows.length;
  list.replaceChildren(...rows);
}

/**
 * @param {string} group
 * @returns {Promise<Label | null>} null when there is none or it does not open
 */
async function labelOf(group) {
  try {
    const kept = await get(current().db, 'copies', labelKey(group));
    return kept ? JSON.parse(decoded(await decrypt(`copies|${labelKey(group)}`, kept))) : null;
  } catch {
    return null;
  }
}
