/** What the server could not read is sealed anew from the phone's own copy, under a new id, once the vault is open. */
import { get, tx, writable } from '../lib/db.js';
import { uuid7 } from '../lib/uuid.js';
import { current, decrypt } from '../vault/vault.js';
import { headerOf } from './envelope.js';
import { prepare } from './queue.js';
import { RESEALS } from './receipts.js';
import { items } from './store.js';
import { sendSoon } from './triggers.js';

/** @typedef {import('./store.js').Item} Item */

/** Seal anew whatever came back unreadable; the body carries its own id, so the server knows it again. */
export async function resealUnreadable() {
  const { db } = current();
  const unreadable = (await items(db)).filter((item) => item.receipt?.state === 'unreadable' && item.resealed < RESEALS);
  for (const item of unreadable) await reseal(item);
  if (unreadable.length) sendSoon();
}

/** @param {Item} item */
async function reseal(item) {
  const { db } = current();
  const kept = await get(db, 'copies', item.id);
  if (!kept) return;
  const body = await decrypt(`copies|${item.id}`, kept);
  const { kind, form_version, created_at, parts } = headerOf(item.header);
  const about = { id: uuid7(), group: item.group, kind, form_version, created_at, parts, supersedes: item.id };
  const ready = await prepare(body, { ...about, resealed: item.resealed + 1 });
  await tx(db, ['outbox', 'sealed', 'copies'], 'readwrite', async (transaction) => {
    await writable(transaction, 'outbox').put({ ...ready.item, n: item.n ?? 0 });
    await writable(transaction, 'sealed').put({ id: ready.item.id, bytes: ready.bytes });
    await writable(transaction, 'copies').put({ id: ready.item.id, ...ready.copy });
    for (const store of ['outbox', 'sealed', 'copies']) await writable(transaction, store).delete(item.id);
  });
}
