/**
 * The short code of a shift, for phones whose passkey gives no secret. Six words each time the screen went dark would
 * be written on the phone's back; so the phrase opens once a shift, and until the page ends the lock is a cover with a
 * code. The keys then wait in this page's memory, never on the disk: a code of a few digits protects from a glance.
 */
import { random, utf8 } from '../lib/bytes.js';

export const TRIES = 5;
const SHIFT_MS = 12 * 3600_000;
const CODE = /^\d{4,6}$/;

/** @typedef {import('./vault.js').Open} Open */

/** @type {{ salt: Uint8Array<ArrayBuffer>, digest: string, until: number } | null} */
let code = null;
/** @type {Open | null} */
let waiting = null;
let left = TRIES;

/** @param {string} digits */
export const isCode = (digits) => CODE.test(digits);

/** Whether the keys wait for the code now. */
export const waitsForCode = () => waiting !== null && code !== null && Date.now() < code.until;

/**
 * Set the code of this shift.
 * @param {string} digits  four to six
 */
export async function setCode(digits) {
  const salt = random(16);
  code = { salt, digest: await digestOf(digits, salt), until: Date.now() + SHIFT_MS };
  left = TRIES;
}

/** End the shift: the next opening takes the phrase. */
export function forgetCode() {
  code = null;
  waiting = null;
}

/**
 * Keep the keys for the code at a lock; without one they go.
 * @param {Open} open
 */
export function park(open) {
  waiting = code ? open : null;
}

/**
 * Try the code.
 * @param {string} digits
 * @returns {Promise<{ open: Open | null, left: number }>} tries left; after the last the keys are gone
 */
export async function take(digits) {
  if (!waitsForCode() || !code) {
    forgetCode();
    return { open: null, left: 0 };
  }
  left -= 1; // counted before the slow comparison: two taps at once are two tries
  const right = (await digestOf(digits, code.salt)) === code.digest;
  const open = right ? waiting : null;
  if (right) left = TRIES;
  else if (left <= 0) forgetCode();
  if (right) waiting = null;
  return { open, left };
}

/**
 * @param {string} digits
 * @param {Uint8Array<ArrayBuffer>} salt
 */
async function digestOf(digits, salt) {
  const key = await crypto.subtle.importKey('raw', utf8(digits), 'PBKDF2', false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: 100_000 }, key, 256);
  return new Uint8Array(bits).join(' ');
}
