/** What a form of one screen says, and the few things it asks for. */
import { maybe, one } from '../lib/dom.js';
import { refusal } from '../lib/texts.js';
import { uuid7 } from '../lib/uuid.js';
import { isAsked, sealedFields } from './fields.js';

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
 * The first thing that such a form cannot do without and that was not said: its place `[data-empty]` names the field.
 * @param {HTMLFormElement} form
 * @returns {HTMLElement | null}
 */
export function missing(form) {
  const fields = new FormData(form);
  const places = /** @type {HTMLElement[]} */ ([...form.querySelectorAll('[data-empty]')]);
  for (const place of places) place.hidden = true;
  return places.filter(isAsked).find(({ dataset: { errorFor = '' } }) => !String(fields.get(errorFor) ?? '').trim() || outside(form, errorFor)) ?? null;
}

/**
 * Whether a day lies outside what its field allows; the browser knows `min` and `max`.
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function outside(form, name) {
  const { validity } = /** @type {HTMLInputElement} */ (maybe(form, `[type=date][name="${name}"]`) ?? {});
  return Boolean(validity?.rangeUnderflow || validity?.rangeOverflow);
}

/**
 * Say what is missing, and lead there.
 * @param {HTMLFormElement} form
 * @param {HTMLElement} box  one that `missing` found
 */
export function askFor(form, box) {
  const { what, do: act } = refusal('field_empty', { field: box.dataset['empty'] ?? '' });
  [box.hidden, box.textContent] = [false, `${what} ${act}`];
  const first = maybe(form, `[name="${box.dataset['errorFor']}"]`);
  first?.focus();
  first?.scrollIntoView({ block: 'center' });
}

/**
 * What the record is called in «Отправка»: the answer that says it (`data-label` names its field), else the form's kind.
 * @param {HTMLFormElement} form
 */
export function labelOf(form) {
  const said = new FormData(form).get(form.dataset['label'] ?? '');
  return String(said || form.dataset['outbox']);
}

/**
 * Its day, YYYY-MM-DD: the field `on`, or the one that `data-day` names; where that says «other», the one typed beside it.
 * @param {HTMLFormElement} form
 */
export function dayOf(form) {
  const [fields, name] = [new FormData(form), form.dataset['day'] ?? 'on'];
  const day = String(fields.get(name) ?? '');
  return day === 'other' ? String(fields.get(`other_${name}`) ?? '') : day;
}

/**
 * Its hour, where it asks for one.
 * @param {HTMLFormElement} form
 * @returns {{ time?: string }}
 */
export function timeOf(form) {
  const time = String(new FormData(form).get('time') ?? '');
  return time ? { time } : {};
}
