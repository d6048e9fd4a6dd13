/**
 * What is done, begun and not begun, step by step, out of the fields as they stand.
 *
 * DOM: `[data-task-state=<step>]`, filled from the templates `task-done`, `task-started`, `task-empty`; its row's
 * `data-state` says the same. `[data-row]` is one statement to answer, `.was` one that was answered before.
 */
import { fromTemplate } from '../lib/dom.js';
import { collect } from './fields.js';

/** @typedef {'done' | 'started' | 'empty'} State */
/** @typedef {Set<string>} Names  of a step's fields that have a value */

/** The phone fills these by itself: they say nothing of whether anybody began. */
const BY_ITSELF = new Set(['on', 'started', 'acquaint_text', 'acquaint_sha256']);
/** @type {WeakMap<HTMLFormElement, Map<string, string>>} which step a field is in */
const steps = new WeakMap();

/** @type {Record<string, (names: Names, data: FormData, section: HTMLElement) => boolean>} */
const DONE = {
  meeting: (names, data) => names.has('outcome') && (data.get('outcome') !== 'visit' || names.has('who_home') || names.has('other_home')),
  safety: (names, _data, section) => answered(section, names, '[data-row]'),
  // Where last time's answers stand, what changed is enough; a first time and a full pass go through all.
  living: (names, data, section) => data.get('ui.living') === 'changes' || answered(section, names, '[data-row]'),
  conversation: () => true,
  promises: (_names, data) => promised(data),
  voice: () => true,
  child_words: (names) => [...names].some((name) => name.endsWith('-verbatim')),
  next: (names) => names.has('next_on') || names.has('next_not_agreed'),
  acquaint: (names) => names.has('acquaint'),
};

/**
 * Mark each task.
 * @param {HTMLFormElement} form
 * @param {import('./draft.js').DraftPhoto[]} photos
 */
export function showStates(form, photos) {
  const data = new FormData(form);
  const found = byStep(form);
  for (const mark of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('[data-task-state]'))) {
    const step = mark.dataset['taskState'] ?? '';
    const state = step === 'photos' ? ofPhotos(photos) : ofStep(form, step, found.get(step), data);
    const row = /** @type {HTMLElement | null} */ (mark.closest('[data-go-step]'));
    if (row?.dataset['state'] === state) continue;
    if (row) row.dataset['state'] = state;
    mark.replaceChildren(fromTemplate(`task-${state}`));
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {string} step
 * @param {Names | undefined} names
 * @param {FormData} data
 * @returns {State}
 */
function ofStep(form, step, names, data) {
  const section = /** @type {HTMLElement | null} */ (form.querySelector(`[data-step="${step}"]`));
  if (!names || !section) return 'empty';
  return (DONE[step] ?? looked(step))(names, data, section) ? 'done' : 'started';
}

/** @param {import('./draft.js').DraftPhoto[]} photos  @returns {State} */
function ofPhotos(photos) {
  if (photos.length === 0) return 'empty';
  return photos.every((photo) => photo.place && photo.purpose) ? 'done' : 'started';
}

/**
 * One of the six sections: something tapped, and whether it changed, for the family or for any child.
 * @param {string} id
 * @returns {(names: Names) => boolean}
 */
const looked = (id) => (names) =>
  [...names].some((name) => /-(strengths|worries)(-same)?$/.test(name)) &&
  [...names].some((name) => name.startsWith(id) && name.endsWith('-change'));

/**
 * @param {HTMLElement} section
 * @param {Names} names
 * @param {string} selector
 */
const answered = (section, names, selector) =>
  [.../** @type {NodeListOf<HTMLElement>} */ (section.querySelectorAll(selector))].every(
    ({ dataset: { row } }) => names.has(row ?? '') || names.has(`${row}-same`),
  );

/** Every promise made has its day, and something was said. @param {FormData} data */
function promised(data) {
  const made = [...data].filter(([name, value]) => /^promises-\d+-what$/.test(name) && value);
  const told = [...data.keys()].some((name) => name.startsWith('kept-'));
  return made.every(([name]) => data.get(name.replace(/what$/, 'due'))) && (made.length > 0 || told);
}

/**
 * Names of the fields with a value, by the step they are in.
 * @param {HTMLFormElement} form
 * @returns {Map<string, Names>}
 */
function byStep(form) {
  /** @type {Map<string, Names>} */
  const found = new Map();
  for (const [name, value] of collect(form)) {
    if (!value || BY_ITSELF.has(name) || name.startsWith('ui.') || /^promises-\d+-(id|side)$/.test(name)) continue;
    const step = stepOf(form, name);
    found.set(step, (found.get(step) ?? new Set()).add(name));
  }
  return found;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function stepOf(form, name) {
  const known = steps.get(form) ?? new Map();
  steps.set(form, known);
  if (!known.has(name)) {
    const field = form.elements.namedItem(name);
    const element = field instanceof Element ? field : field?.[0];
    const section = /** @type {HTMLElement | null | undefined} */ (/** @type {Element | undefined} */ (element)?.closest('[data-step]'));
    known.set(name, section?.dataset['step'] ?? '');
  }
  return known.get(name) ?? '';
}
