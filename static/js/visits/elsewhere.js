/** A draft that another tab writes: shown as it was last saved, not to be typed into; the person may take it over. */
import { fromTemplate, one } from '../lib/dom.js';
import { refusal } from '../lib/texts.js';
import { note } from '../transport/page.js';
import { go } from '../transport/transport.js';
import { restore } from './fields.js';
import { makeRows } from './promises.js';
import { FIRST, showOutcome, showStep } from './steps.js';
import { showTapped } from './taps.js';
import { endOtherTurn } from './turn.js';

/**
 * Fill a visit's form with what was last saved, to be read.
 * @param {HTMLFormElement} form
 * @param {import('./draft.js').Draft} draft
 * @param {() => void} resume  open it here, as it is on the disk by then
 */
export function showDraft(form, draft, resume) {
  makeRows(form, draft.fields);
  restore(form, draft.fields);
  showOutcome(form);
  showTapped(form);
  showStep(form, draft.step || FIRST, 'stay');
  showElsewhere(form, draft.id, resume);
}

/**
 * Keep hands off the form and say why.
 * @param {HTMLFormElement} form
 * @param {string} id  the draft's
 * @param {() => void} resume  open it here, as it is on the disk by then
 */
export function showElsewhere(form, id, resume) {
  // «Срочно» and «Скрыть» stand at its foot and stay within reach.
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('main, .foot .act'))) part.inert = true;
  const words = refusal('open_in_other_tab');
  const there = refusal('other_tab_has_it');
  const box = fromTemplate('draft-note', { what: words.what, safe: `${words.safe} ${words.do}`, resume: words.button, later: there.button });
  form.before(box);
  const here = /** @type {HTMLButtonElement} */ (one(box, '[data-resume]'));
  here.addEventListener('click', async () => {
    here.disabled = true;
    await endOtherTurn(id);
    resume();
  });
  one(box, '[data-later]').addEventListener('click', async () => {
    close(); // a window that the app opened itself; a browser keeps the others, and none lets one tab bring up another
    await go('/today');
    note(there);
  });
}
