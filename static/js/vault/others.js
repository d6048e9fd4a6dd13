/**
 * Several people on one phone: each has an enrolment, a database and a cookie of their own. The lock says that a
 * colleague's records wait, never whose or about whom, and lets the colleague in.
 */
import { all, openEnrolment, openRegistry, tx, writable } from '../lib/db.js';
import { fill, one } from '../lib/dom.js';
import { refusal } from '../lib/texts.js';

/** @typedef {import('../lib/db.js').EnrolmentEntry} EnrolmentEntry */

/**
 * Say at the lock that others work on this phone too.
 * @param {HTMLElement} screen
 * @param {string} short  the enrolment at hand
 */
export async function showOthers(screen, short) {
  const others = await otherPhones(short);
  const next = others[0];
  const button = one(screen, '[data-other]');
  button.hidden = !next;
  if (!next) return;
  button.onclick = () => void activate(next.short).then(() => location.reload());
  if (!(await Promise.all(others.map(waits))).some(Boolean)) return;
  const { what, safe } = refusal('phone_of_other');
  fill(screen, { others: `${what} ${safe}` });
}

/**
 * Make an enrolment of this browser the one in use.
 * @param {string} short
 * @returns {Promise<boolean>} false when this browser has none of that name
 */
export async function activate(short) {
  return tx(await openRegistry(), 'enrolments', 'readwrite', async (transaction) => {
    const store = writable(transaction, 'enrolments');
    const entries = /** @type {EnrolmentEntry[]} */ (await store.getAll());
    if (!entries.some((entry) => entry.short === short && !entry.closed)) return false;
    for (const entry of entries) await store.put({ ...entry, active: entry.short === short });
    return true;
  });
}

/**
 * The enrolments of others, the one after this first: tapping again and again leads to everybody.
 * @param {string} short
 * @returns {Promise<EnrolmentEntry[]>}
 */
async function otherPhones(short) {
  const entries = /** @type {EnrolmentEntry[]} */ (await all(await openRegistry(), 'enrolments'));
  const phones = entries.filter(({ kind, closed }) => kind === 'field' && !closed);
  const at = phones.findIndex((entry) => entry.short === short);
  return [...phones.slice(at + 1), ...phones.slice(0, Math.max(at, 0))].filter((entry) => entry.short !== short);
}

/** @param {EnrolmentEntry} entry */
async function waits({ short }) {
  const rows = await all(await openEnrolment(short), 'outbox');
  return rows.some(({ state }) => state !== 'on_server');
}
