/** Long texts made small before they are encrypted: pages of HTML shrink to a tenth. */
import { base64, fromBase64, utf8 } from './bytes.js';

/**
 * @param {string} text
 * @returns {Promise<string>} base64 of its gzip
 */
export async function pack(text) {
  const shrunk = new Blob([utf8(text)]).stream().pipeThrough(new CompressionStream('gzip'));
  return base64(await new Response(shrunk).arrayBuffer());
}

/**
 * @param {string} packed
 * @returns {Promise<string>}
 */
export async function unpack(packed) {
  const whole = new Blob([fromBase64(packed)]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(whole).text();
}
