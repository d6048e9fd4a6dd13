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
/** After this without anybody looking at it, the page says whom to call. */
const CALL_AGAIN_MS = 5 * 60_000;

/** @param {View} view */
export function showAll(view) {
  if (view.alarm.raised_at) leaveCalmly();
  showLines(view.form, view.alarm.calls);
  orderCallees(view.form);
  fillScript(view.form);
  showButton(view);
  void showState(view);
}

/** Once help was called for, going back does not mean that it was nothing. */
function leaveCalmly() {
  const words = maybe(document, '#app .back')?.lastChild;
  if (words) words.textContent = t('urgent.confirmation.back');
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
  if (!isOpen() || !form.isConnected) return;
  one(form, '[data-urgent-over]').hidden = !isOld(alarm);
  one(form, '[data-urgent-clear]').hidden = !alarm.raised_at || alarm.cancelled_at > 0;
  if (!alarm.raised_at) return;
  const code = codeOf(alarm, await rowsOf(alarm.envelopes), navigator.onLine !== false);
  if (!isOpen() || !form.isConnected) return;
  const over = code === 'confirmed' || code === 'cancelled';
  const note = one(form, '[data-urgent-state]');
  note.hidden = false;
  const cancelling = alarm.cancelled_at > 0 && !over;
  fill(note, {
    state: cancelling ? t('urgent.confirmation.cancelled_here') : line(code),
    rule: over || cancelling ? null : `${t('urgent.confirmation.ends_rule')}.`,
    next: over || cancelling ? null : nextOf(form, alarm, code),
  });
  one(form, '[data-urgent-over]').hidden = !over && !isOld(alarm);
  if (code === view.code) return;
  view.code = code;
  if (code === 'seen' || over) await showAnswer(one(form, '[data-urgent-answer]'), alarm.id);
}

/** @param {Alarm} alarm  begun so long ago that another may be begun beside it */
const isOld = ({ raised_at, started_at, saved_at }) => saved_at > 0 && Date.now() - (raised_at || started_at) > OLD_MS;

/**
 * What to do meanwhile: nobody looks at it for some minutes, so somebody is called.
 * @param {HTMLFormElement} form
 * @param {Alarm} alarm
 * @param {import('./state.js').Code} code
 */
function nextOf(form, { raised_at }, code) {
  if (code === 'seen' || Date.now() - raised_at < CALL_AGAIN_MS) return t('urgent.confirmation.late_facts');
  return t('urgent.confirmation.no_confirmation', { next_role: one(form, '[data-callees] b').textContent ?? '112' });
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
