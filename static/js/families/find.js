/**
 * The search box of a phone: filters the families that stand on the page, with and without a network. Nothing typed
 * leaves the phone or stays on it.
 */
import { maybe } from '../lib/dom.js';
import { t } from '../lib/texts.js';
import { asked, fits, nearlyFits } from './words.js';

/** Watch the boxes of pages to come. Once per page. */
export function startFind() {
  document.addEventListener('input', (event) => {
    if (event.target instanceof HTMLInputElement && event.target.closest('[data-find-here]')) find(event.target.value);
  });
}

/** @param {string} text */
function find(text) {
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('#found [data-words]')]);
  const chosen = choose(rows, text);
  for (const row of rows) row.hidden = !chosen.has(row);
  const none = maybe(document, '#found [data-not-found]');
  if (none) none.hidden = chosen.size > 0 || rows.length === 0;
  const line = maybe(document, '#found-line');
  if (line) line.textContent = text.trim() && chosen.size ? t('find.found', { n: String(chosen.size) }) : '';
}

/**
 * As it is written; only where that is nobody's, with a letter wrong. Initials choose among several.
 * @param {HTMLElement[]} rows
 * @param {string} text
 * @returns {Set<HTMLElement>}
 */
function choose(rows, text) {
  const { words, initials } = asked(text);
  if (words.length === 0) return new Set(text.trim() ? [] : rows);
  /** @param {typeof fits} rule */
  const those = (rule) => rows.filter((row) => rule(words, wordsOf(row)));
  const found = those(fits).length ? those(fits) : those(nearlyFits);
  const named = found.filter((row) => initials.every((letter) => wordsOf(row).some((word) => word.startsWith(letter))));
  return new Set(initials.length && named.length ? named : found);
}

/** @param {HTMLElement} row */
const wordsOf = (row) => (row.dataset['words'] ?? '').split(' ');
