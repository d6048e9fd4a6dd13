/**
 * The form one step at a time: a list of tasks in any order, each on its own screen, with Back between them.
 *
 * DOM: `[data-step=tasks|meeting|…|check]`, `[data-go-step]`, `[data-next]` (its value stands before the next step's
 * name; a task's `data-as` is how it is called there), `[data-only-outcome=visit|attempt]`. Without this file all steps show.
 */
import { maybe } from '../lib/dom.js';
import { refusal, t } from '../lib/texts.js';

export const FIRST = 'tasks';

/** @param {HTMLElement} form  @returns {string[]} */
export const stepNames = (form) => sections(form).map((section) => section.dataset['step'] ?? '');

/**
 * Show one step.
 * @param {HTMLElement} form
 * @param {string} name
 * @param {'push' | 'stay'} history  `push` makes Back return here
 */
export function showStep(form, name, history) {
  const known = stepNames(form).includes(name) ? name : FIRST;
  for (const section of sections(form)) section.hidden = section.dataset['step'] !== known;
  form.dataset['at'] = known;
  if (history === 'push') globalThis.history.pushState({ step: known }, '', `#${known}`);
  if (history === 'push') {
    scrollTo(0, 0);
    const heading = maybe(form, `[data-step="${known}"] h1, [data-step="${known}"] h2`);
    heading?.setAttribute('tabindex', '-1');
    heading?.focus({ preventScroll: true });
  }
}

/** @param {HTMLElement} form */
export const currentStep = (form) => form.dataset['at'] ?? FIRST;

/**
 * Hide what this outcome does not have.
 * @param {HTMLFormElement} form
 */
export function showOutcome(form) {
  const outcome = new FormData(form).get('outcome');
  const kind = outcome && outcome !== 'visit' ? 'attempt' : 'visit';
  for (const block of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('[data-only-outcome]'))) {
    block.hidden = block.dataset['onlyOutcome'] !== kind;
  }
  for (const hint of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('[data-hint-for]'))) {
    hint.hidden = hint.dataset['hintFor'] !== outcome;
  }
}

/**
 * Name the next step on the buttons that lead to it: the one after this step, or from the list the first not done.
 * @param {HTMLElement} form
 */
export function showNext(form) {
  const rows = [.../** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('[data-step=tasks] li:not([hidden]) > [data-go-step]'))];
  const here = rows.findIndex((row) => row.dataset['goStep'] === currentStep(form));
  const next = here < 0 ? rows.find((row) => row.dataset['state'] !== 'done') : rows[here + 1];
  if (!next) return;
  const name = (next.dataset['as'] ?? maybe(next, '.body')?.textContent ?? '').trim();
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('[data-next]'))) {
    button.dataset['goStep'] = next.dataset['goStep'];
    button.textContent = `${button.dataset['next']}: ${name.toLowerCase()}`;
  }
}

/**
 * The one thing without which there is no record; asked for where it belongs.
 * @param {HTMLElement} form
 */
export function askOutcome(form) {
  const { what, do: act } = refusal('field_empty', { field: t('visit.outcome') });
  const box = maybe(form, '[data-error-for="outcome"]');
  if (!box) return;
  [box.hidden, box.textContent] = [false, `${what} ${act}`];
  const first = maybe(form, '[name="outcome"]');
  first?.focus();
  first?.scrollIntoView({ block: 'center' });
}

/** @param {HTMLElement} form  @returns {HTMLElement[]} */
const sections = (form) => /** @type {HTMLElement[]} */ ([...form.querySelectorAll('[data-step]')]);
