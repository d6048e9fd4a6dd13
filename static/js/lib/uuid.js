/** Ids minted on the phone: UUIDv7 (RFC 9562, 5.7), so that what was made first sorts first. */
import { hex, random } from './bytes.js';

/**
 * @param {number} [at]  milliseconds since 1970
 * @returns {string} canonical lower-case spelling
 */
export function uuid7(at = Date.now()) {
  const bytes = random(16);
  for (let n = 0; n < 6; n += 1) bytes[n] = Math.floor(at / 2 ** (8 * (5 - n))) & 0xff;
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = hex(bytes);
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join('-');
}
