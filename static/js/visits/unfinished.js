/** Visits that were begun and not finished: offered, never thrown away by itself. */
import { fromTemplate, maybe, one } from '../lib/dom.js';
import { clockTime, refusal } from '../lib/texts.js';
import { go } from '../transport/transport.js';
import { isOpen } from '../vault/vault.js';
import { begun, titleOf } from './draft.js';

/** @typedef {import('./draft.js').Draft} Draft */

/**
 * An unfinished visit of this family: nothing is typed over it before the person has decided.
 * @param {HTMLFormElement} form
 * @param {Draft} draft
 * @param {() => void} resume
 */
export function offer(form, draft, resume) {
  form.hidden = true;
  const note = noteOf(draft);
  form.before(note);
  one(note, '[data-resume]').addEventListener('click', () => {
    note.remove();
    form.hidden = false;
    resume();
  });
  one(note, '[data-later]').addEventListener('click', () => void go('/today'));
}

/**
 * On «Сегодня» and in a dossier: unfinished visits, each with the way back to it.
 * @param {(draft: Draft) => void} resume
 */
export async function showUnfinished(resume) {
  const slot = maybe(document, '[data-draft-slot]');
  if (!slot || !isOpen()) return;
  const only = slot.dataset['family'];
  const found = (await begun()).filter((draft) => !only || draft.family === only);
  slot.replaceChildren(
    ...found.map((draft) => {
      const note = noteOf(draft);
      one(note, '[data-resume]').addEventListener('click', () => resume(draft));
      one(note, '[data-later]').addEventListener('click', () => note.remove());
      return note;
    }),
  );
}

/** @param {Draft} draft */
function noteOf(draft) {
  const { what, safe, do: act } = refusal('draft_found', { time: clockTime(new Date(draft.saved_at)) });
  return fromTemplate('draft-note', { what: `${titleOf(draft)}. ${what}`, safe: `${safe} ${act}` });
}
