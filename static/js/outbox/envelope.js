/**
 * Sealing: what is finished goes into an envelope that only the server opens.
 *
 * Format (docs/architecture.md, "Sync protocol"): a clear JSON header; HPKE base mode (RFC 9180) with
 * DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, whose `info` is `curator/1` ‖ SHA-256(header bytes);
 * the plaintext begins with the enrolment's ECDSA signature (r ‖ s) over SHA-256(header) ‖ SHA-256(body).
 */
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { base64, fromBase64, joined, sha256, text, utf8 } from '../lib/bytes.js';
import { uuid7 } from '../lib/uuid.js';
import { sign } from '../vault/vault.js';

const SUITE_NAME = 'DHKEM_P256_HKDF_SHA256-HKDF_SHA256-AES_256_GCM';
const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** @typedef {{ kid: string, suite: string, public_key: string }} ServerKey  public_key: base64url of the raw 65 bytes */
/**
 * The clear header. `created_at`: ISO with offset; `parts`: envelope ids of the photos that belong to it.
 * @typedef {{ v: 1, id: string, kind: string, enrolment: string, kid: string, form_version: string,
 *             created_at: string, supersedes: string | null, parts: string[] }} Header
 */
/** @typedef {{ id: string, header: string, sha256: string, bytes: ArrayBuffer }} Sealed  header, sha256: base64 */

/**
 * Seal a body for the server.
 * @param {Uint8Array<ArrayBuffer>} body
 * @param {{ id?: string, kind: string, enrolment: string, form_version: string, created_at?: string,
 *           supersedes?: string | null, parts?: string[] }} about
 * @param {ServerKey} key
 * @returns {Promise<Sealed>}
 * @throws {Error} when the vault is locked, or the server's key is of a suite that this build does not speak
 */
export async function seal(body, about, key) {
  if (key.suite !== SUITE_NAME) throw new Error(`unknown suite ${key.suite}`);
  /** @type {Header} */
  const header = {
    v: 1,
    id: about.id ?? uuid7(),
    kind: about.kind,
    enrolment: about.enrolment,
    kid: key.kid,
    form_version: about.form_version,
    created_at: about.created_at ?? isoWithOffset(new Date()),
    supersedes: about.supersedes ?? null,
    parts: about.parts ?? [],
  };
  const headerBytes = utf8(JSON.stringify(header));
  const headerHash = await sha256(headerBytes);
  const signature = await sign(joined(headerHash, await sha256(body)));
  const recipientPublicKey = await suite.kem.deserializePublicKey(fromBase64(key.public_key));
  const info = joined(utf8('curator/1'), headerHash);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, joined(signature, body));
  const bytes = joined(new Uint8Array(enc), new Uint8Array(ct));
  return { id: header.id, header: base64(headerBytes), sha256: base64(await sha256(bytes)), bytes: bytes.buffer };
}

/**
 * The header of an envelope that was sealed earlier.
 * @param {string} coded  base64
 * @returns {Header}
 */
export const headerOf = (coded) => JSON.parse(text(fromBase64(coded)));

/**
 * The body of a photo's envelope: which photo of which visit, then its JPEG.
 * @param {string} photo
 * @param {string} visit
 * @param {Uint8Array} jpeg
 */
export const photoBody = (photo, visit, jpeg) => joined(utf8(`${JSON.stringify({ photo, visit })}\n`), jpeg);

/**
 * A moment as the phone's clock says it, with the phone's offset: the server keeps both and the skew.
 * @param {Date} at
 */
export function isoWithOffset(at) {
  const minutes = -at.getTimezoneOffset();
  const two = (/** @type {number} */ n) => String(Math.floor(Math.abs(n))).padStart(2, '0');
  const local = new Date(at.getTime() + minutes * 60_000).toISOString().slice(0, -1);
  return `${local}${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}
