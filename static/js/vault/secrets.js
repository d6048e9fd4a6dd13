/**
 * Another passkey, another phrase: the data key stays, it gets one more wrap or a new one. The open vault itself holds
 * the key only in a form that cannot be read out, so whoever changes a way in proves an old one first.
 */
import { get, openEnrolment, put, tx, writable } from '../lib/db.js';
import { canonicalPhrase } from './phrase.js';
import { askPasskey } from './prf.js';
import { unwrapWithPasskey, unwrapWithPhrase, wrapForPasskey, wrapForPhrase } from './wraps.js';

/** @typedef {import('./enrolments.js').Meta} Meta */
/** @typedef {Uint8Array<ArrayBuffer>} Dek  32 bytes; whoever asked for it overwrites it */

/**
 * The data key, by the words on paper.
 * @param {Meta} meta
 * @param {string[]} words
 * @returns {Promise<Dek | null>} null for another phrase
 */
export async function keyByPhrase({ short }, words) {
  const wrap = await get(await openEnrolment(short), 'wraps', 'phrase');
  return unwrapWithPhrase(wrap, canonicalPhrase(words), short).catch(() => null);
}

/**
 * The data key, by a finger.
 * @param {Meta} meta
 * @returns {Promise<Dek | null>} null when this passkey opens nothing here
 * @throws {DOMException} when the finger was not recognised or the person cancelled
 */
export async function keyByFinger({ short, credentials }) {
  const { id, prf } = await askPasskey(null, credentials);
  const wrap = await get(await openEnrolment(short), 'wraps', `prf:${id}`);
  return prf && wrap ? unwrapWithPasskey(wrap, prf, short).catch(() => null) : null;
}

/**
 * Let new words open the vault; the old ones open nothing from here.
 * @param {Meta} meta
 * @param {Dek} dek
 * @param {string[]} phrase
 */
export async function replacePhrase({ short }, dek, phrase) {
  const wrap = await wrapForPhrase(dek, canonicalPhrase(phrase), short);
  await put(await openEnrolment(short), 'wraps', wrap, 'phrase');
}

/**
 * Let one more passkey open the vault.
 * @param {Meta} meta
 * @param {Dek} dek
 * @param {{ id: string, prf: BufferSource | null }} passkey  without a secret it only signs in
 */
export async function addPasskey({ id, short }, dek, { id: credential, prf }) {
  const wrap = prf && (await wrapForPasskey(dek, prf, short));
  await tx(await openEnrolment(short), ['wraps', 'meta'], 'readwrite', async (transaction) => {
    if (wrap) await writable(transaction, 'wraps').put(wrap, `prf:${credential}`);
    const meta = writable(transaction, 'meta');
    const { credentials } = /** @type {Meta} */ (await meta.get('enrolment'));
    await meta.put({ id, short, credentials: [...new Set([...credentials, credential])] }, 'enrolment');
  });
}

/**
 * Take back a passkey that the server did not accept.
 * @param {Meta} meta
 * @param {string} credential
 */
export async function dropPasskey({ id, short }, credential) {
  await tx(await openEnrolment(short), ['wraps', 'meta'], 'readwrite', async (transaction) => {
    await writable(transaction, 'wraps').delete(`prf:${credential}`);
    const meta = writable(transaction, 'meta');
    const { credentials } = /** @type {Meta} */ (await meta.get('enrolment'));
    await meta.put({ id, short, credentials: credentials.filter((one) => one !== credential) }, 'enrolment');
  });
}
