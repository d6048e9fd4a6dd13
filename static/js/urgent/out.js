/** What is said of a check-in: what the duty person knows, what has not left the phone, and when the hour comes. */
import { fill, maybe, one } from '../lib/dom.js';
import { clockTime, t } from '../lib/texts.js';
import { rowsOf } from './state.js';

/** @typedef {import('./record.js').CheckIn} CheckIn */
/** @typedef {{ what: string, where: string | null, more: string | null, known: boolean, over: boolean }} Said */

const SOON_MS = 15 * 60_000;
/** So long «Спасибо» stands after a return. */
const THANKS_MS = 10 * 60_000;

/**
 * What there is to say now; null when nobody is out.
 * @param {CheckIn | null} out
 * @param {number} [now]
 * @returns {Promise<Said | null>}
 */
export async function saidOf(out, now = Date.now()) {
  if (!out) return null;
  const rows = new Map((await rowsOf(out.steps.map(({ envelope }) => envelope))).map((row) => [row.id, row]));
  // A row that the phone has let go of was on the server long ago.
  const there = out.steps.filter(({ envelope }) => rows.get(envelope)?.applied ?? true);
  const known = there.length === out.steps.length;
  if (out.closed_at) {
    if (known && now - out.closed_at > THANKS_MS) return null;
    const late = [...rows.values()].some(({ receipt }) => receipt?.check_in === 'closed_late');
    const what = !known ? t('urgent.check_in.return_waits') : t(late ? 'urgent.check_in.returned_late' : 'urgent.check_in.returned_done');
    return { what, where: null, more: null, known, over: true };
  }
  const hour = Math.max(0, ...there.map(({ until }) => until));
  const time = (/** @type {number} */ at) => clockTime(new Date(at));
  const what = hour ? t('urgent.check_in.sent', { time: time(hour) }) : t(navigator.onLine === false ? 'urgent.check_in.need_network' : 'urgent.check_in.sending');
  const where = out.case_no ? t('urgent.check_in.text_on_phone', { case_no: out.case_no, time: time(out.until_at) }) : out.surname || null;
  return { what, where, more: moreOf(out, known, hour, now), known: hour > 0, over: false };
}

/**
 * @param {CheckIn} out
 * @param {boolean} known
 * @param {number} hour  that the duty person knows, 0 for none
 * @param {number} now
 */
function moreOf(out, known, hour, now) {
  if (now > out.until_at) return t('urgent.check_in.late_to_worker');
  if (hour && !known) return t('urgent.check_in.extend_waits', { time: clockTime(new Date(out.until_at)) });
  return out.until_at - now <= SOON_MS ? t('urgent.check_in.soon') : null;
}

/**
 * Show it on its page.
 * @param {HTMLFormElement} form
 * @param {CheckIn | null} out
 */
export async function showCheckIn(form, out) {
  const said = await saidOf(out);
  if (!form.isConnected) return;
  const isOut = said !== null && !said.over;
  const state = one(form, '[data-check-in-state]');
  state.hidden = !said;
  if (said) fill(state, { what: said.what, where: said.where, more: said.more });
  one(form, '[data-check-in-open]').hidden = !isOut;
  for (const part of ['new', 'act']) one(form, `[data-check-in-${part}]`).hidden = isOut;
  const away = navigator.onLine === false;
  one(form, '[data-check-in-offline]').hidden = !(away && (!said || (isOut && !said.known)));
  const sms = maybe(form, '[data-check-in-sms]');
  if (sms && out?.case_no) {
    const words = t('urgent.check_in.text_on_phone', { case_no: out.case_no, time: clockTime(new Date(out.until_at)) });
    sms.setAttribute('href', `sms:${sms.dataset['checkInSms']}?&body=${encodeURIComponent(words)}`);
  }
}
