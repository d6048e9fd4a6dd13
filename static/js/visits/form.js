/**
 * The visit form on a phone: where it comes from, where it goes. What happens between is in writing.js.
 * Knows nothing of what the form asks: fields, chips and steps are the page's.
 */
import { hear } from '../lib/bus.js';
import { go } from '../transport/transport.js';
import { isOpen, onLock } from '../vault/vault.js';
import { draftOf, drafts, newDraft, pathOf } from './draft.js';
import { showDraft, showElsewhere } from './elsewhere.js';
import { showOlder } from './older_page.js';
import { fits, pageOf } from './own_page.js';
import { sweepPhotos } from './photo_store.js';
import { keepSteps } from './step_history.js';
import { askOutcome, FIRST } from './steps.js';
import { isHeld, takeTurn } from './turn.js';
import { offer, showUnfinished } from './unfinished.js';
import { beginVisit } from './writing.js';

/** @typedef {import('./draft.js').Draft} Draft */
/** @typedef {import('./writing.js').Visit} Visit */

/** @type {Visit | null} the form on the glass */
let visit = null;
/** @type {Promise<unknown>} the sealing under way, if there is one */
let sealing = Promise.resolve();
/** @type {string | null} draft that this page had open before it was locked, or that was asked for on «Сегодня» */
let wanted = null;

/** Watch for pages with a visit form or a place for unfinished visits. Once per page. */
export function startForms() {
  document.addEventListener('curator:page', (event) => void arrive(/** @type {CustomEvent} */ (event).detail.html));
  document.addEventListener('curator:leave', () => leave());
  keepSteps(stepOf);
  document.addEventListener('visibilitychange', () => void (document.hidden && visit?.settle()));
  // Whoever comes back from «Срочно» comes back to the same letter, without a question.
  document.addEventListener('click', ({ target }) => {
    if (visit && target instanceof Element && target.closest('a[href$="/urgent"]')) wanted = visit.draft.id;
  }, { capture: true });
  hear('turn', (id) => {
    if (visit && visit.draft.id === id) giveWay(visit.settle());
  });
  onLock(async () => {
    wanted = visit?.draft.id ?? null;
    await Promise.all([visit?.settle(), sealing]);
  });
}

/** @param {string} html  the page as it came */
async function arrive(html) {
  leave();
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById('visit-form'));
  if (!form) return absent();
  const asked = wanted && (await drafts()).find(({ id, family }) => id === wanted && family === form.dataset['family']);
  const known = asked || (await draftOf(form.dataset['family'] ?? ''));
  const own = known && !fits(form, known) ? await pageOf(known.id) : null;
  const elsewhere = known && (await isHeld(known.id));
  if (!form.isConnected) return;
  if (own && own !== html) return showOlder(own);
  if (known && !elsewhere && known.id !== wanted) return offer(form, known, () => void begin(form, known, html));
  await begin(form, known, html);
  void sweepPhotos().catch(() => {}); // another time
}

/** No form stands here: the visit that was asked for opens on the page it was begun on, other pages offer what is unfinished. */
async function absent() {
  const asked = wanted && isOpen() ? (await drafts()).find(({ id }) => id === wanted) : null;
  const own = asked && location.pathname === pathOf(asked) ? await pageOf(asked.id) : null;
  return own ? showOlder(own) : showUnfinished(resumeDraft);
}

/**
 * @param {HTMLFormElement} form
 * @param {Draft | null} known
 * @param {string} html
 */
async function begin(form, known, html) {
  wanted = null;
  const draft = known ?? newDraft(form);
  const turn = await takeTurn(draft.id, () => giveWay());
  if (!form.isConnected) return void turn?.give();
  if (!turn) return showDraft(form, draft, () => resumeDraft(draft));
  visit = beginVisit(form, draft, html, turn);
}

/**
 * Another tab writes this draft from now on; what stands here stays to be read.
 * @param {Promise<void>} [saved]  what is to be on the disk before that
 */
function giveWay(saved) {
  if (!visit) return;
  const { form, draft, turn, stop } = visit;
  visit = null;
  void turn.give(saved?.finally(stop));
  if (!saved) stop();
  showElsewhere(form, draft.id, () => resumeDraft(draft));
}

/**
 * Go on with an unfinished visit; a form of one screen is taken up by its own page.
 * @param {Draft} draft
 */
export function resumeDraft(draft) {
  wanted = draft.kind ? null : draft.id;
  void go(pathOf(draft));
}

function leave() {
  if (!visit) return;
  void visit.turn.give(isOpen() ? visit.settle() : undefined);
  visit.end();
  visit = null;
}

/** Show a step. @param {string} hash  @returns {boolean} false when the address is not this form's */
function stepOf(hash) {
  if (!visit || visit.path !== location.pathname) return false;
  visit.show(hash.slice(1) || FIRST, 'stay');
  return true;
}

/**
 * «Готово»: seal and queue, and answer with the page that the form's own template holds.
 * @param {HTMLFormElement} form
 * @returns {Promise<string>} HTML for the page
 * @throws {DOMException} AbortError when something is missing, and the page says what; or when it is being sealed
 * @throws {Error} when the phone did not take it: the form stands as it stood, and says so
 */
export async function submit(form) {
  if (!visit || visit.form !== form) throw new DOMException('sealed already', 'AbortError');
  if (!new FormData(form).get('outcome')) {
    visit.show('meeting', 'push');
    askOutcome(form);
    throw new DOMException('not complete', 'AbortError');
  }
  const mine = visit;
  visit = null; // a second tap finds nothing to seal
  const page = mine.seal();
  sealing = page.catch(() => {});
  try {
    const done = await page;
    void mine.turn.give();
    return done;
  } catch (problem) {
    if (isOpen() && form.isConnected) visit = mine;
    throw problem;
  }
}
