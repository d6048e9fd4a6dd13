/**
 * «Проверьте»: what was written, read back from the form itself. What works comes first.
 *
 * DOM: `[data-check=meeting|strengths|worries|photos]`, each a list filled from the template `check-item`
 * (`[data-fill=text]`) or, when empty, with the words in its `data-empty`.
 */
import { fromTemplate } from '../lib/dom.js';
import { t } from '../lib/texts.js';

/**
 * @param {HTMLFormElement} form
 * @param {import('./draft.js').DraftPhoto[]} photos
 */
export function showCheck(form, photos) {
  const data = new FormData(form);
  const times = [data.get('started'), data.get('ended')].filter(Boolean).join('–');
  lines(form, 'meeting', [[...labels(form, 'outcome'), times].filter(Boolean).join(', '), labels(form, 'who_home').join(', ')]);
  lines(form, 'strengths', [...bySide(form, 'strengths'), String(data.get('good_today') ?? '')]);
  lines(form, 'worries', bySide(form, 'worries'));
  lines(form, 'photos', photos.length ? [[t('visit.photos', { n: photos.length }), places(form)].filter(Boolean).join(': ')] : []);
}

/**
 * What the pictures show, each place once: «кухня, печь».
 * @param {HTMLFormElement} form
 */
function places(form) {
  const chosen = [...form.querySelectorAll('[data-photo-field=place]:checked')];
  return [...new Set(chosen.map((input) => wordsOf(input).toLowerCase()))].join(', ');
}

/** @param {Element} input  @returns {string} the words on its chip */
const wordsOf = (input) => (input.closest('label')?.textContent ?? '').trim();

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {string[]} texts
 */
function lines(form, name, texts) {
  for (const list of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll(`[data-check="${name}"]`))) {
    const full = texts.filter((text) => text.trim() !== '');
    const shown = full.length ? full : [list.dataset['empty'] ?? ''];
    list.replaceChildren(...shown.map((text) => fromTemplate('check-item', { text })));
  }
}

/**
 * Chips and own words of one side, over all sections.
 * @param {HTMLFormElement} form
 * @param {'strengths' | 'worries'} side
 */
function bySide(form, side) {
  const own = /** @type {NodeListOf<HTMLTextAreaElement>} */ (form.querySelectorAll(`[name$="-${side}_own"]`));
  return [...labels(form, `-${side}`, '$='), ...[...own].map((field) => field.value)];
}

/**
 * The words on the chosen chips, with the person they are about where the chip stands in that person's group.
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {'=' | '$='} match
 * @returns {string[]}
 */
function labels(form, name, match = '=') {
  const chosen = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll(`input[name${match}"${name}"]:checked`));
  return [...chosen].map((input) => {
    const words = wordsOf(input);
    const about = input.closest('[data-about]')?.getAttribute('data-about');
    return about ? `${about}: ${words.toLowerCase()}` : words;
  });
}
