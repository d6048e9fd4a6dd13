/**
 * «Когда пойти»: the days to tap are counted from this very day, whenever the page was taken along; and what was planned
 * on this phone stands on the pages that do not know of it yet.
 */
import { hear } from '../lib/bus.js';
import { fromTemplate } from '../lib/dom.js';
import { t } from '../lib/texts.js';
import { groupsOf } from '../outbox/groups.js';
import { labelOf } from '../outbox/rows.js';
import { items } from '../outbox/store.js';
import { chip, recordTitle } from '../outbox/words.js';
import { app } from '../transport/page.js';
import { current, isOpen } from '../vault/vault.js';

const DAYS = 14;
const WEEKDAY = new Intl.DateTimeFormat('ru', { weekday: 'short', timeZone: 'UTC' });

let turn = 0;

/** Fill the places whenever they stand, and whenever something goes or comes. Once per browser page. */
export function startPlanDays() {
  // In the same turn as the page: a draft that is taken up finds its day there.
  document.addEventListener('curator:page', () => {
    showDays(new Date());
    void showPlanned();
  });
  hear('outbox', () => void showPlanned());
}

/** @param {Date} today */
function showDays(today) {
  const box = /** @type {HTMLElement | null} */ (document.querySelector('[data-days]'));
  if (!box) return;
  const off = new Set((box.dataset['off'] ?? '').split(' '));
  const days = Array.from({ length: DAYS }, (_, ahead) => new Date(Date.UTC(today.getFullYear(), today.getMonth(), today.getDate() + ahead)));
  box.replaceChildren(...days.map((day) => {
    const on = day.toISOString().slice(0, 10);
    const rests = off.has(on);
    const made = fromTemplate('plan-day', { choice: { value: on }, day: `${WEEKDAY.format(day)} ${day.getUTCDate()}`, off: rests ? t('visit.day_off') : null });
    made.classList.toggle('skip', rests);
    return made;
  }));
}

/** The last word of this phone about each family, where it has not come or came after the page at hand. */
async function showPlanned() {
  const slot = /** @type {HTMLElement | null} */ (document.querySelector('[data-planned-slot]'));
  if (!slot || !isOpen()) return;
  const mine = ++turn;
  const [taken, only] = [Number(app().dataset['at']) || Infinity, slot.dataset['family']];
  const groups = groupsOf((await items(current().db)).filter(({ kind }) => kind === 'plan'));
  const told = await Promise.all(groups.map(async (group) => ({ group, label: await labelOf(group.group) })));
  const last = new Map(told.map((one) => [one.label?.family_id, one]));
  const fresh = [...last.values()].filter(({ group }) => group.state !== 'on_server' || group.sentAt > taken);
  if (mine !== turn || !slot.isConnected || !isOpen()) return;
  slot.replaceChildren(...fresh.flatMap(({ group, label }) => (label && (!only || only === label.family_id) ? [noteOf(group, label)] : [])));
}

/**
 * @param {import('../outbox/groups.js').Group} group
 * @param {import('../outbox/rows.js').Label} label
 */
function noteOf(group, label) {
  const about = [recordTitle(label), label.time].filter(Boolean).join(', ');
  return fromTemplate('planned-note', { what: t(label.on === 'none' ? 'visit.planned_none' : 'visit.planned', { about }), state: chip(group) });
}
