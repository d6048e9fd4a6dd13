/**
 * This browser's enrolments: which one is in use, and making the vault of a new one.
 * The registry and `meta` hold nothing personal, `wraps` nothing that opens without a finger or the phrase.
 */
import { base64url, utf8 } from '../lib/bytes.js';
import { all, dropEnrolment, get, openEnrolment, openRegistry, tx, writable } from '../lib/db.js';
import { canonicalPhrase } from './phrase.js';
import { openVault } from './vault.js';
import { newDek, seal, unwrapWithPasskey, unwrapWithPhrase, vaultKeys, wrapForPasskey, wrapForPhrase } from './wraps.js';

/** @typedef {import('../lib/db.js').EnrolmentEntry} EnrolmentEntry */
/** @typedef {{ id: string, short: string, credentials: string[] }} Meta  credentials: base64url ids */

/**
 * The enrolment in use here.
 * @returns {Promise<EnrolmentEntry | null>}
 */
export async function activeEnrolment() {
  const entries = await all(await openRegistry(), 'enrolments');
  return entries.find((entry) => entry.active) ?? null;
}

/**
 * Put a new enrolment into the registry and make it the one in use.
 * @param {{ id: string, short: string, kind: 'field' | 'office' }} enrolment
 */
export async function remember({ id, short, kind }) {
  await tx(await openRegistry(), 'enrolments', 'readwrite', async (transaction) => {
    const store = writable(transaction, 'enrolments');
    for (const entry of await store.getAll()) await store.put({ ...entry, active: false });
    await store.put({ id, short, kind, created_at: new Date().toISOString(), active: true });
  });
}

/**
 * Make the vault of a new field enrolment: data key, signing key, both wraps; all of it on the disk when this resolves.
 * @param {{ id: string, short: string }} enrolment
 * @param {{ credential: string, prf: BufferSource | null, phrase: string[], words: string[] }} secrets
 *   `prf` null: opens by the phrase only; `words`: the list, kept for completing what is typed at the lock
 * @returns {Promise<string>} the signing key's public half: base64url of the raw 65 bytes
 */
export async function makeVault({ id, short }, { credential, prf, phrase, words }) {
  const db = await openEnrolment(short);
  const dek = newDek();
  const signing = await newSigningKey(dek, short);
  const byPhrase = await wrapForPhrase(dek, canonicalPhrase(phrase), short);
  const byKey = prf && (await wrapForPasskey(dek, prf, short));
  dek.fill(0);
  await tx(db, ['wraps', 'meta'], 'readwrite', async (transaction) => {
    const wraps = writable(transaction, 'wraps');
    await wraps.put(byPhrase, 'phrase');
    if (byKey) await wraps.put(byKey, `prf:${credential}`);
    await wraps.put(signing.wrap, 'signing');
    await writable(transaction, 'meta').put({ id, short, credentials: [credential] }, 'enrolment');
    await writable(transaction, 'meta').put(words, 'words');
  });
  return signing.public_key;
}

/**
 * What the lock screen has to know before it opens.
 * @param {string} short
 * @returns {Promise<{ meta: Meta, words: string[], byKey: boolean }>}
 * @throws {Error} when this browser has no vault of that name (its storage was cleared)
 */
export async function vaultDoor(short) {
  const db = await openEnrolment(short);
  return tx(db, ['meta', 'wraps'], 'readonly', async (transaction) => {
    const meta = await transaction.objectStore('meta').get('enrolment');
    if (!meta) throw new Error('the vault of this enrolment is gone');
    const wraps = await transaction.objectStore('wraps').getAllKeys();
    const words = (await transaction.objectStore('meta').get('words')) ?? [];
    return { meta, words, byKey: wraps.some((key) => String(key).startsWith('prf:')) };
  });
}

/**
 * Open by the passkey's PRF output.
 * @param {Meta} meta
 * @param {string} credential  base64url id of the passkey that answered
 * @param {BufferSource} prf
 * @returns {Promise<boolean>} false when this passkey does not open this vault
 */
export async function openByPasskey(meta, credential, prf) {
  const wrap = await get(await openEnrolment(meta.short), 'wraps', `prf:${credential}`);
  if (!wrap) return false;
  return opened(meta, () => unwrapWithPasskey(wrap, prf, meta.short));
}

/**
 * Open by the reserve phrase.
 * @param {Meta} meta
 * @param {string[]} words
 * @returns {Promise<boolean>} false when the phrase is another one
 */
export async function openByPhrase(meta, words) {
  const wrap = await get(await openEnrolment(meta.short), 'wraps', 'phrase');
  return opened(meta, () => unwrapWithPhrase(wrap, canonicalPhrase(words), meta.short));
}

/**
 * Forget a vault whose enrolment did not come about; nothing was ever written into it.
 * @param {string} short
 */
export const forgetVault = (short) => dropEnrolment(short);

/**
 * @param {Meta} meta
 * @param {() => Promise<Uint8Array<ArrayBuffer>>} unwrap
 */
async function opened({ id, short }, unwrap) {
  let dek;
  try {
    dek = await unwrap();
  } catch {
    return false; // AES-GCM says only that the key is another one
  }
  const db = await openEnrolment(short);
  const signing = await get(db, 'wraps', 'signing');
  if (!signing) {
    dek.fill(0); // the office had the phone emptied while the finger was on its way
    return false;
  }
  await openVault({ id, short, db }, dek, signing);
  return true;
}

/**
 * @param {Uint8Array<ArrayBuffer>} dek
 * @param {string} short
 */
async function newSigningKey(dek, short) {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  const { data } = await vaultKeys(dek);
  const wrap = await seal(data, utf8(`${short}|wraps|signing`), pkcs8);
  pkcs8.fill(0);
  return { wrap, public_key: base64url(await crypto.subtle.exportKey('raw', pair.publicKey)) };
}
