/** On «Сегодня», before everything else: alarms that nobody has confirmed, answers that were not read, who is out. */
import { hear } from '../lib/bus.js';
import { fill, fromTemplate, maybe, one } from '../lib/dom.js';
import { t } from '../lib/texts.js';
import { go } from '../transport/transport.js';
import { isOpen } from '../vault/vault.js';
import { saidOf } from './out.js';
import { alarms, checkIns, keep, sweep } from './record.js';
import { codeOf, line, rowsOf, showAnswer } from './state.js';

/** @typedef {import('./record.js').Alarm} Alarm */

const LOOK_MS = 30_000;
/** @type {Set<string>} alarms whose answer was read a moment ago: sealing that takes longer than the next page */
const read = new Set();
let turn = 0;
let shown = '';

/** Fill the places whenever they stand and whenever something changes. Once per browser page. */
export function startCallNotes() {
  const look = () => void show(false);
  document.addEventListener('curator:page', () => void show(true));
  hear('outbox', look);
  for (const type of ['online', 'offline']) addEventListener(type, look);
  setInterval(look, LOOK_MS);
}

/** @param {boolean} anew  the page has just come */
async function show(anew) {
  const slot = maybe(document, '[data-call-slot]');
  if (!slot || !isOpen()) return;
  const mine = ++turn;
  if (anew) await sweep().catch(() => {});
  const open = (await alarms()).filter(({ id, done, raised_at, fields, calls }) => !done && !read.has(id) && (raised_at || calls.length || fields.some(([, value]) => value)));
  const said = await Promise.all(open.map(async (alarm) => ({ alarm, code: alarm.raised_at ? codeOf(alarm, await rowsOf(alarm.envelopes), navigator.onLine !== false) : null })));
  const [latest] = await checkIns();
  const out = await saidOf(latest ?? null);
  if (mine !== turn || !slot.isConnected || !isOpen()) return;
  const now = JSON.stringify([said.map(({ alarm, code }) => [alarm.id, code]), out]);
  if (!anew && now === shown) return; // a screen reader reads every change
  shown = now;
  slot.replaceChildren(...said.map(({ alarm, code }) => alarmNote(alarm, code)), ...(out ? [checkInNote(out)] : []));
}

/**
 * @param {Alarm} alarm
 * @param {import('./state.js').Code | null} code  null: written and not sent
 */
function alarmNote(alarm, code) {
  const over = code === 'confirmed' || code === 'cancelled';
  const state = code ? line(code) : t('urgent.confirmation.not_sent');
  const note = fromTemplate('alarm-note', { what: t('urgent.confirmation.note', { family: alarm.surname }), state });
  one(note, '[data-open]').addEventListener('click', () => void go(`/families/${alarm.family}/urgent`));
  const done = one(note, '[data-fill=done]');
  done.hidden = !over;
  done.addEventListener('click', () => {
    read.add(alarm.id);
    note.remove();
    keep('alarm', { ...alarm, done: true, saved_at: Date.now() }).catch(() => read.delete(alarm.id));
  });
  if (code === 'seen' || over) void showAnswer(one(note, '[data-fill=answer]'), alarm.id);
  return note;
}

/** @param {import('./out.js').Said} said */
function checkInNote({ what, where, more }) {
  const note = fromTemplate('check-in-note', {});
  fill(note, { what, where, more });
  one(note, '[data-open]').addEventListener('click', () => void go('/check-in'));
  return note;
}
