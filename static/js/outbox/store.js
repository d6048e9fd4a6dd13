/**
 * The outbox on the disk. A row is a clear line without personal data; the sealed bytes lie beside it in `sealed`.
 * Needs no key: the service worker works with it while the phone is locked.
 *
 * A row says `sending` only while a flush holds the lock of its enrolment. Whoever gets the lock next and finds the word
 * knows that a page died, and begins by asking how much has arrived.
 */
import { tell } from '../lib/bus.js';
import { all, get, put, tx, writable } from '../lib/db.js';

/** @typedef {import('../lib/db.js').Database} Database */
/** @typedef {{ code: string, field?: string }} Reason */
/**
 * @typedef {{ id: string, state: 'received' | 'applied' | 'needs_repair' | 'unreadable', seq: number,
 *             number: string | null, received_at: string, sha256: string, reasons?: Reason[], alarm?: string,
 *             check_in?: string }} Receipt  the last two: how far the answer to a call is, in a code
 */
/**
 * One envelope. `group`: the record it belongs to; `header`, `sha256`: base64; `size`: sealed bytes; `created_at`: ISO;
 * `next_at`, `sent_at`: milliseconds, 0 for none; `probe`: ask how much has arrived before sending;
 * `rejects`: how often the server found the bytes damaged; `resealed`: how often it could not read them;
 * `trouble`: the refusal that says what is wrong; `exported_at`: when it was saved to a file for the office;
 * `arrived`: bytes that the server has of it; `original`: the envelope of the picture that this is a smaller copy of;
 * `n`: the phone's own count of what it sealed, which no clock can put out of order (0: older than the count);
 * `reoffered_at`: when it turned out that a server that was set back to a backup lacks it.
 * @typedef {{ id: string, group: string, kind: string, header: string, sha256: string, size: number,
 *             state: 'waiting' | 'sending' | 'on_server' | 'needs_you', created_at: string, tries: number,
 *             next_at: number, probe: boolean, rejects: number, resealed: number, sent_at: number,
 *             receipt: Receipt | null, applied: boolean, trouble: string | null,
 *             exported_at?: number, arrived?: number, original?: string, n?: number, reoffered_at?: number }} Item
 */
/**
 * How sending goes for the enrolment as a whole. `tries`: fruitless rounds in a row; `next_at`: no round by itself
 * before; `batch_at`: since when the current «2 из 5» counts; `contact_at`: the last answer of ours; `still_at`: since when sending is tried
 * and nothing moves, 0 for not; `stolen_at`: when a hung sender was last put aside.
 * @typedef {{ trouble: string | null, tries: number, next_at: number, batch_at: number, contact_at: number,
 *             checked_at: number, safe_through: number, still_at: number, stolen_at: number }} Line
 */

/** @type {Line} */
export const NO_LINE = {
  ...{ trouble: null, tries: 0, next_at: 0, batch_at: 0, contact_at: 0, checked_at: 0, safe_through: 0 },
  ...{ still_at: 0, stolen_at: 0 },
};

/**
 * A row for an envelope that has just been sealed.
 * @param {import('./envelope.js').Sealed} sealed
 * @param {{ group: string, kind: string, created_at: string, resealed?: number }} about
 * @returns {Item}
 */
export function newItem({ id, header, sha256, bytes }, { group, kind, created_at, resealed = 0 }) {
  const fresh = { tries: 0, next_at: 0, probe: false, rejects: 0, sent_at: 0, receipt: null, applied: false, trouble: null };
  return { id, group, kind, header, sha256, size: bytes.byteLength, state: 'waiting', created_at, resealed, ...fresh };
}

/**
 * Every row, oldest first (the ids sort by the time they were minted).
 * @param {Database} db
 * @returns {Promise<Item[]>}
 */
export const items = (db) => all(db, 'outbox');

/** @param {Item} item  whether the server has not got it: nothing else may be the only copy */
export const isUnsent = ({ state }) => state !== 'on_server';

/**
 * @param {Database} db
 * @param {string} id
 * @returns {Promise<ArrayBuffer>}
 * @throws {Error} when the row has no bytes
 */
export async function sealedBytes(db, id) {
  const found = await get(db, 'sealed', id);
  if (!found) throw new Error('an outbox row without its bytes');
  return found.bytes;
}

/**
 * Change one row and tell everybody; on the disk when this resolves.
 * @param {Database} db
 * @param {string} id
 * @param {Partial<Item>} changes
 */
export async function change(db, id, changes) {
  await tx(db, 'outbox', 'readwrite', async (transaction) => {
    const store = writable(transaction, 'outbox');
    const item = await store.get(id);
    if (item) await store.put({ .../** @type {Item} */ (item), ...changes });
  });
  tell('outbox');
}

/**
 * Rows left at `sending` by a page that died go back to `waiting`. Only for the holder of the enrolment's lock.
 * @param {Database} db
 */
export async function reviveDead(db) {
  const dead = (await items(db)).filter((item) => item.state === 'sending');
  for (const { id } of dead) await change(db, id, { state: 'waiting', probe: true });
}

/**
 * Let go of envelopes, bytes and copies; a group's label goes with its last envelope.
 * @param {Database} db
 * @param {string[]} ids
 */
export async function drop(db, ids) {
  if (!ids.length) return;
  await tx(db, ['outbox', 'sealed', 'copies'], 'readwrite', async (transaction) => {
    const outbox = writable(transaction, 'outbox');
    for (const id of ids) {
      const item = /** @type {Item | undefined} */ (await outbox.get(id));
      for (const store of ['outbox', 'sealed', 'copies']) await writable(transaction, store).delete(id);
      if (item?.original) await writable(transaction, 'copies').delete(item.original);
      const left = /** @type {Item[]} */ (await outbox.getAll());
      if (item && !left.some(({ group }) => group === item.group)) {
        for (const key of [labelKey(item.group), pageKey(item.group)]) await writable(transaction, 'copies').delete(key);
      }
    }
  });
  tell('outbox');
}

/**
 * How many calls for people were written and not sent: they lie among the copies, in a range of their own.
 * @param {import('../lib/db.js').Transaction} transaction
 */
export async function unsentCalls(transaction) {
  const rows = await transaction.objectStore('copies').getAll(IDBKeyRange.bound('alarm:', 'alarm:\uffff'));
  return rows.filter(({ unfinished }) => unfinished).length;
}

/** @param {string} group  @returns {string} where the encrypted label of a group lies among the copies */
export const labelKey = (group) => `label:${group}`;

/** @param {string} id  of a draft, or of a group  @returns {string} where the page it was written on lies among the copies */
export const pageKey = (id) => `page:${id}`;

/** @param {Database} db  @returns {Promise<Line>} */
export const line = async (db) => ({ ...NO_LINE, ...(await get(db, 'meta', 'sending')) });

/**
 * @param {Database} db
 * @param {Partial<Line>} changes
 */
export async function setLine(db, changes) {
  await put(db, 'meta', { ...(await line(db)), ...changes }, 'sending');
  tell('outbox');
}
