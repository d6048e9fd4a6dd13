/**
 * «Когда пойти»: the days to tap are counted from this very day, whenever the page was taken along; and what was planned
 * on this phone stands on the pages that do not know of it yet.
 */
import { hear } from '../lib/bus.js';
import { fromTemplate, maybe, one } from '../lib/dom.js';
import { t } from '../lib/texts.js';
import { groupsOf } from '../outbox/groups.js';
import { labelOf } from '../outbox/rows.js';
import { items } from '../outbox/store.js';
import { chip, recordTitle } from '../outbox/words.js';
import { app } from '../transport/page.js';
import { current, isOpen } from '../vault/vault.js';

/** @typedef {import('../outbox/rows.js').Label} Label */

const DAYS = 14;
/** So far ahead one plans, and a few days for whoever knows more. */
const AHEAD = 70;
const WEEKDAY = new Intl.DateTimeFormat('ru', { weekday: 'short', timeZone: 'UTC' });

let turn = 0;

/** Fill the places whenever they stand, and whenever something goes or comes. Once per browser page. */
export function startPlanDays() {
  // In the same turn as the page: a draft that is taken up finds its day there.
  document.addEventListener('curator:page', () => {
    showDays();
    void showPlanned();
  });
  document.addEventListener('visibilitychange', () => void (document.hidden || showDays()));
  hear('outbox', () => void showPlanned());
}

/** The days from this one on; a page that stood open over midnight gets them anew, and keeps what was tapped. */
function showDays() {
  const box = /** @type {HTMLElement | null} */ (document.querySelector('[data-days]'));
  const days = daysFrom(new Date());
  if (!box || box.dataset['days'] === days[0]) return;
  const off = new Set((box.dataset['off'] ?? '').split(' '));
  const tapped = /** @type {HTMLInputElement | null} */ (box.querySelector(':checked'))?.value;
  box.dataset['days'] = days[0];
  box.replaceChildren(...days.slice(0, DAYS).map((on) => chipOf(on, off.has(on), on === tapped)));
  const other = /** @type {HTMLInputElement | null} */ (document.querySelector('[data-ahead]'));
  if (other) [other.min, other.max] = [days[0] ?? '', days[Number(other.dataset['ahead'])] ?? ''];
}

/** @param {Date} today  @returns {string[]} YYYY-MM-DD, by the phone's own calendar */
const daysFrom = (today) =>
  Array.from({ length: AHEAD }, (_, ahead) => new Date(Date.UTC(today.getFullYear(), today.getMonth(), today.getDate() + ahead)).toISOString().slice(0, 10));

/**
 * @param {string} on
 * @param {boolean} rests
 * @param {boolean} tapped
 */
function chipOf(on, rests, tapped) {
  const day = new Date(`${on}T00:00:00Z`);
  const made = fromTemplate('plan-day', { choice: { value: on }, day: `${WEEKDAY.format(day)} ${day.getUTCDate()}`, off: rests ? t('visit.day_off') : null });
  made.classList.toggle('skip', rests);
  /** @type {HTMLInputElement} */ (one(made, 'input')).checked = tapped;
  return made;
}

/** The last word of this phone about each family, where it has not come or came after the page at hand. */
async function showPlanned() {
  const slot = /** @type {HTMLElement | null} */ (document.querySelector('[data-planned-slot]'));
  if (!slot || !isOpen()) return;
  const mine = ++turn;
  const [taken, only] = [Number(app().dataset['takenAt']) || Infinity, slot.dataset['family']];
  const groups = groupsOf((await items(current().db)).filter(({ kind }) => kind === 'plan'));
  const told = await Promise.all(groups.map(async (group) => ({ group, label: await labelOf(group.group) })));
  const last = new Map(told.map((one) => [one.label?.family_id, one]));
  const fresh = [...last.values()].filter(({ group }) => group.state !== 'on_server' || group.sentAt > taken);
  if (mine !== turn || !slot.isConnected || !isOpen()) return;
  const here = fresh.filter(({ label }) => label && (!only || only === label.family_id));
  slot.replaceChildren(...here.map(({ group, label }) => noteOf(group, /** @type {Label} */ (label))));
  // Whoever has planned it here already moves it, whatever the page knows.
  if (only && here.some(({ label }) => label?.on !== 'none')) maybe(document, '.when-day')?.setAttribute('data-moves', '');
}

/**
 * @param {import('../outbox/groups.js').Group} group
 * @param {Label} label
 */
function noteOf(group, label) {
  const about = [recordTitle(label), label.time].filter(Boolean).join(', ');
  const overtaken = group.reasons.some(({ code }) => code === 'plan_overtaken');
  const what = overtaken ? 'visit.planned_overtaken' : label.on === 'none' ? 'visit.planned_none' : 'visit.planned';
  return fromTemplate('planned-note', { what: t(what, { about }), state: chip(group) });
}
