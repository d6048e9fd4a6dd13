/** The lock as a cover with a short code; see shift_code.js. */
import { fill, one } from '../lib/dom.js';
import { refusal } from '../lib/texts.js';
import { openByCode } from './vault.js';
import { TRIES, waitsForCode } from './shift_code.js';

/**
 * Show the field for the code when the keys wait for one.
 * @param {HTMLElement} screen  the lock
 * @param {() => void} otherwise  after the last try: the phrase
 */
export function showCode(screen, otherwise) {
  const form = /** @type {HTMLFormElement} */ (one(screen, '[data-code-form]'));
  form.hidden = !waitsForCode();
  if (form.hidden) return;
  one(screen, '[data-phrase]').hidden = true;
  one(screen, '[data-open="phrase"]').hidden = false;
  const field = /** @type {HTMLInputElement} */ (one(form, 'input'));
  field.focus();
  form.onsubmit = async (event) => {
    event.preventDefault();
    const left = await openByCode(field.value);
    field.value = '';
    form.hidden = left === TRIES || left === 0;
    if (left === TRIES) return;
    const said = refusal('pin_wrong', { n: left });
    fill(screen, { message: `${said.what} ${said.safe}` });
    if (left === 0) otherwise();
  };
}
