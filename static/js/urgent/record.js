/**
 * What «Срочно» and «Вернусь на связь» keep on the phone: one record each among the copies, under the vault's key,
 * from its first letter until it is over. The envelopes made of it are the outbox's.
 */
import { text, utf8 } from '../lib/bytes.js';
import { put, remove, tx } from '../lib/db.js';
import { uuid7 } from '../lib/uuid.js';
import { current, decrypt, encrypt } from '../vault/vault.js';

/** @typedef {import('../visits/fields.js').Pair} Pair */
/** @typedef {{ id: string, who: string, when: string, said: string, outcome: string }} Call */
/**
 * An alarm. Times in milliseconds, 0 for not yet; `half`: a line that is not written down yet; `sent`: what the last envelope
 * said, to know whether there is more; `done`: its author has read the answer, or begins another.
 * @typedef {{ id: string, family: string, surname: string, form_version: string, started_at: number, saved_at: number,
 *             raised_at: number, cancelled_at: number, fields: Pair[], half?: Pair[], calls: Call[], envelopes: string[],
 *             sent: string, done: boolean }} Alarm
 */
/**
 * A check-in. `steps`: envelopes with the hour that each named; `closed_at`: 0 while out.
 * @typedef {{ id: string, family: string, surname: string, case_no: string, form_version: string, opened_at: number,
 *             until_at: number, closed_at: number, steps: { envelope: string, act: string, until: number }[] }} CheckIn
 */
/** @typedef {'alarm' | 'check_in'} Kind */

/** Over for so long, it leaves the phone; the server has it. */
const KEPT_MS = 7 * 86_400_000;

/** @param {Kind} kind @param {string} id */
export const keyOf = (kind, id) => `${kind}:${id}`;

/**
 * A new alarm: its id is minted here, on the phone, and stays with it for good.
 * @param {DOMStringMap} about  of the page's form
 * @returns {Alarm}
 */
export function fresh({ family = '', familyName = '', formVersion = '' }) {
  const times = { started_at: Date.now(), saved_at: 0, raised_at: 0, cancelled_at: 0 };
  const said = { fields: [], calls: [], envelopes: [], sent: '', done: false };
  return { id: uuid7(), family, surname: familyName, form_version: formVersion, ...times, ...said };
}

/**
 * Keep a record; on the disk when this resolves.
 * @param {Kind} kind
 * @param {Alarm | CheckIn} record
 * @throws {DOMException} when the phone did not take it
 */
export async function keep(kind, record) {
  const id = keyOf(kind, record.id);
  const sealed = await encrypt(`copies|${id}`, utf8(JSON.stringify(record)));
  // In the clear, for what must not be wiped: written down and never sent.
  const unfinished = 'raised_at' in record && !record.raised_at && !record.done;
  await put(current().db, 'copies', { id, ...sealed, unfinished });
}

/** @returns {Promise<Alarm[]>} the newest first */
export const alarms = () => records('alarm');

/** @returns {Promise<CheckIn[]>} the newest first */
export const checkIns = () => records('check_in');

/** Let go of what has been over for a week. */
export async function sweep(now = Date.now()) {
  const over = (await alarms()).filter(({ done, saved_at }) => done && now - saved_at > KEPT_MS);
  for (const { id } of over) await remove(current().db, 'copies', keyOf('alarm', id));
  const back = (await checkIns()).filter(({ closed_at }) => closed_at && now - closed_at > KEPT_MS);
  for (const { id } of back) await remove(current().db, 'copies', keyOf('check_in', id));
}

/**
 * @param {Kind} kind
 * @returns {Promise<any[]>}
 */
async function records(kind) {
  const range = IDBKeyRange.bound(keyOf(kind, ''), keyOf(kind, '\uffff'));
  const rows = await tx(current().db, 'copies', 'readonly', (transaction) => transaction.objectStore('copies').getAll(range));
  const open = await Promise.all(
    rows.map(async ({ id, iv, ct }) => JSON.parse(text(await decrypt(`copies|${id}`, { iv, ct })))),
  );
  return open.sort((a, b) => (a.id < b.id ? 1 : -1));
}
