/**
 * A contact beside visits on a phone: one screen, kept as a draft at every change like a visit, sealed by «Готово».
 * An unfinished one of the same family is taken up where it was left.
 */
import { fromTemplate } from '../lib/dom.js';
import { hear } from '../lib/bus.js';
import { t } from '../lib/texts.js';
import { recordTitle } from '../outbox/words.js';
import { go } from '../transport/transport.js';
import { isOpen, onLock } from '../vault/vault.js';
import { askKind, said } from './contact_fields.js';
import { draftOf, newDraft, saveDraft } from './draft.js';
import { showElsewhere } from './elsewhere.js';
import { collect, goTo, place, restore } from './fields.js';
import { sayFailed, saySaved } from './saved_line.js';
import { saver } from './saving.js';
import { takeTurn } from './turn.js';

/** @typedef {import('./turn.js').Turn} Turn */
/** @typedef {{ form: HTMLFormElement, draft: import('./draft.js').Draft, keep: ReturnType<typeof saver>, turn: Turn }} Contact */

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
  hear('turn', (id) => {
    if (contact && contact.draft.id === id) giveWay(contact.keep.now());
  });
  onLock(() => Promise.all([contact?.keep.now(), sealing]).then(() => {}));
}

async function arrive() {
  leave();
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById('contact-form'));
  if (!form) return;
  const known = await draftOf(form.dataset['family'] ?? '', 'contact');
  if (!form.isConnected) return;
  const draft = known ?? { ...newDraft(form), kind: /** @type {const} */ ('contact') };
  const turn = await takeTurn(draft.id, () => giveWay());
  if (!form.isConnected) void turn?.give();
  else if (turn) begin(form, draft, turn);
  else showElsewhere(form, draft.id, reopen);
}

/**
 * @param {HTMLFormElement} form
 * @param {import('./draft.js').Draft} draft
 * @param {Turn} turn
 */
function begin(form, draft, turn) {
  void sealer().catch(() => {}); // without a network now, the worker has it
  const known = draft.saved_at > 0;
  if (known) restore(form, draft.fields);
  const write = () => saveDraft(Object.assign(draft, { fields: collect(form), place: place(form), saved_at: Date.now() }));
  const keep = saver(write, { saved: () => saySaved(form, new Date()), failed: () => sayFailed(form) });
  form.addEventListener('input', keep.changed);
  form.addEventListener('change', keep.changed);
  form.addEventListener('focusout', () => void keep.now());
  if (known) {
    saySaved(form, new Date(draft.saved_at));
    goTo(form, draft.place);
  }
  contact = { form, draft, keep, turn };
}

function leave() {
  if (contact) void contact.turn.give(isOpen() ? contact.keep.now() : undefined);
  contact = null;
}

/**
 * Another tab writes this draft from now on.
 * @param {Promise<void>} [saved]  what is to be on the disk before that
 */
function giveWay(saved) {
  if (!contact) return;
  const { form, draft, keep, turn } = contact;
  contact = null;
  void turn.give(saved?.finally(() => void keep.stop()));
  if (!saved) void keep.stop();
  showElsewhere(form, draft.id, reopen);
}

/** Read it anew, as it is on the disk by now. */
const reopen = () => void go(location.pathname, { replace: true });

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
    const done = await page;
    void mine.turn.give();
    return done;
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
