/**
 * «Готово»: what is finished (a visit with its photos, a short form) becomes envelopes, in one transaction with the end
 * of the draft. Either all of it is on the disk and sealed, or the draft stands as it stood.
 */
import { tell } from '../lib/bus.js';
import { utf8 } from '../lib/bytes.js';
import { get, tx, writable } from '../lib/db.js';
import { mustFit } from '../lib/reserve.js';
import { uuid7 } from '../lib/uuid.js';
import { current, encrypt } from '../vault/vault.js';
import { isoWithOffset, photoBody, seal } from './envelope.js';
import { items, labelKey, newItem, pageKey } from './store.js';
import { sendSoon } from './triggers.js';

/** @typedef {import('./store.js').Item} Item */
/** @typedef {{ iv: ArrayBuffer, ct: ArrayBuffer }} Encrypted */
/** @typedef {{ item: Item, bytes: ArrayBuffer, copy: Encrypted }} Ready */
/**
 * What a record is called in «Отправка»: surname («» without a family), YYYY-MM-DD, `visit` or the attempt's id; `kind`:
 * a key of the texts `queue.kinds`, where the outcome does not say it; `time`: HH:MM of what is planned.
 * @typedef {{ family: string, on: string, outcome: string, kind?: string, time?: string }} Label
 */
/**
 * `keep`: what else must be on the disk together with it, under the vault's key: id among the copies and any JSON value.
 * @typedef {{ kind: import('../visits/draft.js').ShortKind | 'alarm' | 'check_in', id: string, envelope?: string, familyId: string | null,
 *             formVersion: string, fields: [string, string][], label: Label, remove?: { drafts?: string[], photos?: string[] },
 *             keep?: { id: string, value: unknown }[], supersedes?: string | null }} FinishedForm
 *   `id`: the record's own; the server knows it again by it, under whatever envelope it comes; `envelope`: minted by who
 *   wants to know it before
 */
/**
 * @typedef {{ visitId: string, familyId: string, formVersion: string, fields: [string, string][],
 *             photos: { id: string, bytes: Uint8Array }[], remove: { drafts?: string[], photos?: string[] },
 *             label: Label, page?: string | null, supersedes?: string | null }} FinishedVisit
 *   `page`: the packed page that it was written on, for a later correction; `fields`: every name and value of the form with id, family, form_version and the photos' lines
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
  const pages = visit.page ? [{ id: pageKey(group), value: visit.page }] : [];
  const ready = [await prepare(body, text)];
  for (const [n, { id, bytes }] of visit.photos.entries()) {
    const photo = { ...about, id: /** @type {string} */ (photoIds[n]), kind: 'photo' };
    ready.push(await prepare(photoBody(id, visit.visitId, bytes), photo));
  }
  await store(db, ready, { group, about: { ...visit.label, family_id: visit.familyId }, remove: visit.remove, keep: pages });
  sendSoon();
  return { group };
}

/**
 * Seal a short form and queue it; then sending begins by itself.
 * @param {FinishedForm} form
 * @returns {Promise<{ group: string, envelope: string }>} ids, once everything is on the disk
 * @throws {Error} when the vault is locked or the phone has never got the server's key
 * @throws {DOMException} QuotaExceededError when the phone is full: nothing was changed
 */
export async function queueForm({ kind, id, envelope = uuid7(), familyId, formVersion, fields, label, remove = {}, keep = [], supersedes = null }) {
  const { db } = current();
  /** @type {[string, string][]} */
  const about = [['id', id], ['family', familyId ?? ''], ['form_version', formVersion]];
  const said = new Set(fields.map(([name]) => name));
  const body = utf8(new URLSearchParams([...about.filter(([name]) => !said.has(name)), ...fields]).toString());
  const header = { id: envelope, group: envelope, kind, form_version: formVersion, created_at: isoWithOffset(new Date()), supersedes };
  const ready = [await prepare(body, header)];
  await store(db, ready, { group: envelope, about: { kind, ...label, family_id: familyId }, remove, keep });
  sendSoon();
  return { group: envelope, envelope };
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
 * @param {{ group: string, about: object, remove: { drafts?: string[], photos?: string[] },
 *           keep: { id: string, value: unknown }[] }} rest  `about`: the label with the family's id
 */
async function store(db, ready, { group, about, remove, keep }) {
  const kept = [{ id: labelKey(group), value: about }, ...keep];
  const copies = await Promise.all(
    kept.map(async ({ id, value }) => ({ id, ...(await encrypt(`copies|${id}`, utf8(JSON.stringify(value)))) })),
  );
  const write = () => tx(db, ['outbox', 'sealed', 'copies', 'drafts', 'photos', 'meta'], 'readwrite', async (transaction) => {
    let n = /** @type {number} */ ((await transaction.objectStore('meta').get('sealed_count')) ?? 0);
    for (const { item, bytes, copy } of ready) {
      await writable(transaction, 'outbox').put({ ...item, n: (n += 1) });
      await writable(transaction, 'sealed').put({ id: item.id, bytes });
      await writable(transaction, 'copies').put({ id: item.id, ...copy });
    }
    await writable(transaction, 'meta').put(n, 'sealed_count');
    for (const copy of copies) await writable(transaction, 'copies').put(copy);
    for (const id of remove.drafts ?? []) {
      await writable(transaction, 'drafts').delete(id);
      await writable(transaction, 'copies').delete(pageKey(id));
    }
    for (const id of remove.photos ?? []) await writable(transaction, 'photos').delete(id);
  });
  await mustFit(db, write);
  tell('outbox');
}
