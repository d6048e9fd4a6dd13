/** What a contact's form says, and the one thing it asks for. */
import { maybe, one } from '../lib/dom.js';
import { refusal, t } from '../lib/texts.js';
import { uuid7 } from '../lib/uuid.js';
import { sealedFields } from './fields.js';

/** @typedef {import('./fields.js').Pair} Pair */

/**
 * The form's fields; a promise has its id from here, and a row without words is no promise.
 * @param {HTMLFormElement} form
 * @returns {Pair[]}
 */
export function said(form) {
  const rowOf = (/** @type {string} */ name) => /^promises-\d+-/.exec(name)?.[0];
  const kept = new Set();
  for (const what of /** @type {NodeListOf<HTMLTextAreaElement>} */ (form.querySelectorAll('[name^=promises-][name$=-what]'))) {
    if (!what.value.trim()) continue;
    const row = rowOf(what.name);
    kept.add(row);
    const id = /** @type {HTMLInputElement} */ (one(form, `[name="${row}id"]`));
    id.value ||= uuid7();
  }
  return sealedFields(form).filter(([name]) => !rowOf(name) || kept.has(rowOf(name)));
}

/**
 * Say that the kind of contact is missing, and lead there.
 * @param {HTMLFormElement} form
 */
export function askKind(form) {
  const { what, do: act } = refusal('field_empty', { field: t('visit.contact_kind') });
  const box = one(form, '[data-error-for="kind"]');
  [box.hidden, box.textContent] = [false, `${what} ${act}`];
  const first = maybe(form, '[name="kind"]');
  first?.focus();
  first?.scrollIntoView({ block: 'center' });
}
