/**
 * The visit form on a phone: begins or takes up a draft, keeps it safe at every change, seals it at «Готово».
 * Knows nothing of what the form asks: fields, chips and steps are the page's.
 */
import { maybe, one } from '../lib/dom.js';
import { clockTime, refusal, t } from '../lib/texts.js';
import { go } from '../transport/transport.js';
import { isOpen, onLock } from '../vault/vault.js';
import { showCheck } from './check.js';
import { draftOf, newDraft, saveDraft } from './draft.js';
import { collect, goTo, place, restore } from './fields.js';
import { startPhotos } from './photos.js';
import { saver } from './saving.js';
import { sealVisit } from './sealing.js';
import { currentStep, FIRST, looks, showOutcome, showStates, showStep } from './steps.js';
import { offer, showUnfinished } from './unfinished.js';

/** @typedef {import('./draft.js').Draft} Draft */
/** @typedef {{ form: HTMLFormElement, draft: Draft, path: string, end: () => void, now: () => Promise<void>, stop: () => Promise<void> }} Visit */

/** @type {Visit | null} the form on the glass */
let visit = null;
/** @type {string | null} draft that this page had open before it was locked, or that was asked for on «Сегодня» */
let wanted = null;

/**
 * Watch for pages with a visit form or a place for unfinished visits. Once per page.
 * @param {{ field: boolean }} kind  the office's form is an ordinary one
 */
export function startForms({ field }) {
  if (!field) return;
  document.addEventListener('curator:page', () => void arrive());
  document.addEventListener('curator:leave', () => leave());
  document.addEventListener('htmx:before:history:restore', (event) => stepBack(event), { capture: true });
  // Chromium's htmx leaves steps that differ by the hash alone to us; the others ask through the event above.
  addEventListener('popstate', () => void stepOf(location.hash));
  document.addEventListener('visibilitychange', () => void (document.hidden && visit?.now()));
  onLock(async () => {
    wanted = visit?.draft.id ?? null;
    await visit?.now();
  });
}

async function arrive() {
  leave();
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById('visit-form'));
  if (!form) return showUnfinished(takeUp);
  const known = await draftOf(form.dataset['family'] ?? '');
  if (!form.isConnected) return;
  if (known && known.id !== wanted) return offer(form, known, () => begin(form, known));
  begin(form, known);
}

/** @param {Draft} draft */
function takeUp(draft) {
  wanted = draft.id;
  void go(`/families/${draft.family}/visit`);
}

/** Take the state off the page in the turn in which it goes. */
function leave() {
  if (!visit) return;
  if (isOpen()) void visit.now();
  visit.end();
  visit = null;
}

/**
 * @param {HTMLFormElement} form
 * @param {Draft | null} known
 */
function begin(form, known) {
  wanted = null;
  const untouched = looks(form);
  const draft = known ?? newDraft(form);
  if (known) restore(form, known.fields);
  const keep = saver(
    () => saveDraft(Object.assign(draft, snapshot(form))),
    { saved: () => say(form, t('status_line.saved_line', { time: clockTime(new Date()) })), failed: () => saveFailed(form) },
  );
  const changed = () => {
    showOutcome(form);
    showStates(form, untouched, draft.photos);
    keep.changed();
  };
  const save = async (/** @type {boolean} */ chooser) => {
    draft.chooser = chooser;
    keep.changed();
    await keep.now();
  };
  const end = startPhotos(form, draft.id, draft.photos, { save, changed });
  visit = { form, draft, path: location.pathname, end, now: keep.now, stop: keep.stop };
  listen(form, changed, keep.now, draft);
  showOutcome(form);
  showStates(form, untouched, draft.photos);
  showStep(form, known ? known.step : FIRST, 'stay');
  if (known) takenUp(form, known);
}

/**
 * @param {HTMLFormElement} form
 * @param {() => void} changed
 * @param {() => Promise<void>} now
 * @param {Draft} draft
 */
function listen(form, changed, now, draft) {
  form.addEventListener('input', changed);
  form.addEventListener('change', changed);
  form.addEventListener('focusout', () => void now());
  form.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-go-step]') : null;
    if (!(button instanceof HTMLElement)) return;
    event.preventDefault();
    void now();
    showStep(form, button.dataset['goStep'] ?? FIRST, 'push');
    showCheck(form, draft.photos);
  });
}

/** @param {HTMLFormElement} form */
function snapshot(form) {
  return { fields: collect(form), step: currentStep(form), place: place(form), saved_at: Date.now() };
}

/**
 * @param {HTMLFormElement} form
 * @param {Draft} draft
 */
function takenUp(form, draft) {
  say(form, t('status_line.saved_line', { time: clockTime(new Date(draft.saved_at)) }));
  goTo(form, draft.place);
  if (draft.step === 'check') showCheck(form, draft.photos);
  if (!draft.chooser) return;
  const { what, safe, do: act } = refusal('photo_not_arrived');
  const box = maybe(form, '[data-photo-state]');
  if (box) [box.hidden, box.textContent] = [false, `${what} ${safe} ${act}`];
}

/**
 * Back and forward between the steps of one form stay in it; anywhere else is the transport's business.
 * @param {Event} event
 */
function stepBack(event) {
  if (!stepOf(location.hash)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

/**
 * Show the step that the address names.
 * @param {string} hash
 * @returns {boolean} false when the address is not this form's
 */
function stepOf(hash) {
  if (!visit || visit.path !== location.pathname) return false;
  void visit.now();
  showStep(visit.form, hash.slice(1) || FIRST, 'stay');
  showCheck(visit.form, visit.draft.photos);
  return true;
}

/**
 * «Готово»: seal and queue, and answer with the page that the form's own template holds.
 * @param {HTMLFormElement} form
 * @returns {Promise<string>} HTML for the page
 * @throws {Error} when something is missing; the page says what
 */
export async function submit(form) {
  if (!visit || visit.form !== form) throw new DOMException('sealed already', 'AbortError');
  const { draft, stop } = visit;
  if (!new FormData(form).get('outcome')) {
    showStep(form, 'meeting', 'push');
    const { what, do: act } = refusal('field_empty', { field: t('visit.outcome') });
    const box = maybe(form, '[data-error-for="outcome"]');
    if (box) [box.hidden, box.textContent] = [false, `${what} ${act}`];
    throw new DOMException('not complete', 'AbortError');
  }
  const sealing = visit;
  visit = null; // a second tap finds nothing to seal
  await stop();
  try {
    return await sealVisit(form, draft).finally(sealing.end);
  } catch (problem) {
    visit = sealing;
    saveFailed(form);
    throw problem;
  }
}

/** @param {HTMLFormElement} form */
function saveFailed(form) {
  const { what, safe, do: act } = refusal('storage_write_failed');
  say(form, `${what} ${safe} ${act}`);
}

/**
 * @param {HTMLFormElement} form
 * @param {string} words
 */
function say(form, words) {
  one(form, '[data-saved-line]').textContent = words;
}
