/** One visit being written: keeps form and draft together at every change, and seals them in the end. */
import { maybe } from '../lib/dom.js';
import { refusal } from '../lib/texts.js';
import { showCheck } from './check.js';
import { saveDraft } from './draft.js';
import { collect, goTo, place, restore } from './fields.js';
import { listen } from './listening.js';
import { sayOlder } from './older_page.js';
import { keepPage } from './own_page.js';
import { startPhotos } from './photos.js';
import { makeRows, startPromises } from './promises.js';
import { sayFailed, saySaved } from './saved_line.js';
import { saver } from './saving.js';
import { sealer, sealVisit } from './sealing.js';
import { showStates } from './states.js';
import { currentStep, FIRST, showNext, showOutcome, showStep } from './steps.js';
import { showTapped } from './taps.js';

/** Steps that read the whole form. */
const READ_BACK = new Set(['check', 'acquaint', 'leaflet']);

/** @typedef {import('./draft.js').Draft} Draft */
/**
 * `settle`: on the disk as it stands, with the step and the cursor · `show`: another step · `seal`: HTML of the page that
 * says it is done · `stop`: no more saves · `end`: the form goes.
 * @typedef {{ form: HTMLFormElement, draft: Draft, turn: import('./turn.js').Turn, path: string, stop: () => void, settle: () => Promise<void>,
 *             show: (step: string, history: 'push' | 'stay') => void, seal: () => Promise<string>, end: () => void }} Visit
 */

/**
 * Begin a visit, or take one up where it was left.
 * @param {HTMLFormElement} form
 * @param {Draft} draft
 * @param {string} html  the page it is written on
 * @param {import('./turn.js').Turn} turn
 * @returns {Visit}
 */
export function beginVisit(form, draft, html, turn) {
  void sealer().catch(() => {}); // without a network now, the worker has it
  const known = draft.saved_at > 0;
  if (draft.supersedes) form.dataset['supersedes'] = draft.supersedes;
  makeRows(form, draft.fields);
  if (known) restore(form, draft.fields);
  /** @type {import('./fields.js').Place | null} the last one: a tap on a button takes the cursor out of the fields */
  let cursor = draft.place;
  const where = () => (cursor = place(form) ?? cursor);
  const write = async () => {
    if (!turn.held()) throw new Error('another tab writes this draft now');
    // A phone without room for the page still has room for the words.
    if (!draft.saved_at && html) await keepPage(draft.id, html).catch(() => {});
    await saveDraft(Object.assign(draft, { fields: collect(form), step: currentStep(form), place: where(), saved_at: Date.now() }));
  };
  /** «Готово» was refused: the words that say so stay until the next touch, though the draft is saved meanwhile. */
  let refused = false;
  const keep = saver(write, { saved: () => refused || saySaved(form, new Date()), failed: () => sayFailed(form, 'storage_write_failed') });
  const changed = () => {
    refused = false;
    keep.changed();
  };
  const photos = startPhotos(form, draft.id, draft.photos, {
    changed: keep.changed,
    async save(chooser) {
      draft.chooser = chooser;
      keep.changed();
      await keep.now();
    },
  });

  function settle() {
    const moved = currentStep(form) !== draft.step || JSON.stringify(where()) !== JSON.stringify(draft.place);
    if (draft.saved_at && moved) keep.changed();
    return keep.now();
  }

  function around() {
    showAround(form, draft);
    if (currentStep(form) === 'photos') photos.look();
  }

  /** @type {Visit['show']} */
  function show(step, history) {
    cursor = null;
    showStep(form, step, history);
    around();
    void settle();
  }

  async function seal() {
    form.inert = true; // nothing typed now would be in the envelope
    await photos.idle();
    await keep.now();
    await keep.stop();
    try {
      return await sealVisit(form, draft).finally(photos.end);
    } catch (problem) {
      form.inert = false;
      refused = true;
      keep.goOn();
      sayFailed(form, 'not_sealed');
      throw problem;
    }
  }

  listen(form, { changed, settle, show, left: (field) => (cursor = place(form, field) ?? cursor) });
  startPromises(form, changed);
  showOutcome(form);
  showTapped(form);
  showStep(form, draft.step || FIRST, 'stay');
  around();
  if (known) takenUp(form, draft);
  sayOlder(html);
  return { form, draft, turn, path: location.pathname, stop: () => void keep.stop(), settle, show, seal, end: photos.end };
}

/**
 * What a step says of the others: the list its states, the last ones all that was written, each its next one.
 * @param {HTMLFormElement} form
 * @param {Draft} draft
 */
function showAround(form, draft) {
  const step = currentStep(form);
  if (step === FIRST) showStates(form, draft.photos);
  if (READ_BACK.has(step)) showCheck(form, draft.photos);
  showNext(form);
}

/**
 * Back where the hand was.
 * @param {HTMLFormElement} form
 * @param {Draft} draft
 */
function takenUp(form, draft) {
  saySaved(form, new Date(draft.saved_at));
  goTo(form, draft.place);
  if (!draft.chooser) return;
  const { what, safe, do: act } = refusal('photo_not_arrived');
  const box = maybe(form, '[data-photo-state]');
  if (box) [box.hidden, box.textContent] = [false, `${what} ${safe} ${act}`];
}
