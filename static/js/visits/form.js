/**
 * The visit form on a phone: where it comes from, where it goes. What happens between is in writing.js.
 * Knows nothing of what the form asks: fields, chips and steps are the page's.
 */
import { go, showPage } from '../transport/transport.js';
import { isOpen, onLock } from '../vault/vault.js';
import { draftOf, drafts } from './draft.js';
import { fits, pageOf } from './own_page.js';
import { sweepPhotos } from './photo_store.js';
import { askOutcome, FIRST } from './steps.js';
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

/**
 * Watch for pages with a visit form or a place for unfinished visits. Once per page.
 */
export function startForms() {
  document.addEventListener('curator:page', (event) => void arrive(/** @type {CustomEvent} */ (event).detail.html));
  document.addEventListener('curator:leave', () => leave());
  document.addEventListener('htmx:before:history:restore', (event) => stepBack(event), { capture: true });
  // Chromium's htmx leaves steps that differ by the hash alone to us; the others ask through the event above.
  addEventListener('popstate', () => void stepOf(location.hash));
  document.addEventListener('visibilitychange', () => void (document.hidden && visit?.settle()));
  // Whoever comes back from «Срочно» comes back to the same letter, without a question.
  document.addEventListener('click', ({ target }) => {
    if (visit && target instanceof Element && target.closest('a[href$="/urgent"]')) wanted = visit.draft.id;
  }, { capture: true });
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
  if (!form.isConnected) return;
  if (own && own !== html) return showPage(own);
  if (known && known.id !== wanted) return offer(form, known, () => begin(form, known, html));
  begin(form, known, html);
  void sweepPhotos().catch(() => {}); // another time
}

/** No form stands here: the visit that was asked for opens on the page it was begun on, other pages offer what is unfinished. */
async function absent() {
  const asked = wanted && isOpen() ? (await drafts()).find(({ id }) => id === wanted) : null;
  const own = asked && location.pathname === pathOf(asked) ? await pageOf(asked.id) : null;
  return own ? showPage(own) : showUnfinished(resumeDraft);
}

/**
 * @param {HTMLFormElement} form
 * @param {Draft | null} known
 * @param {string} html
 */
function begin(form, known, html) {
  wanted = null;
  visit = beginVisit(form, known, html);
}

/** @param {Draft} draft */
const pathOf = ({ family, kind }) => `/families/${family}/${kind ?? 'visit'}`;

/**
 * Go on with an unfinished visit; a contact is taken up by its own page.
 * @param {Draft} draft
 */
export function resumeDraft(draft) {
  wanted = draft.kind ? null : draft.id;
  void go(pathOf(draft));
}

/** Take the state off the page in the turn in which it goes. */
function leave() {
  if (!visit) return;
  if (isOpen()) void visit.settle();
  visit.end();
  visit = null;
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
    return await page;
  } catch (problem) {
    if (isOpen() && form.isConnected) visit = mine;
    throw problem;
  }
}
