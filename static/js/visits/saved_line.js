/** The line of a form that says since when the phone has it, or that it has not. */
import { one } from '../lib/dom.js';
import { clockTime, refusal, t } from '../lib/texts.js';

/**
 * @param {HTMLFormElement} form
 * @param {Date} at
 */
export function saySaved(form, at) {
  const line = one(form, '[data-saved-line]');
  const words = t('status_line.saved_line', { time: clockTime(at) });
  if (line.textContent !== words) line.textContent = words; // once a minute
}

/**
 * @param {HTMLFormElement} form
 * @param {string} [id]  of the refusal
 */
export function sayFailed(form, id = 'storage_write_failed') {
  const { what, safe, do: act } = refusal(id);
  const line = one(form, '[data-saved-line]');
  line.textContent = `${what} ${safe} ${act}`;
  line.scrollIntoView({ block: 'center' });
}
