/**
 * What the office wants of a phone that was switched off. Sealed records need no key: they go on being sent whatever
 * else goes. Works without a page: the service worker hears these orders too.
 */
import { tell } from '../lib/bus.js';
import { all, get, openRegistry, put, tx, writable } from '../lib/db.js';
import { unsentCalls } from './store.js';

/** @typedef {import('../lib/db.js').Database} Database */

/** What opens nothing any more once it is gone, and what was readable with it. What is sealed stays. */
const READABLE = ['wraps', 'fragments', 'drafts', 'photos', 'copies'];
const UNREADABLE = 'parked_unreadable';
/** Where the page looks whether this phone is being handed in. */
export const HANDED_IN = 'handed_in';

/**
 * Follow them.
 * @param {Database} db
 * @param {string} short
 * @param {unknown} orders
 * @returns {Promise<boolean>} whether something is new that the server should hear at once
 */
export async function follow(db, short, orders) {
  if (!Array.isArray(orders)) return false;
  const drains = orders.includes('drain');
  if (drains !== Boolean(await get(db, 'meta', HANDED_IN))) await put(db, 'meta', drains, HANDED_IN);
  const forgot = orders.includes('forget') && (await forgetAll(db, short));
  if (orders.includes('wipe')) await wipe(db, short);
  return forgot && !orders.includes('wipe');
}

/**
 * The server takes nothing from this phone any more. A lost one forgets its keys even so; one that was handed in
 * keeps what nobody has yet.
 * @param {Database} db
 * @param {string} short
 * @param {string} trouble
 */
export async function refusedFor(db, short, trouble) {
  if (trouble === 'phone_lost') await follow(db, short, ['forget', 'wipe']);
  else if (trouble === 'phone_revoked') await wipe(db, short);
}

/**
 * «Убрать данные с телефона», and the end of every switching off. Never while anything is unsent or unfinished.
 * @param {Database} db
 * @param {string} short
 * @returns {Promise<boolean>} whether it is done
 */
export async function wipe(db, short) {
  const stores = Object.keys(db.stores);
  const gone = await tx(db, stores, 'readwrite', async (transaction) => {
    if (await atStake(transaction)) return false;
    for (const store of stores) await writable(transaction, store).clear();
    return true;
  });
  if (gone) await closeEntry(short, 'gone');
  return gone;
}

/**
 * Whether somebody still needs this phone for it: it is not at the server, or lies there and cannot be read. What lies
 * there whole and does not apply is put right at the office.
 * @param {import('./store.js').Item} item
 */
export const isNeededHere = ({ state, trouble, receipt }) =>
  trouble === UNREADABLE || (state !== 'on_server' && receipt?.state !== 'needs_repair');

/** @param {import('./store.js').Item} item  whether a file for the office does as well as the phone; not for what the server cannot read */
export const isFiled = ({ exported_at, trouble }) => Boolean(exported_at) && trouble !== UNREADABLE;

/**
 * How much is on this phone alone: records that nobody else can use, drafts, calls that were written and not sent. What
 * was saved to a file for the office counts no more.
 * @param {import('../lib/db.js').Transaction} transaction  over `outbox`, `drafts` and `copies`
 */
export async function atStake(transaction) {
  const rows = /** @type {any[]} */ (await transaction.objectStore('outbox').getAll());
  const drafts = await transaction.objectStore('drafts').getAllKeys();
  const needed = rows.filter((row) => isNeededHere(row) && !isFiled(row));
  return needed.length + drafts.length + (await unsentCalls(transaction));
}

/**
 * @param {Database} db
 * @param {string} short
 * @returns {Promise<boolean>} false when there was nothing left to forget
 */
async function forgetAll(db, short) {
  const forgot = await tx(db, [...READABLE, 'meta'], 'readwrite', async (transaction) => {
    const had = await Promise.all(READABLE.map((store) => transaction.objectStore(store).count()));
    for (const store of READABLE) await writable(transaction, store).clear();
    await writable(transaction, 'meta').delete('enrolment');
    return had.some(Boolean);
  });
  if (forgot) await closeEntry(short, 'lost');
  return forgot;
}

/**
 * Write into the registry that nobody opens this vault again, and let its pages hear it.
 * @param {string} short
 * @param {'lost' | 'gone'} closed  `lost`: what is sealed still goes out · `gone`: nothing is here any more
 */
async function closeEntry(short, closed) {
  const registry = await openRegistry();
  const entry = /** @type {any[]} */ (await all(registry, 'enrolments')).find((one) => one.short === short);
  if (entry) await put(registry, 'enrolments', { ...entry, closed });
  tell('closed');
}
