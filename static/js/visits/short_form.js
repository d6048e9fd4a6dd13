/**
 * A form of one screen on a phone (a contact, an acquaintance, a signal): `<form data-short data-outbox="kind">`, kept as
 * a draft at every change, sealed by its button. An unfinished one of the same family is taken up where it was left.
 */
import { fromTemplate } from '../lib/dom.js';
import { hear } from '../lib/bus.js';
import { t } from '../lib/texts.js';
import { recordTitle } from '../outbox/words.js';
import { go } from '../transport/transport.js';
import { isOpen, onLock } from '../vault/vault.js';
import { askFor, dayOf, labelOf, missing, said, timeOf } from './short_fields.js';
import { draftOf, newDraft, saveDraft } from './draft.js';
import { showElsewhere } from './elsewhere.js';
import { collect, goTo, place, restore } from './fields.js';
import { sayFailed, saySaved } from './saved_line.js';
import { saver } from './saving.js';
import { takeTurn } from './turn.js';

/** @typedef {import('./turn.js').Turn} Turn */
/** @typedef {{ form: HTMLFormElement, draft: import('./draft.js').Draft, keep: ReturnType<typeof saver>, turn: Turn }} Short */

const sealer = () => import('../outbox/queue.js');

/** @type {Short | null} the form on the glass */
let short = null;
/** @type {Promise<unknown>} the sealing under way, if there is one */
let sealing = Promise.resolve();

/** Watch for pages with such a form. Once per page. */
export function startShortForms() {
  document.addEventListener('curator:page', () => void arrive());
  document.addEventListener('curator:leave', () => leave());
  document.addEventListener('visibilitychange', () => void (document.hidden && short?.keep.now()));
  hear('turn', (id) => {
    if (short && short.draft.id === id) giveWay(short.keep.now());
  });
  onLock(() => Promise.all([short?.keep.now(), sealing]).then(() => {}));
}

async function arrive() {
  leave();
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector('form[data-short]'));
  if (!form) return;
  const kind = /** @type {import('./draft.js').ShortKind} */ (form.dataset['outbox']);
  const known = await draftOf(form.dataset['family'] ?? '', kind);
  if (!form.isConnected) return;
  const draft = known ?? { ...newDraft(form), kind };
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
  short = { form, draft, keep, turn };
}

function leave() {
  if (short) void short.turn.give(isOpen() ? short.keep.now() : undefined);
  short = null;
}

/**
 * Another tab writes this draft from now on.
 * @param {Promise<void>} [saved]  what is to be on the disk before that
 */
function giveWay(saved) {
  if (!short) return;
  const { form, draft, keep, turn } = short;
  short = null;
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
  if (!short || short.form !== form) throw new DOMException('sealed already', 'AbortError');
  const empty = missing(form);
  if (empty) {
    askFor(form, empty);
    throw new DOMException('not complete', 'AbortError');
  }
  const mine = short;
  short = null; // a second tap finds nothing to seal
  const page = seal(mine);
  sealing = page.catch(() => {});
  try {
    const done = await page;
    void mine.turn.give();
    return done;
  } catch (problem) {
    if (isOpen() && form.isConnected) short = mine;
    throw problem;
  }
}

/** @param {Short} written */
async function seal({ form, draft, keep }) {
  form.inert = true; // nothing typed now would be in the envelope
  await keep.now();
  await keep.stop();
  try {
    const fields = said(form);
    const label = { family: draft.surname, on: dayOf(form), outcome: '', kind: labelOf(form), ...timeOf(form) };
    const { queueForm } = await sealer();
    const { group } = await queueForm({
      kind: draft.kind ?? 'contact',
      id: draft.id,
      familyId: draft.family || null,
      formVersion: draft.form_version,
      fields,
      label,
      remove: { drafts: [draft.id] },
    });
    const text = t('visit.sealed', { about: `${recordTitle(label)}.` });
    return fromTemplate('done', { text, state: { 'data-outbox-state': group } }).innerHTML;
  } catch (problem) {
    form.inert = false;
    keep.goOn();
    sayFailed(form);
    throw problem;
  }
}
