/**
 * «Можно мягче» on the page «Проверьте»: at most a few hints under what was read back. Each can be followed, left, or
 * silenced for good on this phone. Nothing of it is sent, and nothing waits for it.
 */
import { get, put } from '../lib/db.js';
import { fill, fromTemplate, maybe, one } from '../lib/dom.js';
import { current, isOpen } from '../vault/vault.js';
import { compile, hintsIn } from './wording.js';

/** @typedef {import('./wording.js').Hint} Hint */

const QUIET = 'wording_quiet';

/** @type {Promise<{ meta: any, book: import('./wording.js').Book }> | null} */
let file = null;
/** @type {WeakMap<HTMLFormElement, Set<string>>} hints left as they are in this visit */
const left = new WeakMap();

/**
 * Listen to the hints' buttons. Once for each form.
 * @param {HTMLFormElement} form
 */
export function startHints(form) {
  left.set(form, new Set());
  maybe(form, '[data-wording-list]')?.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    const item = button?.closest('li');
    const id = item?.dataset['hint'] ?? '';
    if (!button || !item || button.hasAttribute('data-wording-offer')) return;
    left.get(form)?.add(id);
    if (button.hasAttribute('data-wording-never')) void silence(id);
    void showHints(form);
  });
}

/**
 * Read the form's own words and show what could be said more gently.
 * @param {HTMLFormElement} form
 */
export async function showHints(form) {
  const box = maybe(form, '[data-wording]');
  if (!box || !isOpen()) return;
  const { meta, book } = await load();
  const quiet = new Set([...((await get(current().db, 'meta', QUIET)) ?? []), ...(left.get(form) ?? [])]);
  const hints = hintsIn(book, texts(form).map(({ name, value }) => [name, value]), quiet);
  box.hidden = !hints.length;
  fill(box, { title: meta.title, footer: meta.footer });
  one(box, '[data-wording-list]').replaceChildren(...hints.map((hint) => item(form, hint, meta)));
}

/** @param {HTMLFormElement} form  @param {Hint} hint  @param {any} meta */
function item(form, hint, meta) {
  const { word, why, suggestion } = hint;
  const made = fromTemplate('softer', { word: `«${word}»`, why, suggestion, offer: meta.offer, keep: meta.keep, never: meta.never_again });
  made.dataset['hint'] = hint.id;
  const field = texts(form).find(({ name }) => name === hint.field);
  const offer = one(made, '[data-wording-offer]');
  offer.dataset['goStep'] = field?.closest('[data-step]')?.getAttribute('data-step') ?? '';
  // The form's own listener shows the step first; then the word stands chosen, with the advice over it.
  offer.addEventListener('click', () => setTimeout(() => field && choose(field, hint)));
  return made;
}

/**
 * @param {HTMLTextAreaElement | HTMLInputElement} field
 * @param {Hint} hint
 */
function choose(field, { at, length, why, suggestion }) {
  const label = field.closest('label') ?? field;
  maybe(document, '[data-wording-advice]')?.remove();
  const advice = document.createElement('p');
  advice.className = 'small advice';
  advice.dataset['wordingAdvice'] = '';
  advice.textContent = `${why}. ${suggestion}`;
  label.before(advice);
  for (let part = field.closest('details'); part; part = part.parentElement?.closest('details') ?? null) part.open = true;
  field.focus();
  field.setSelectionRange(at, at + length);
  field.scrollIntoView({ block: 'center' });
}

/** @param {HTMLFormElement} form  @returns {(HTMLTextAreaElement | HTMLInputElement)[]} where one writes by hand */
const texts = (form) => [.../** @type {NodeListOf<any>} */ (form.querySelectorAll('textarea[name], input[type=text][name], input:not([type])[name]'))];

/** @param {string} id */
async function silence(id) {
  const { db } = current();
  const quiet = new Set((await get(db, 'meta', QUIET)) ?? []);
  await put(db, 'meta', [...quiet.add(id)], QUIET);
}

function load() {
  file ??= fetch(WORDING_URL, { redirect: 'error' })
    .then((answer) => answer.json())
    .then((data) => ({ meta: data.meta, book: compile(data) }));
  file.catch(() => (file = null)); // asked again next time
  return file;
}
