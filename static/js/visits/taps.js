/**
 * Small things that a tap does inside a step: another person's panel, «так же» or a new answer, a day in one tap.
 *
 * DOM: `[data-people]` holds radios `ui.<step>` whose values name the `[data-panel]`s of that step; a `[data-row]` holds
 * one `…-same`, one `ui.q` («Изменилось») and the answers; `[data-in-days]` fills the date field of its `.days`.
 */
import { maybe } from '../lib/dom.js';

/**
 * Everything as the fields say: after a draft came back.
 * @param {HTMLFormElement} form
 */
export function showTapped(form) {
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('[data-people] :checked'))) showPanel(input);
  // What was chosen behind a summary is not left there unseen.
  for (const box of form.querySelectorAll('details')) if (maybe(box, ':checked')) box.open = true;
}

/**
 * @param {Element} field  the one that was changed
 */
export function tapped(field) {
  if (!(field instanceof HTMLInputElement)) return;
  if (field.closest('[data-people]')) showPanel(field);
  const row = field.closest('[data-row]');
  if (row && (field.type === 'radio' || field.type === 'checkbox')) oneAnswer(row, field);
}

/**
 * @param {Event} event
 */
export function dayTapped(event) {
  const button = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest('[data-in-days]')) : null;
  const field = button && /** @type {HTMLInputElement | null} */ (button.closest('.days')?.querySelector('input[type=date]'));
  if (!button || !field) return;
  const day = new Date();
  day.setDate(day.getDate() + Number(button.dataset['inDays']));
  field.value = new Date(day.getTime() - day.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

/** @param {HTMLInputElement} chosen */
function showPanel(chosen) {
  const step = chosen.closest('[data-step]');
  if (!step) return;
  for (const panel of /** @type {NodeListOf<HTMLElement>} */ (step.querySelectorAll('[data-panel]'))) {
    panel.hidden = panel.dataset['panel'] !== chosen.value;
  }
}

/**
 * «Так же» and a new answer exclude each other; «Изменилось» taken back takes the answer back.
 * @param {Element} row
 * @param {HTMLInputElement} field
 */
function oneAnswer(row, field) {
  const fields = [.../** @type {NodeListOf<HTMLInputElement>} */ (row.querySelectorAll('input'))];
  const isSame = field.name.endsWith('-same');
  const isMode = field.name === 'ui.q';
  for (const other of fields) {
    if (isSame && field.checked && other !== field) other.checked = false;
    if (!isSame && field.checked && other.name.endsWith('-same')) other.checked = false;
    if (isMode && !field.checked && other.type === 'radio') other.checked = false;
  }
}
