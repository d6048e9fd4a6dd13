/** Bytes and their spellings: base64 (envelopes, digests), base64url (WebAuthn, JSON), hex (names), UTF-8. */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export const utf8 = (text) => encoder.encode(text);

/** @param {BufferSource} bytes */
export const text = (bytes) => decoder.decode(bytes);

/**
 * @param {number} length
 * @returns {Uint8Array<ArrayBuffer>} random bytes from the system's source
 */
export const random = (length) => crypto.getRandomValues(new Uint8Array(length));

/**
 * @param {BufferSource} bytes
 * @returns {Promise<Uint8Array<ArrayBuffer>>} 32 bytes
 */
export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

/** @param {ArrayBuffer | Uint8Array} bytes */
export function hex(bytes) {
  return Array.from(view(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Standard base64 with padding.
 * @param {ArrayBuffer | Uint8Array} bytes
 */
export function base64(bytes) {
  const all = view(bytes);
  let binary = '';
  // String.fromCharCode takes its bytes as arguments, and engines limit those.
  for (let at = 0; at < all.length; at += 0x8000) {
    binary += String.fromCharCode(...all.subarray(at, at + 0x8000));
  }
  return btoa(binary);
}

/**
 * base64url without padding, as WebAuthn and the server's JSON use it.
 * @param {ArrayBuffer | Uint8Array} bytes
 */
export function base64url(bytes) {
  return base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * Bytes of a base64 or base64url text, padded or not.
 * @param {string} coded
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {DOMException} InvalidCharacterError when it is neither
 */
export function fromBase64(coded) {
  const binary = atob(coded.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, ''));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/**
 * The parts one after another.
 * @param {...Uint8Array} parts
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {ArrayBuffer | Uint8Array} bytes */
const view = (bytes) => (bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes));
