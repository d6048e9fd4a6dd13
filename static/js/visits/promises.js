/**
 * New promises of both sides: rows that are added by a tap. Each gets its id here, on the phone.
 *
 * DOM: `[data-side=ours|theirs]` holds `[data-promises]` for rows of the template `promise-<side>`, `[data-add-promise]`
 * and `[data-ready]` buttons; a row's fields are called promises-N-…, it has `[data-drop-promise]`; template `promise-gone`.
 */
import { fromTemplate, maybe, one } from '../lib/dom.js';
import { uuid7 } from '../lib/uuid.js';

const UNDO_MS = 8000;
const SIDE = /^promises-(\d+)-side$/;
/** Stands in a ready phrase for what only this family knows. */
const GAP = '…';

/**
 * Make the rows of a draft, so that its fields have where to go.
 * @param {HTMLElement} form
 * @param {import('./fields.js').Pair[]} pairs
 */
export function makeRows(form, pairs) {
  for (const [name, side] of pairs) {
    const n = SIDE.exec(name)?.[1];
    const box = n && maybe(form, `[data-side="${side}"]`);
    if (n && box && !maybe(form, `[name="${name}"]`)) addRow(box, n);
  }
}

/**
 * @param {HTMLElement} form
 * @param {() => void} changed  something was added or taken away
 */
export function startPromises(form, changed) {
  form.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest('button')) : null;
    const box = /** @type {HTMLElement | null} */ (button?.closest('[data-side]') ?? null);
    if (!button || !box) return;
    if (button.hasAttribute('data-add-promise')) write(emptyRow(form, box), '');
    else if (button.hasAttribute('data-ready')) write(emptyRow(form, box), button.textContent ?? '');
    else if (button.hasAttribute('data-drop-promise')) drop(one(box, '[data-promises]'), button, changed);
    else return;
    changed();
  });
}

/**
 * A row of that side with nothing in it yet.
 * @param {HTMLElement} form
 * @param {HTMLElement} box
 */
function emptyRow(form, box) {
  const words = [.../** @type {NodeListOf<HTMLTextAreaElement>} */ (box.querySelectorAll('[name$="-what"]'))];
  const empty = words.find((field) => field.value.trim() === '')?.closest('[data-promise]');
  if (empty) return /** @type {HTMLElement} */ (empty);
  const taken = [.../** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('[name^="promises-"][name$="-side"]'))];
  const row = addRow(box, String(1 + Math.max(-1, ...taken.map(({ name }) => Number(SIDE.exec(name)?.[1] ?? -1)))));
  /** @type {HTMLInputElement} */ (one(row, '[name$="-id"]')).value = uuid7();
  return row;
}

/**
 * @param {HTMLElement} box
 * @param {string} n
 */
function addRow(box, n) {
  const row = fromTemplate(`promise-${box.dataset['side']}`);
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (row.querySelectorAll('[name]'))) {
    field.name = field.name.replace('promises-N-', `promises-${n}-`);
  }
  one(box, '[data-promises]').append(row);
  return row;
}

/**
 * @param {HTMLElement} row
 * @param {string} phrase  what it lacks is selected, to be typed over; a whole one needs no keyboard
 */
function write(row, phrase) {
  const field = /** @type {HTMLTextAreaElement} */ (one(row, '[name$="-what"]'));
  if (phrase) field.value = phrase;
  const gap = phrase.indexOf(GAP);
  if (!phrase || gap >= 0) field.focus();
  if (gap >= 0) field.setSelectionRange(gap, gap + GAP.length);
  row.scrollIntoView({ block: 'center' });
}

/**
 * @param {HTMLElement} list
 * @param {Element} button
 * @param {() => void} changed
 */
function drop(list, button, changed) {
  const row = button.closest('[data-promise]');
  if (!row || !list.contains(row)) return;
  const gone = fromTemplate('promise-gone');
  row.replaceWith(gone);
  const forget = setTimeout(() => gone.remove(), UNDO_MS);
  one(gone, '[data-undo]').addEventListener('click', () => {
    clearTimeout(forget);
    gone.replaceWith(row);
    changed();
  });
}
