/**
 * The rows of «Отправка»: `<template data-template="outbox-row">` with the slots row, tag, title, line, progress, link,
 * amend and more (the lines of more.js).
 */
import { text as decoded } from '../lib/bytes.js';
import { get } from '../lib/db.js';
import { fromTemplate, one } from '../lib/dom.js';
import { clockTime, refusal, t } from '../lib/texts.js';
import { current, decrypt } from '../vault/vault.js';
import { pathOf, titleOf } from '../visits/draft.js';
import { moreWords } from './more.js';
import { labelKey } from './store.js';
import { chip, detail, recordTitle } from './words.js';

/** @typedef {import('./groups.js').Group} Group */
/** @typedef {import('./queue.js').Label & { family_id?: string | null }} Label */

/** @type {Set<string>} records whose «Подробнее» is open: every change makes the rows anew */
const opened = new Set();

/** @param {Event} event  of a `<details>` */
export function keepOpen({ target }) {
  const group = target instanceof HTMLDetailsElement && target.dataset['more'];
  if (!group) return;
  if (target.open) opened.add(group);
  else if (target.isConnected) opened.delete(group);
}

/** @param {Group[]} groups  @param {Set<string>} amends  @param {import('./store.js').Line} how */
export const rowsOf = (groups, amends, how) => Promise.all(groups.map((group) => row(group, amends, how)));

/**
 * @param {Group} group
 * @param {Set<string>} amends  groups that can be supplemented or corrected here
 * @param {import('./store.js').Line} how
 */
async function row(group, amends, how) {
  const label = await labelOf(group.group);
  const sending = group.state === 'sending';
  const fixable = group.state === 'needs_you' && label?.family_id;
  const made = fromTemplate('outbox-row', {
    row: { 'data-state': group.state, 'data-group': group.group },
    tag: chip(group),
    title: label ? recordTitle(label) : t('queue.kinds.record'),
    line: detail(group, label),
    progress: sending ? { value: String(group.sentSize), max: String(group.size || 1), 'aria-label': t('queue.sent') } : null,
    link: fixable && !amends.has(group.group) ? { href: `/families/${label.family_id}`, text: refusal('parked_need_fix').button } : null,
    amend: amends.has(group.group) ? { 'data-amend': group.group, text: t('queue.amend') } : null,
    more: { 'data-more': group.group },
    ...moreWords(group, how),
  });
  one(made, 'details').toggleAttribute('open', opened.has(group.group));
  return made;
}

/** @param {import('../visits/draft.js').Draft} draft */
export function draftRow(draft) {
  return fromTemplate('outbox-row', {
    row: { 'data-state': 'draft' },
    tag: t('statuses.draft.chip'),
    title: titleOf(draft),
    line: t('statuses.draft.long', { time: clockTime(new Date(draft.saved_at)) }),
    progress: null,
    link: { href: pathOf(draft), text: refusal('draft_found').button },
  });
}

/**
 * What a record is called, as it was kept with it.
 * @param {string} group
 * @returns {Promise<Label | null>} null when there is none or it does not open
 */
export async function labelOf(group) {
  try {
    const kept = await get(current().db, 'copies', labelKey(group));
    return kept ? JSON.parse(decoded(await decrypt(`copies|${labelKey(group)}`, kept))) : null;
  } catch {
    return null;
  }
}
