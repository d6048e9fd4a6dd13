/**
 * A picture that the server finds too large goes as a smaller copy, made as soon as the vault is open. The original stays
 * on the phone until the server has let go of what it received.
 */
import { hex, joined, sha256, text, utf8 } from '../lib/bytes.js';
import { get, tx, writable } from '../lib/db.js';
import { uuid7 } from '../lib/uuid.js';
import { current, decrypt } from '../vault/vault.js';
import { headerOf } from './envelope.js';
import { isTooBig } from './order.js';
import { prepare } from './queue.js';
import { items } from './store.js';
import { sendSoon } from './triggers.js';

/** @typedef {import('./store.js').Item} Item */

/** The longer side of each try, in pixels; the first pictures of a visit have 1600. */
const SIDES = [1200, 900, 640];
const QUALITY = 0.7;
const LINE = 10;

let busy = false;

/** Make smaller copies of all that is too large. */
export async function makeSmaller() {
  if (busy) return;
  busy = true;
  try {
    const large = (await items(current().db)).filter(isTooBig);
    for (const item of large) await replace(item);
    if (large.length) sendSoon();
  } finally {
    busy = false;
  }
}

/** @param {Item} item */
async function replace(item) {
  const { db } = current();
  const original = item.original ?? item.id;
  const kept = await get(db, 'copies', original);
  if (!kept) return;
  const whole = await decrypt(`copies|${original}`, kept);
  const cut = whole.indexOf(LINE);
  const jpeg = whole.slice(cut + 1);
  const about = { ...JSON.parse(text(whole.subarray(0, cut))), instead_of: hex(await sha256(jpeg)) };
  const body = joined(utf8(`${JSON.stringify(about)}\n`), await shrunk(jpeg, SIDES[item.resealed] ?? 640));
  const { kind, form_version, created_at } = headerOf(item.header);
  const again = { id: uuid7(), group: item.group, kind, form_version, created_at, resealed: item.resealed + 1 };
  const ready = await prepare(body, again);
  await tx(db, ['outbox', 'sealed', 'copies'], 'readwrite', async (transaction) => {
    await writable(transaction, 'outbox').put({ ...ready.item, original, n: item.n ?? 0 });
    await writable(transaction, 'sealed').put({ id: ready.item.id, bytes: ready.bytes });
    await writable(transaction, 'copies').put({ id: ready.item.id, ...ready.copy });
    for (const store of ['outbox', 'sealed']) await writable(transaction, store).delete(item.id);
    if (item.id !== original) await writable(transaction, 'copies').delete(item.id);
  });
}

/**
 * @param {Uint8Array<ArrayBuffer>} jpeg
 * @param {number} side
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function shrunk(jpeg, side) {
  const bitmap = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }));
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale)));
  const onto = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
  onto.imageSmoothingQuality = 'high';
  onto.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
  canvas.width = canvas.height = 1; // gives the pixels back now
  return new Uint8Array(await blob.arrayBuffer());
}
