/**
 * The page «Срочно» on a phone: everything is kept as it is written; «Да, сообщить» seals it, and the page then says how
 * far it is until a named person has confirmed.
 */
import { hear } from '../lib/bus.js';
import { maybe, one } from '../lib/dom.js';
import { clockTime, t } from '../lib/texts.js';
import { go } from '../transport/transport.js';
import { isOpen, onLock } from '../vault/vault.js';
import { restore } from '../visits/fields.js';
import { saver } from '../visits/saving.js';
import { standOpen } from '../visits/turn.js';
import { fillScript, orderCallees, saidOn, setNow, takeLine } from './calls.js';
import { alarms, fresh, keep } from './record.js';
import { sealer, sendAct } from './sending.js';
import { say, sayFailed, showAll, showButton, showState } from './view.js';

/** @typedef {import('./record.js').Alarm} Alarm */
/** @typedef {import('./view.js').View & { saving: ReturnType<typeof saver>, close: () => void }} Page */

const LOOK_MS = 30_000;

/** @type {Page | null} the page on the glass */
let page = null;

/** Watch for the page. Once per browser page. */
export function startAlarms() {
  const look = () => void (page && showState(page));
  document.addEventListener('curator:page', () => void arrive());
  document.addEventListener('curator:leave', leave);
  document.addEventListener('visibilitychange', () => void (document.hidden && page?.saving.now()));
  hear('outbox', look);
  for (const type of ['online', 'offline']) addEventListener(type, look);
  setInterval(look, LOOK_MS);
  onLock(async () => page?.saving.now());
}

async function arrive() {
  leave();
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById('urgent-form'));
  if (!form || !isOpen()) return;
  const known = (await alarms()).find(({ family, done }) => family === form.dataset['family'] && !done);
  if (form.isConnected) begin(form, known ?? fresh(form.dataset));
}

/**
 * @param {HTMLFormElement} form
 * @param {Alarm} alarm
 */
function begin(form, alarm) {
  void sealer().catch(() => {}); // without a network now, the worker has it
  const write = () => keep('alarm', Object.assign(alarm, saidOn(form), { saved_at: Date.now() }));
  const saved = (/** @type {number} */ at) => say(form, t('status_line.saved_line', { time: clockTime(new Date(at)) }));
  const saving = saver(write, { saved: () => saved(Date.now()), failed: () => sayFailed(form) });
  page = { form, alarm, saving, code: '', close: standOpen('urgent') };
  if (!alarm.half?.length) setNow(form);
  restore(form, [...alarm.fields, ...(alarm.half ?? [])]);
  if (alarm.saved_at) saved(alarm.saved_at);
  for (const type of ['input', 'change']) form.addEventListener(type, changed);
  form.addEventListener('focusout', () => void saving.now());
  form.addEventListener('click', tapped);
  showAll(page);
}

function leave() {
  if (!page) return;
  void (isOpen() ? page.saving.now() : Promise.resolve()).finally(page.close);
  page = null;
}

/** @param {Event} event */
function changed({ target, type }) {
  if (!page || !(target instanceof HTMLElement)) return;
  page.saving.changed();
  Object.assign(page.alarm, saidOn(page.form));
  if (target.getAttribute('name')?.startsWith('ui.')) return;
  fillScript(page.form);
  showButton(page);
  if (type === 'change') orderCallees(page.form);
}

/** @param {Event} event */
function tapped({ target }) {
  if (!page || !(target instanceof Element)) return;
  if (target.closest('[data-reached-add]')) void addLine();
  if (target.closest('[data-urgent-cancel]')) void cancel();
  if (target.closest('[data-urgent-new]')) void another();
}

async function addLine() {
  const call = page && takeLine(page.form);
  if (!page || !call) return;
  page.alarm.calls.push(call);
  page.saving.changed();
  showAll(page);
  // Who waits at the duty sees that somebody is on the way.
  if (page.alarm.raised_at) await send('note');
}

async function cancel() {
  if (!page) return;
  const chosen = /** @type {HTMLInputElement | null} */ (maybe(page.form, '[name="ui.reason"]:checked'));
  const told = /** @type {HTMLInputElement} */ (one(page.form, '[name="ui.told"]')).value;
  await send('cancel', [['cancel_reason', chosen?.value ?? ''], ['cancel_told', told]]);
}

/** The one at hand is over; the page begins anew. */
async function another() {
  if (!page) return;
  await page.saving.stop();
  await keep('alarm', Object.assign(page.alarm, { done: true, saved_at: Date.now() }));
  await go(location.pathname, { replace: true });
}

/**
 * «Да, сообщить», and what is added later.
 * @param {HTMLFormElement} form
 * @returns {Promise<string>} never: the page stays as it is, and says where the message is
 * @throws {DOMException} AbortError
 */
export async function submit(form) {
  if (page?.form === form) await send(page.alarm.raised_at ? 'note' : 'raise');
  throw new DOMException('the page says it itself', 'AbortError');
}

/**
 * @param {'raise' | 'note' | 'cancel'} act
 * @param {import('./record.js').Pair[]} [more]
 */
async function send(act, more = []) {
  const mine = page;
  if (!mine || mine.form.inert) return;
  const { form, alarm, saving } = mine;
  form.inert = true; // a second tap finds nothing to send
  try {
    const call = takeLine(form);
    if (call) alarm.calls.push(call);
    Object.assign(alarm, saidOn(form));
    await saving.now();
    await sendAct(alarm, act, more);
    showAll(mine);
    if (act !== 'note') scrollTo(0, 0);
  } catch {
    sayFailed(form);
  } finally {
    form.inert = false;
  }
}
