/**
 * The form one step at a time: a list of tasks in any order, each on its own screen, with Back between them.
 *
 * DOM: `[data-step=tasks|meeting|…|check]`, `[data-go-step]`, `[data-task-state=<step>]` filled from the templates
 * `task-done`, `task-started`, `task-empty`, `[data-only-outcome=visit|attempt]`. Without this file all steps show.
 */
import { fromTemplate, maybe } from '../lib/dom.js';
import { collect } from './fields.js';

export const FIRST = 'tasks';
/** The phone fills these by itself: they say nothing of whether anybody began. */
const BY_ITSELF = new Set(['on', 'started']);

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
 * Mark each task: done, started, not started.
 * @param {HTMLFormElement} form
 * @param {Map<string, string>} untouched  what each step looked like when the visit began
 * @param {import('./draft.js').DraftPhoto[]} photos
 */
export function showStates(form, untouched, photos) {
  for (const mark of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('[data-task-state]'))) {
    const step = mark.dataset['taskState'] ?? '';
    const section = maybe(form, `[data-step="${step}"]`);
    if (section) mark.replaceChildren(fromTemplate(`task-${stateOf(form, step, section, untouched, photos)}`));
  }
}

/**
 * What each step looks like now, to be compared later.
 * @param {HTMLElement} form
 */
export const looks = (form) =>
  new Map(sections(form).map((section) => [section.dataset['step'] ?? '', look(section)]));

/** @param {HTMLElement} section */
const look = (section) => JSON.stringify(collect(section).filter(([name]) => !BY_ITSELF.has(name)));

/**
 * @param {HTMLFormElement} form
 * @param {string} step
 * @param {HTMLElement} section
 * @param {Map<string, string>} untouched
 * @param {import('./draft.js').DraftPhoto[]} photos
 * @returns {'done' | 'started' | 'empty'}
 */
function stateOf(form, step, section, untouched, photos) {
  if (step === 'photos') {
    if (photos.length === 0) return 'empty';
    return photos.every((photo) => photo.place && photo.purpose) ? 'done' : 'started';
  }
  if (look(section) === untouched.get(step)) return 'empty';
  return isDone(new FormData(form), step) ? 'done' : 'started';
}

/**
 * @param {FormData} data
 * @param {string} step
 */
function isDone(data, step) {
  if (step === 'meeting') {
    const outcome = data.get('outcome');
    return Boolean(outcome) && (outcome !== 'visit' || data.has('who_home') || data.has('other_home'));
  }
  const tapped = data.has(`${step}-strengths`) || data.has(`${step}-worries`);
  return tapped && data.has(`${step}-change`);
}

/** @param {HTMLElement} form  @returns {HTMLElement[]} */
const sections = (form) => /** @type {HTMLElement[]} */ ([...form.querySelectorAll('[data-step]')]);
