/**
 * The vault of this page: the one place where keys live, only while it is open and only in memory.
 *
 * Everything personal that the phone keeps goes through `encrypt` and `decrypt`. Closing drops the keys; what was
 * open does not matter to anybody who finds the phone.
 */
import { hear, tell } from '../lib/bus.js';
import { hex, utf8 } from '../lib/bytes.js';
import { closers, openers, saveAll } from './occasions.js';
import { forgetCode, park, take } from './shift_code.js';
import { seal, unseal, vaultKeys } from './wraps.js';

/** @typedef {import('./wraps.js').Sealed} Sealed */
/** @typedef {{ id: string, short: string, db: import('../lib/db.js').Database }} Enrolment */
/** @typedef {Enrolment & import('./wraps.js').VaultKeys & { signing: CryptoKey }} Open */

/** @type {Open | null} */
let open = null;
/** @type {Promise<void> | null} */
let closing = null;

/** Whether contents can be read and written now. */
export const isOpen = () => open !== null;

/**
 * The enrolment whose vault is open.
 * @returns {Enrolment}
 * @throws {Error} when locked
 */
export function current() {
  const { id, short, db } = keys();
  return { id, short, db };
}

/**
 * Open the vault with the data key; the caller has unwrapped it and forgets it.
 * @param {Enrolment} enrolment
 * @param {Uint8Array<ArrayBuffer>} dek  32 bytes; overwritten with zeros here
 * @param {Sealed} signing  the signing key's PKCS#8 under the DEK
 */
export async function openVault(enrolment, dek, signing) {
  const { data, names } = await vaultKeys(dek);
  dek.fill(0);
  const pkcs8 = await unseal(data, about(enrolment.short, 'wraps|signing'), signing);
  const curve = { name: 'ECDSA', namedCurve: 'P-256' };
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, curve, false, ['sign']);
  pkcs8.fill(0);
  opened({ ...enrolment, data, names, signing: key });
}

/**
 * Open again by the shift's code.
 * @param {string} digits
 * @returns {Promise<number>} tries left; opened when it is the full number again
 */
export async function openByCode(digits) {
  const { open: kept, left } = await take(digits);
  if (kept) opened(kept);
  return left;
}

/**
 * Encrypt under the data key.
 * @param {string} name  `store|key`: where it will lie; what lies elsewhere does not decrypt
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<Sealed>}
 */
export async function encrypt(name, bytes) {
  const { data, short } = keys();
  return seal(data, about(short, name), bytes);
}

/**
 * @param {string} name
 * @param {Sealed} sealed
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {DOMException} OperationError when the bytes were changed or moved
 */
export async function decrypt(name, sealed) {
  const { data, short } = keys();
  return unseal(data, about(short, name), sealed);
}

/**
 * What something is called on the disk: an HMAC, so that a guess at a URL cannot be checked.
 * @param {string} url
 * @returns {Promise<string>} 64 hex digits
 */
export async function nameOf(url) {
  return hex(await crypto.subtle.sign('HMAC', keys().names, utf8(url)));
}

/**
 * Sign as this enrolment: ECDSA P-256 with SHA-256.
 * @param {Uint8Array<ArrayBuffer>} bytes  what is signed (hashed here)
 * @returns {Promise<Uint8Array<ArrayBuffer>>} 64 bytes, r ‖ s
 */
export async function sign(bytes) {
  return new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, keys().signing, bytes));
}

/** @param {() => void} work  runs now if the vault is open, and after every unlock */
export function whenOpen(work) {
  openers.add(work);
  if (open) work();
}

/**
 * Lock: savers first (2 s at most in all), then keys and page go, then the other tabs hear of it.
 * @param {string} reason  `hide`, `idle`, `hidden`, `sign-out` or `tab`
 * @returns {Promise<void>} once locked; at once when it was
 */
export function lock(reason) {
  if (!open) return Promise.resolve();
  // Begun in a later turn: this tab hears its own message too, and must find the lock under way.
  closing ??= Promise.resolve(reason).then(closed).finally(() => (closing = null));
  return closing;
}

/** @param {string} reason */
async function closed(reason) {
  if (reason !== 'tab') tell('lock');
  await saveAll();
  if (reason === 'sign-out') forgetCode();
  else if (open) park(open);
  open = null;
  for (const close of closers) close(reason);
}

/** @param {Open} keysAndAll */
function opened(keysAndAll) {
  open = keysAndAll;
  for (const work of openers) work();
}

/** @returns {Open} */
function keys() {
  if (!open) throw new Error('the vault is locked');
  return open;
}

/**
 * @param {string} short
 * @param {string} name
 */
const about = (short, name) => utf8(`${short}|${name}`);

export { onLock, whenClosed } from './occasions.js';

hear('lock', () => void lock('tab'));
