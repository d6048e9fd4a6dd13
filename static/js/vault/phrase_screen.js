/** Opening by the reserve phrase at the lock: six fields that complete themselves after four letters. */
import { fill, maybe, one } from '../lib/dom.js';
import { refusal } from '../lib/texts.js';
import { completed, PHRASE_WORDS, wordsOf } from './phrase.js';
import { isCode, setCode } from './shift_code.js';
import { unlockByPhrase } from './unlock.js';

/** @typedef {Awaited<ReturnType<typeof import('./enrolments.js').vaultDoor>>} Door */

/** The pause after a wrong phrase; guessing 66 bits is hopeless, this only stops a hand that hurries. */
const PAUSE_SECONDS = 3;

/**
 * Show the six fields and make them work.
 * @param {HTMLElement} screen
 * @param {Door} door
 */
export function showPhrase(screen, door) {
  const form = /** @type {HTMLFormElement} */ (one(screen, '[data-phrase]'));
  const first = form.hidden;
  form.hidden = false;
  // Where the finger gives no secret, a short code spares the six words until the shift ends.
  one(form, '[data-shift-code]').hidden = door.byKey;
  button(screen, 'phrase').hidden = true;
  // Two buttons «Открыть» on one screen: which is which must be said.
  one(button(screen, 'key'), 'span').textContent = button(screen, 'key').dataset['besideWords'] ?? '';
  const fields = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('[data-word]')]);
  fields[0]?.focus();
  if (form.dataset['ready']) return;
  form.dataset['ready'] = String(first);
  fields.forEach((field, place) => {
    field.addEventListener('input', (event) => {
      if (!/^delete/.test(/** @type {InputEvent} */ (event).inputType)) complete(field, fields[place + 1], door.words);
    });
    field.addEventListener('paste', (event) => spread(event, fields));
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void tryPhrase(screen, form, fields, door);
  });
}

/**
 * @param {HTMLElement} screen
 * @param {HTMLFormElement} form
 * @param {HTMLInputElement[]} fields
 * @param {Door} door
 */
async function tryPhrase(screen, form, fields, door) {
  const submit = /** @type {HTMLButtonElement} */ (one(form, '[type="submit"]'));
  submit.disabled = true;
  const code = /** @type {HTMLInputElement} */ (one(form, '[data-code]')).value;
  if (await unlockByPhrase(door.meta, fields.map((field) => field.value))) {
    if (!door.byKey && isCode(code)) await setCode(code);
    form.reset();
    form.hidden = door.byKey;
    button(screen, 'phrase').hidden = !door.byKey;
  } else {
    const said = refusal('phrase_wrong', { n: PAUSE_SECONDS });
    fill(screen, { message: `${said.what} ${said.safe} ${said.do}` });
    await new Promise((resolve) => setTimeout(resolve, PAUSE_SECONDS * 1000));
  }
  submit.disabled = false;
}

/**
 * @param {HTMLInputElement} field
 * @param {HTMLInputElement | undefined} next
 * @param {string[]} words
 */
function complete(field, next, words) {
  const word = completed(field.value, words);
  // Only at the deciding letter: whoever corrects a completed word must be able to.
  if (!word || field.value.trim().length !== 4) return;
  field.value = word;
  (next ?? maybe(field.form ?? document, '[type="submit"]'))?.focus();
}

/**
 * @param {ClipboardEvent} event
 * @param {HTMLInputElement[]} fields
 */
function spread(event, fields) {
  const words = wordsOf(event.clipboardData?.getData('text') ?? '');
  if (words.length !== PHRASE_WORDS) return;
  event.preventDefault();
  fields.forEach((field, place) => (field.value = words[place] ?? ''));
}

/**
 * @param {HTMLElement} screen
 * @param {'key' | 'phrase'} way
 * @returns {HTMLButtonElement}
 */
export const button = (screen, way) => one(screen, `[data-open="${way}"]`);
