/** Ids minted on the phone: UUID version 7 (RFC 9562), so that they sort by the time they were made. */
import { hex, random } from '../lib/bytes.js';

/**
 * @param {number} [at]  milliseconds since 1970; the phone's clock, good enough for a prefix
 * @returns {string}
 */
export function uuid7(at = Date.now()) {
  const bytes = random(16);
  new DataView(bytes.buffer).setUint16(4, at % 0x10000);
  new DataView(bytes.buffer).setUint32(0, Math.floor(at / 0x10000));
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const digits = hex(bytes);
  return [8, 12, 16, 20, 32].map((end, i) => digits.slice([0, 8, 12, 16, 20][i], end)).join('-');
}
