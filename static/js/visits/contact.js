/**
 * A contact beside visits on a phone: one screen, kept as a draft at every change like a visit, sealed by «Готово».
 * An unfinished one of the same family is taken up where it was left.
 */
import { fromTemplate, one } from '../lib/dom.js';
import { clockTime, refusal, t } from '../lib/texts.js';
import { recordTitle } from '../outbox/words.js';
import { isOpen, onLock } from '../vault/vault.js';
import { askKind, said } from './contact_fields.js';
import { draftOf, newDraft, saveDraft } from './draft.js';
import { collect, goTo, place, restore } from './fields.js';
import { saver } from './saving.js';

/** @typedef {{ form: HTMLFormElement, draft: import('./draft.js').Draft, keep: ReturnType<typeof saver> }} Contact */

const sealer = () => import('../outbox/queue.js');

/** @type {Contact | null} the form on the glass */
let contact = null;
/** @type {Promise<unknown>} the sealing under way, if there is one */
let sealing = Promise.resolve();

/** Watch for pages with a contact's form. Once per page. */
export function startContacts() {
  document.addEventListener('curator:page', () => void arrive());
  document.addEventListener('curator:leave', () => leave());
  document.addEventListener('visibilitychange', () => void (document.hidden && contact?.keep.now()));
  onLock(() => Promise.all([contact?.keep.now(), sealing]).then(() => {}));
}

async function arrive() {
  leave();
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById('contact-form'));
  if (!form) return;
  const known = await draftOf(form.dataset['family'] ?? '', 'contact');
  if (form.isConnected) begin(form, known);
}

/**
 * @param {HTMLFormElement} form
 * @param {import('./draft.js').Draft | null} known
 */
function begin(form, known) {
  void sealer().catch(() => {}); // without a network now, the worker has it
  const draft = known ?? { ...newDraft(form), kind: /** @type {const} */ ('contact') };
  if (known) restore(form, known.fields);
  const write = () => saveDraft(Object.assign(draft, { fields: collect(form), place: place(form), saved_at: Date.now() }));
  const keep = saver(write, { saved: () => say(form, new Date()), failed: () => sayFailed(form) });
  form.addEventListener('input', keep.changed);
  form.addEventListener('change', keep.changed);
  form.addEventListener('focusout', () => void keep.now());
  if (known) {
    say(form, new Date(known.saved_at));
    goTo(form, known.place);
  }
  contact = { form, draft, keep };
}

function leave() {
  if (contact && isOpen()) void contact.keep.now();
  contact = null;
}

/**
 * «Готово»: seal and queue, and answer with the page that says so.
 * @param {HTMLFormElement} form
 * @returns {Promise<string>} HTML for the page
 * @throws {DOMException} AbortError when something is missing, and the page says what; or when it is being sealed
 * @throws {Error} when the phone did not take it: the form stands as it stood, and says so
 */
export async function submit(form) {
  if (!contact || contact.form !== form) throw new DOMException('sealed already', 'AbortError');
  if (!new FormData(form).get('kind')) {
    askKind(form);
    throw new DOMException('not complete', 'AbortError');
  }
  const mine = contact;
  contact = null; // a second tap finds nothing to seal
  const page = seal(mine);
  sealing = page.catch(() => {});
  try {
    return await page;
  } catch (problem) {
    if (isOpen() && form.isConnected) contact = mine;
    throw problem;
  }
}

/** @param {Contact} contact */
async function seal({ form, draft, keep }) {
  form.inert = true; // nothing typed now would be in the envelope
  await keep.now();
  await keep.stop();
  try {
    const fields = said(form);
    const on = String(new FormData(form).get('on') ?? '');
    const kind = String(new FormData(form).get('kind') ?? '');
    const { queueForm } = await sealer();
    const { group } = await queueForm({
      kind: 'contact',
      id: draft.id,
      familyId: draft.family,
      formVersion: draft.form_version,
      fields,
      label: { family: draft.surname, on, outcome: '', kind },
      remove: { drafts: [draft.id] },
    });
    const text = t('visit.sealed', { about: `${recordTitle({ family: draft.surname, on })}.` });
    return fromTemplate('done', { text, state: { 'data-outbox-state': group } }).innerHTML;
  } catch (problem) {
    form.inert = false;
    keep.goOn();
    sayFailed(form);
    throw problem;
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {Date} at
 */
function say(form, at) {
  one(form, '[data-saved-line]').textContent = t('status_line.saved_line', { time: clockTime(at) });
}

/** @param {HTMLFormElement} form */
function sayFailed(form) {
  const { what, safe, do: act } = refusal('storage_write_failed');
  const line = one(form, '[data-saved-line]');
  line.textContent = `${what} ${safe} ${act}`;
  line.scrollIntoView({ block: 'center' });
}
