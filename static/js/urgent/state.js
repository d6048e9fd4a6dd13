/** How far a call is, in words: from the outbox's clear lines and, once somebody answered, from the server. */
import { table, t } from '../lib/texts.js';
import { items } from '../outbox/store.js';
import { readPage } from '../transport/reads.js';
import { policy } from '../transport/trusted.js';
import { current } from '../vault/vault.js';

/** @typedef {import('../outbox/store.js').Item} Item */
/** @typedef {import('./record.js').Alarm} Alarm */
/** @typedef {'on_phone' | 'sending' | 'stuck' | 'on_server' | 'seen' | 'confirmed' | 'cancelled'} Code */

/** What the server says, from the least to the most. */
const SAID = ['open', 'seen', 'confirmed', 'cancelled'];

/** @param {string[]} ids  @returns {Promise<Item[]>} the rows of these envelopes that the phone still has */
export async function rowsOf(ids) {
  const wanted = new Set(ids);
  return (await items(current().db)).filter(({ id }) => wanted.has(id));
}

/**
 * How far an alarm is.
 * @param {Alarm} alarm  raised
 * @param {Item[]} rows
 * @param {boolean} online
 * @returns {Code}
 */
export function codeOf(alarm, rows, online) {
  const said = Math.max(-1, ...rows.map(({ receipt }) => SAID.indexOf(receipt?.alarm ?? '')));
  if (SAID[said] === 'cancelled' || SAID[said] === 'confirmed' || SAID[said] === 'seen') return /** @type {Code} */ (SAID[said]);
  // Released rows were on the server long ago.
  if (said === 0 || !rows.length || rows.some(({ state }) => state === 'on_server')) return 'on_server';
  if (rows.every(({ state }) => state === 'needs_you')) return 'stuck';
  return online ? 'sending' : 'on_phone';
}

/** @param {Code} code */
export function words(code) {
  const states = /** @type {{ id: string, label: string }[]} */ (table('urgent.confirmation.waiting_states'));
  return states.find(({ id }) => id === `conf_${code}`)?.label ?? '';
}

/** @param {Code} code  @returns {string} the whole line */
export function line(code) {
  if (code === 'confirmed' || code === 'cancelled') return words(code);
  const said = words(code);
  return t('urgent.confirmation.waiting', { state: said[0]?.toLowerCase() + said.slice(1) });
}

/**
 * Put the server's own words about an alarm into a place on the page; the copy when there is no network.
 * @param {HTMLElement} place
 * @param {string} alarm  id
 */
export async function showAnswer(place, alarm) {
  const headers = { 'HX-Request': 'true', Accept: 'text/html' };
  const page = await readPage(`/alarms/${alarm}`, headers, new AbortController().signal).catch(() => null);
  /** @param {string | null | undefined} html */
  const put = (html) => {
    if (!html || !place.isConnected) return;
    place.innerHTML = policy.createHTML(html);
    place.hidden = false;
  };
  if (page?.status === 200) put(page.html);
  void page?.late?.then(put);
}
