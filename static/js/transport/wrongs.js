/**
 * What was wrong with a form, said at its top: each sentence leads to its field. On a page of seven thousand pixels the
 * sentence at the field alone is not seen.
 */
import { fromTemplate, maybe } from '../lib/dom.js';

/**
 * Put the list above a page that came back with refusals.
 * @param {HTMLElement} root  the page
 * @returns {HTMLElement | null} what the reader should come to first; null when nothing is wrong
 */
export function showWrongs(root) {
  const listed = maybe(root, '.note .mend')?.closest('.note');
  if (listed) return /** @type {HTMLElement} */ (listed);
  const all = /** @type {HTMLElement[]} */ ([...root.querySelectorAll('main .wrong')]);
  const said = all.filter((wrong) => wrong.checkVisibility() && wrong.innerText.trim());
  const away = said.filter((wrong) => wrong.role !== 'alert' || wrong.getBoundingClientRect().bottom > innerHeight);
  if (away.length === 0) return said[0] ?? null;
  const box = fromTemplate('wrongs');
  maybe(box, '.mend')?.append(...away.map((wrong) => lineOf(root, wrong)));
  maybe(root, 'main')?.prepend(box);
  return box;
}

/**
 * @param {HTMLElement} root
 * @param {HTMLElement} wrong
 */
function lineOf(root, wrong) {
  const field = fieldOf(root, wrong);
  const link = document.createElement('a');
  link.href = '#';
  link.textContent = [nameOf(field), wrong.innerText.trim()].filter(Boolean).join(': ');
  link.addEventListener('click', (event) => {
    event.preventDefault();
    for (let at = wrong.closest('details'); at; at = at.parentElement?.closest('details') ?? null) at.open = true;
    wrong.scrollIntoView({ block: 'center' });
    field?.focus({ preventScroll: true });
  });
  const line = document.createElement('li');
  line.append(link);
  return line;
}

/**
 * The field that a sentence speaks of: it says so itself, or stands in one group with the sentence.
 * @param {HTMLElement} root
 * @param {HTMLElement} wrong
 * @returns {HTMLElement | null}
 */
function fieldOf(root, wrong) {
  const described = wrong.id && maybe(root, `[aria-describedby~="${CSS.escape(wrong.id)}"]`);
  return described || maybe(wrong.closest('fieldset') ?? document.createElement('i'), 'input, select, textarea');
}

/** @param {HTMLElement | null} field */
function nameOf(field) {
  const label = field?.closest('label');
  const words = (label && maybe(label, '.lab')) ?? (field && maybe(field.closest('fieldset') ?? field, 'legend'));
  return words?.textContent?.trim() ?? '';
}
