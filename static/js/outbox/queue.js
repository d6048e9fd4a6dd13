/**
 * «Готово»: a finished visit and its photos become envelopes, in one transaction with the end of the draft.
 * Either all of it is on the disk and sealed, or the draft stands as it stood.
 */
import { tell } from '../lib/bus.js';
import { utf8 } from '../lib/bytes.js';
import { get, tx, writable } from '../lib/db.js';
import { uuid7 } from '../lib/uuid.js';
import { current, encrypt } from '../vault/vault.js';
import { isoWithOffset, photoBody, seal } from './envelope.js';
import { items, labelKey, newItem } from './store.js';
import { sendSoon } from './triggers.js';

/** @typedef {import('./store.js').Item} Item */
/** @typedef {{ iv: ArrayBuffer, ct: ArrayBuffer }} Encrypted */
/** @typedef {{ item: Item, bytes: ArrayBuffer, copy: Encrypted }} Ready */
/** @typedef {{ family: string, on: string, outcome: string }} Label  surname, YYYY-MM-DD, `visit` or the attempt's id */
/**
 * @typedef {{ visitId: string, familyId: string, formVersion: string, fields: [string, string][],
 *             photos: { id: string, bytes: Uint8Array }[], remove: { drafts?: string[], photos?: string[] },
 *             label: Label, supersedes?: string | null }} FinishedVisit
 *   `fields`: every name and value of the form with id, family, form_version and the photos' lines
 */

/**
 * Seal a visit and queue it; then sending begins by itself.
 * @param {FinishedVisit} visit
 * @returns {Promise<{ group: string }>} once everything is on the disk
 * @throws {Error} when the vault is locked or the phone has never got the server's key
 * @throws {DOMException} QuotaExceededError when the phone is full: nothing was changed
 */
export async function queueVisit(visit) {
  const { db } = current();
  const created_at = isoWithOffset(new Date());
  const photoIds = visit.photos.map(() => uuid7());
  const body = utf8(new URLSearchParams(visit.fields).toString());
  const group = uuid7();
  const about = { group, form_version: visit.formVersion, created_at };
  const text = { ...about, id: group, kind: 'visit', parts: photoIds, supersedes: visit.supersedes ?? null };
  const ready = [await prepare(body, text)];
  for (const [n, { id, bytes }] of visit.photos.entries()) {
    const photo = { ...about, id: /** @type {string} */ (photoIds[n]), kind: 'photo' };
    ready.push(await prepare(photoBody(id, visit.visitId, bytes), photo));
  }
  const label = await encrypt(`copies|${labelKey(group)}`, utf8(JSON.stringify({ ...visit.label, family_id: visit.familyId })));
  await store(db, ready, { group, label, remove: visit.remove });
  tell('outbox');
  sendSoon();
  return { group };
}

/**
 * The envelopes of one record.
 * @param {string} group
 * @returns {Promise<Item[]>}
 */
export async function itemsOf(group) {
  return (await items(current().db)).filter((item) => item.group === group);
}

/**
 * Seal one body, and keep what it says under the vault's key for the case that the server cannot read it.
 * @param {Uint8Array<ArrayBuffer>} body
 * @param {{ id: string, group: string, kind: string, form_version: string, created_at: string, resealed?: number,
 *           parts?: string[], supersedes?: string | null }} about
 * @returns {Promise<Ready>}
 */
export async function prepare(body, { group, resealed = 0, ...about }) {
  const { db, short } = current();
  const key = await get(db, 'meta', 'sync_key');
  if (!key) throw new Error('the server has not given its key yet');
  const sealed = await seal(body, { ...about, enrolment: short }, key);
  const item = newItem(sealed, { group, kind: about.kind, created_at: about.created_at, resealed });
  return { item, bytes: sealed.bytes, copy: await encrypt(`copies|${sealed.id}`, body) };
}

/**
 * The one transaction.
 * @param {import('../lib/db.js').Database} db
 * @param {Ready[]} ready
 * @param {{ group: string, label: Encrypted, remove: { drafts?: string[], photos?: string[] } }} rest
 */
async function store(db, ready, { group, label, remove }) {
  await tx(db, ['outbox', 'sealed', 'copies', 'drafts', 'photos'], 'readwrite', async (transaction) => {
    for (const { item, bytes, copy } of ready) {
      await writable(transaction, 'outbox').put(item);
      await writable(transaction, 'sealed').put({ id: item.id, bytes });
      await writable(transaction, 'copies').put({ id: item.id, ...copy });
    }
    await writable(transaction, 'copies').put({ id: labelKey(group), ...label });
    for (const id of remove.drafts ?? []) await writable(transaction, 'drafts').delete(id);
    for (const id of remove.photos ?? []) await writable(transaction, 'photos').delete(id);
  });
}
