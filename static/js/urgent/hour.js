/** When somebody will be back on the line: chosen or typed, and what is said when it does not fit. */
import { maybe, one } from '../lib/dom.js';
import { refusal, t } from '../lib/texts.js';

/** @param {HTMLFormElement} form */
export function notKept(form) {
  const { what, safe, do: todo } = refusal('storage_write_failed');
  wrong(form, `${what} ${safe} ${todo}`);
}

/** @param {HTMLFormElement} form  the hour to be typed, only where it was asked for */
export function showTime(form) {
  const own = valueOf(form, 'hours') === 'time';
  one(form, '[data-check-in-time]').hidden = !own;
  wrong(form, '');
}

/**
 * @param {HTMLFormElement} form
 * @returns {number} milliseconds; 0 when the hour is missing or over, and the page says so
 */
export function hourOf(form) {
  const hours = valueOf(form, 'hours');
  if (hours !== 'time') return Date.now() + Number(hours) * 60_000;
  const [, hour, minute] = /^(\d\d):(\d\d)$/.exec(/** @type {HTMLInputElement} */ (one(form, '[name=time]')).value) ?? [];
  if (!hour || !minute) return wrong(form, t('urgent.check_in.no_time'));
  const at = new Date();
  at.setHours(Number(hour), Number(minute), 0, 0);
  return at.getTime() > Date.now() ? at.getTime() : wrong(form, t('urgent.check_in.time_over'));
}

/**
 * @param {HTMLFormElement} form
 * @param {string} words
 */
function wrong(form, words) {
  const box = one(form, '[data-error-for=time]');
  [box.hidden, box.textContent] = [!words, words];
  return 0;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 */
const valueOf = (form, name) => /** @type {HTMLInputElement | null} */ (maybe(form, `[name=${name}]:checked`))?.value ?? '';
