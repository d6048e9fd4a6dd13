/** What the page «Срочно» shows of its alarm: the lines, the words to read out, where the message is, who answered. */
import { fill, maybe, one } from '../lib/dom.js';
import { refusal, t } from '../lib/texts.js';
import { isOpen } from '../vault/vault.js';
import { fillScript, orderCallees, showLines } from './calls.js';
import { content } from './sending.js';
import { codeOf, line, rowsOf, showAnswer } from './state.js';

/** @typedef {import('./record.js').Alarm} Alarm */
/** @typedef {{ form: HTMLFormElement, alarm: Alarm, code: string }} View  `code`: how far it was when last looked at */

/** Something begun so long ago is shown, and another may be begun beside it. */
const OLD_MS = 6 * 3_600_000;

/** @param {View} view */
export function showAll(view) {
  showLines(view.form, view.alarm.calls);
  orderCallees(view.form);
  fillScript(view.form);
  showButton(view);
  void showState(view);
}

/**
 * The one button: the call itself, then what is added to it.
 * @param {View} view
 */
export function showButton({ form, alarm }) {
  const button = /** @type {HTMLButtonElement} */ (one(form, '[data-urgent-send]'));
  button.disabled = Boolean(alarm.raised_at) && content(alarm) === alarm.sent;
  if (alarm.raised_at) button.textContent = t('urgent.confirmation.more');
}

/** @param {View} view */
export async function showState(view) {
  const { form, alarm } = view;
  if (!isOpen()) return;
  const ended = alarm.cancelled_at > 0 || view.code === 'confirmed' || view.code === 'cancelled';
  const old = Date.now() - (alarm.raised_at || alarm.started_at) > OLD_MS && alarm.saved_at > 0;
  one(form, '[data-urgent-over]').hidden = !ended && !old;
  one(form, '[data-urgent-clear]').hidden = !alarm.raised_at || alarm.cancelled_at > 0;
  if (!alarm.raised_at) return;
  const code = codeOf(alarm, await rowsOf(alarm.envelopes), navigator.onLine !== false);
  if (!form.isConnected || !isOpen()) return;
  const note = one(form, '[data-urgent-state]');
  note.hidden = false;
  const over = code === 'confirmed' || code === 'cancelled';
  fill(note, { state: alarm.cancelled_at && !over ? t('urgent.confirmation.cancelled_here') : line(code), rule: over ? null : t('urgent.confirmation.ends_rule') });
  one(form, '[data-urgent-over]').hidden = !over && !old;
  if (code === view.code) return;
  view.code = code;
  if (code === 'seen' || over) await showAnswer(one(form, '[data-urgent-answer]'), alarm.id);
}

/**
 * @param {HTMLFormElement} form
 * @param {string} words
 */
export const say = (form, words) => void (one(form, '[data-saved-line]').textContent = words);

/** @param {HTMLFormElement} form */
export function sayFailed(form) {
  const { what, safe, do: act } = refusal('storage_write_failed');
  say(form, `${what} ${safe} ${act}`);
  maybe(form, '[data-saved-line]')?.scrollIntoView({ block: 'center' });
}
