/** The two screens of the reserve phrase: shown once, two words typed back. */
import { fill, one } from '../lib/dom.js';
import { t } from '../lib/texts.js';
import { canonicalWord, completed, placesToCheck } from '../vault/phrase.js';
import { pressed } from './enrol_steps.js';

/**
 * Show the six words.
 * @param {HTMLElement} section  holds `[data-fill-list=words]`
 * @param {string[]} phrase
 */
export function showPhrase(section, phrase) {
  const list = one(section, '[data-fill-list="words"]');
  list.replaceChildren(
    ...phrase.map((word) => {
      const item = document.createElement('li');
      item.textContent = word;
      return item;
    }),
  );
}

/**
 * Ask for two of the words.
 * @param {HTMLElement} section  two inputs `[data-word]` with labels `label_a`, `label_b`
 * @param {string[]} phrase
 * @param {string[]} words  the list, for completing
 * @returns {Promise<boolean>} true when both were right; false when the person wants to see the words again
 */
export function askBack(section, phrase, words) {
  const places = placesToCheck();
  const fields = /** @type {HTMLInputElement[]} */ ([...section.querySelectorAll('[data-word]')]);
  fill(section, {
    text: t('enrolment.steps.enrol_phrase_check.text', { i: places[0] + 1, j: places[1] + 1 }),
    label_a: t('enrolment.label_word', { i: places[0] + 1 }),
    label_b: t('enrolment.label_word', { i: places[1] + 1 }),
    wrong: null,
  });
  for (const field of fields) {
    field.value = '';
    field.oninput = (event) => complete(field, words, /** @type {InputEvent} */ (event));
  }
  fields[0]?.focus();
  const again = new Promise((resolve) => {
    one(section, '[data-again]').onclick = () => resolve(false);
  });
  return Promise.race([again, typedRight(section, places.map((place) => phrase[place] ?? ''), fields)]);
}

/**
 * @param {HTMLElement} section
 * @param {string[]} expected
 * @param {HTMLInputElement[]} fields
 * @returns {Promise<boolean>}
 */
async function typedRight(section, expected, fields) {
  for (;;) {
    await pressed(section);
    const right = expected.every((word, at) => canonicalWord(fields[at]?.value ?? '') === canonicalWord(word));
    fill(section, { wrong: right ? null : t('enrolment.phrase_word_wrong') });
    if (right) return true;
  }
}

/**
 * @param {HTMLInputElement} field
 * @param {string[]} words
 * @param {InputEvent} event
 */
function complete(field, words, event) {
  const word = completed(field.value, words);
  if (word && field.value.trim().length === 4 && !event.inputType?.startsWith('delete')) field.value = word;
}
