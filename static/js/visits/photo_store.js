/** A draft's photos: shrunk in a worker, one after another, and put under the vault's key before anything else. */
import { put, get, remove, tx, writable } from '../lib/db.js';
import { pictureFits } from '../lib/reserve.js';
import { hex, sha256 } from '../lib/bytes.js';
import { policy } from '../transport/trusted.js';
import { current, decrypt, encrypt } from '../vault/vault.js';
import { uuid7 } from '../lib/uuid.js';
import { drafts } from './draft.js';
import { exifTime } from './exif.js';

/** @typedef {import('./photo_worker.js').Shrunk} Shrunk */
/** @typedef {import('./draft.js').DraftPhoto} DraftPhoto */

/** A phone that takes longer than this over one picture has hung over it. */
const PATIENCE_MS = 60_000;
/** Younger than this a picture may be on its way into its draft, or out of it with «Вернуть» still on the glass. */
const SETTLED_MS = 3_600_000;

/** @type {Promise<unknown>} */
let turn = Promise.resolve();

/**
 * Take a picture in: a file, or what the viewfinder shows (which is gone from the page then).
 * @param {File | ImageBitmap} file
 * @param {string} draft  id of the draft it belongs to
 * @param {Date} [at]  when it was taken, for what does not say so
 * @returns {Promise<DraftPhoto | null>} once it is on the disk; null when it is not a picture
 */
export function takePhoto(file, draft, at) {
  const mine = turn.then(() => take(file, draft, at));
  turn = mine.catch(() => {}); // the next one gets its turn whatever happened to this one
  return mine;
}

/**
 * The picture's bytes, to show or to seal.
 * @param {string} id
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} null when it is gone
 */
export async function photoBytes(id) {
  const stored = await get(current().db, 'photos', id);
  return stored ? decrypt(`photos|${id}`, stored) : null;
}

/**
 * Put other bytes in a picture's place; nothing of the former ones stays.
 * @param {string} id
 * @param {string} draft
 * @param {Uint8Array<ArrayBuffer>} bytes  a JPEG
 * @returns {Promise<Pick<DraftPhoto, 'sha256' | 'size'>>} once they are on the disk
 */
export async function replacePhoto(id, draft, bytes) {
  return { size: await store(id, draft, bytes), sha256: hex(await sha256(bytes)) };
}

/** @param {string} id */
export const dropPhoto = (id) => remove(current().db, 'photos', id);

/** Remove pictures that no draft names: the page died between a picture and its draft, or before «Вернуть» ran out. */
export async function sweepPhotos() {
  const named = new Set((await drafts()).flatMap(({ photos }) => photos.map(({ id }) => id)));
  await tx(current().db, 'photos', 'readwrite', async (transaction) => {
    let cursor = await writable(transaction, 'photos').openCursor();
    while (cursor) {
      const { id, at } = /** @type {{ id: string, at: number }} */ (cursor.value);
      if (!named.has(id) && Date.now() - at > SETTLED_MS) await cursor.delete();
      cursor = await cursor.continue();
    }
  });
}

/**
 * @param {File | ImageBitmap} file
 * @param {string} draft
 * @param {Date} [at]
 * @returns {Promise<DraftPhoto | null>}
 */
async function take(file, draft, at) {
  const shrunk = await shrink(file);
  if (!shrunk) return null;
  const id = uuid7();
  const size = await store(id, draft, new Uint8Array(shrunk.bytes));
  const taken_at = shrunk.takenAt || (at ? exifTime(at) : '');
  return { id, place: '', purpose: '', caption: '', taken_at, allowed_by: '', shown: '', sha256: shrunk.sha256, size };
}

/**
 * @param {string} id
 * @param {string} draft
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<number>} how many
 */
async function store(id, draft, bytes) {
  const sealed = await encrypt(`photos|${id}`, bytes);
  const { db } = current();
  await pictureFits(db, () => put(db, 'photos', { id, draft, ...sealed, size: bytes.length, at: Date.now() }));
  return bytes.length;
}

/**
 * @param {File | ImageBitmap} file
 * @returns {Promise<Shrunk | null>}
 */
function shrink(file) {
  // A worker for each picture: its memory goes back to the phone with it.
  const worker = new Worker(policy.createScriptURL(PHOTO_WORKER_URL), { type: 'module' });
  /** @type {Promise<Shrunk | null>} */
  const answer = new Promise((resolve) => {
    setTimeout(() => resolve(null), PATIENCE_MS);
    worker.onmessage = (event) => resolve(event.data);
    worker.onerror = () => resolve(null);
    worker.postMessage(file, { transfer: file instanceof ImageBitmap ? [file] : [] });
  });
  return answer.finally(() => worker.terminate());
}
