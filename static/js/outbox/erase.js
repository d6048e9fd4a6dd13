/**
 * Pictures that a family took back: every copy on this phone goes.
 *
 * Names of copies are HMACs and bodies are encrypted, so a locked phone only notes what is to go; the next unlock
 * erases it before anything is painted. The server says the same at every contact: a phone that was restored obeys again.
 */
import { text } from '../lib/bytes.js';
import { get, tx, writable } from '../lib/db.js';
import { forget } from '../transport/fragments.js';
import { current, decrypt } from '../vault/vault.js';
import { drop, items } from './store.js';

/** @typedef {import('../lib/db.js').Database} Database */

/** hello.js writes it. */
const ORDERED = 'erase_photos';
const LINE = 10;

/**
 * Erase what was ordered; needs the open vault. Twice is as good as once.
 * @returns {Promise<Set<string>>} ids of the photos, for whoever shows one of them right now
 */
export async function eraseOrdered() {
  const { db } = current();
  const ids = new Set(/** @type {string[]} */ ((await get(db, 'meta', ORDERED)) ?? []));
  if (ids.size === 0) return ids;
  await forget([...ids].flatMap((id) => [`/photos/${id}/thumb`, `/photos/${id}/full`]));
  await tx(db, 'photos', 'readwrite', async (transaction) => {
    for (const id of ids) await writable(transaction, 'photos').delete(id);
  });
  /** @type {string[]} */
  const carriers = [];
  for (const item of await items(db)) {
    if (item.kind === 'photo' && ids.has(await photoOf(db, item.id))) carriers.push(item.id);
  }
  await drop(db, carriers);
  return ids;
}

/**
 * Which photo an envelope carries: the first line of its body says it.
 * @param {Database} db
 * @param {string} id  of the envelope
 * @returns {Promise<string>} empty when its copy cannot tell: one that is damaged must not save the others
 */
async function photoOf(db, id) {
  try {
    const body = await decrypt(`copies|${id}`, await get(db, 'copies', id));
    return JSON.parse(text(body.subarray(0, body.indexOf(LINE)))).photo;
  } catch {
    return '';
  }
}
