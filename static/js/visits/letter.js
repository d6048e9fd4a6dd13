/** What the family sees, on the page: the form's rules and words put together, and headings with their lines. */
import { t, table } from '../lib/texts.js';
import { familyView } from './family_view.js';
import { readForm, titlesOf } from './reading.js';

/** @typedef {import('./family_view.js').Part} Part */

/**
 * The family's view of the form as it stands.
 * @param {HTMLFormElement} form  with `[data-family-rules]` and the list `[data-contacts]`
 * @returns {Part[]}
 */
export function viewOf(form) {
  const rules = /** @type {HTMLElement | null} */ (form.querySelector('[data-family-rules]'));
  const ids = (/** @type {string} */ name) => (rules?.dataset[name] ?? '').split(' ').filter(Boolean);
  return familyView(readForm(form), {
    words: table('family_view'),
    titles: titlesOf(form),
    restricted: ids('restricted'),
    unsaid: ids('unsaid'),
    // A form without its rules names no place: better a line less than an address too many.
    hidden: !rules || rules.hasAttribute('data-hidden'),
    contacts: [...form.querySelectorAll('[data-contacts] li')].map((line) => (line.textContent ?? '').trim()),
  });
}

/**
 * Put the parts on the page.
 * @param {Element | null} box
 * @param {Part[]} parts
 */
export function showLetter(box, parts) {
  if (!parts.length) return box?.replaceChildren(made('p', t('family_view.empty')));
  box?.replaceChildren(
    ...parts.flatMap(({ title, lines }) => {
      const list = document.createElement('ul');
      list.append(...lines.map((line) => made('li', line)));
      return [made('h3', title), list];
    }),
  );
  return undefined;
}

/** @param {string} tag  @param {string} text */
function made(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
