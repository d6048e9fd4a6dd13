/**
 * The vault's keys: how the 32 bytes of the data key (DEK) are wrapped, and what is derived from them.
 *
 * The DEK is random and wrapped twice, by the passkey's PRF output and by the reserve phrase, so that losing the
 * passkey loses nothing (a passkey whose PRF *were* the key would take the records with it).
 * Pure but for WebCrypto: no storage, no page.
 */
import { random, utf8 } from '../lib/bytes.js';

/** OWASP's figure for PBKDF2-HMAC-SHA256 (Password Storage Cheat Sheet, 2023). */
const ITERATIONS = 600_000;
const IV_BYTES = 12;

/** @typedef {{ iv: ArrayBuffer, ct: ArrayBuffer }} Sealed  AES-256-GCM: 12 bytes of iv, ciphertext with its tag */
/** @typedef {Sealed & { salt: ArrayBuffer, iterations: number }} PhraseWrap */
/** @typedef {{ data: CryptoKey, names: CryptoKey }} VaultKeys  non-extractable */

/** The input of the passkey's PRF: SHA-256 of these words, the same on every phone. */
export const PRF_SALT_WORDS = 'curator/vault/v1';

/** @returns {Uint8Array<ArrayBuffer>} a new DEK */
export const newDek = () => random(32);

/**
 * Wrap the DEK for a passkey.
 * @param {Uint8Array<ArrayBuffer>} dek  32 bytes
 * @param {BufferSource} prf  the authenticator's 32 bytes
 * @param {string} enrolment  bound as additional data: a wrap of another enrolment does not open this one
 * @returns {Promise<Sealed>}
 */
export async function wrapForPasskey(dek, prf, enrolment) {
  return seal(await passkeyKek(prf), utf8(`dek|${enrolment}`), dek);
}

/**
 * @param {Sealed} wrap
 * @param {BufferSource} prf
 * @param {string} enrolment
 * @returns {Promise<Uint8Array<ArrayBuffer>>} the DEK
 * @throws {DOMException} OperationError when this PRF output is not the one it was wrapped for
 */
export async function unwrapWithPasskey(wrap, prf, enrolment) {
  return unseal(await passkeyKek(prf), utf8(`dek|${enrolment}`), wrap);
}

/**
 * Wrap the DEK for the reserve phrase.
 * @param {Uint8Array<ArrayBuffer>} dek
 * @param {string} phrase  canonical, see phrase.js
 * @param {string} enrolment
 * @returns {Promise<PhraseWrap>}
 */
export async function wrapForPhrase(dek, phrase, enrolment) {
  const salt = random(16);
  const kek = await phraseKek(phrase, salt, ITERATIONS);
  const { iv, ct } = await seal(kek, utf8(`dek|${enrolment}`), dek);
  return { iv, ct, salt: salt.buffer, iterations: ITERATIONS };
}

/**
 * @param {PhraseWrap} wrap
 * @param {string} phrase
 * @param {string} enrolment
 * @returns {Promise<Uint8Array<ArrayBuffer>>} the DEK
 * @throws {DOMException} OperationError when the phrase is another one
 */
export async function unwrapWithPhrase(wrap, phrase, enrolment) {
  const kek = await phraseKek(phrase, wrap.salt, wrap.iterations);
  return unseal(kek, utf8(`dek|${enrolment}`), wrap);
}

/**
 * The two keys in use, derived from the DEK: one for contents, one for names on the disk (a plain hash of a guessable
 * URL could be guessed). Neither can be read out again.
 * @param {Uint8Array<ArrayBuffer>} dek
 * @returns {Promise<VaultKeys>}
 */
export async function vaultKeys(dek) {
  const root = await crypto.subtle.importKey('raw', dek, 'HKDF', false, ['deriveKey']);
  const [data, names] = await Promise.all([
    crypto.subtle.deriveKey(hkdf('curator/data/v1'), root, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
    crypto.subtle.deriveKey(hkdf('curator/names/v1'), root, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign']),
  ]);
  return { data, names };
}

/**
 * AES-256-GCM with a fresh random iv.
 * @param {CryptoKey} key
 * @param {Uint8Array<ArrayBuffer>} about  additional data: what and whose it is
 * @param {BufferSource} bytes
 * @returns {Promise<Sealed>}
 */
export async function seal(key, about, bytes) {
  const iv = random(IV_BYTES);
  const ct = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: about }, key, bytes);
  return { iv: iv.buffer, ct };
}

/**
 * @param {CryptoKey} key
 * @param {Uint8Array<ArrayBuffer>} about
 * @param {Sealed} sealed
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {DOMException} OperationError when key, name or bytes are not the ones sealed
 */
export async function unseal(key, about, { iv, ct }) {
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: about }, key, ct));
}

/** @param {BufferSource} prf */
async function passkeyKek(prf) {
  const root = await crypto.subtle.importKey('raw', prf, 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey(hkdf('curator/dek/v1'), root, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/**
 * @param {string} phrase
 * @param {BufferSource} salt
 * @param {number} iterations
 */
async function phraseKek(phrase, salt, iterations) {
  const root = await crypto.subtle.importKey('raw', utf8(phrase), 'PBKDF2', false, ['deriveKey']);
  const stretched = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
  return crypto.subtle.deriveKey(stretched, root, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** @param {string} info */
const hkdf = (info) => ({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(info) });
