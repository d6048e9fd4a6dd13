/**
 * Passkeys in the browser, with the PRF extension that yields the vault's secret.
 *
 * The PRF output never leaves this phone. `credential.toJSON()` would contain it, so what is sent is put together here
 * field by field, and `guarded` throws should a PRF result ever stand in it. (The server refuses such a body too.)
 */
import { base64url, fromBase64, random, sha256, utf8 } from '../lib/bytes.js';
import { PRF_SALT_WORDS } from './wraps.js';

/** @typedef {Record<string, any>} Json */
/** @typedef {{ id: string, json: Json, prf: ArrayBuffer | null }} Answer  id: base64url of the credential */

/**
 * Create a passkey.
 * @param {Json} options  the server's PublicKeyCredentialCreationOptions as JSON
 * @returns {Promise<Answer & { mayHavePrf: boolean }>} `prf` is null where the browser gives it only at get();
 *   `mayHavePrf` says whether asking once by `askPasskey` is worth a second gesture
 * @throws {DOMException} NotAllowedError when the person or the phone refused, InvalidStateError for a known passkey
 */
export async function createPasskey(options) {
  const publicKey = /** @type {any} */ ({
    ...options,
    challenge: fromBase64(options.challenge),
    user: { ...options.user, id: fromBase64(options.user.id) },
    excludeCredentials: descriptors(options.excludeCredentials),
    extensions: { ...options.extensions, prf: { eval: { first: await prfSalt() } } },
  });
  const made = /** @type {PublicKeyCredential} */ (await navigator.credentials.create({ publicKey }));
  const prf = prfOf(made);
  return { id: made.id, json: guarded(creationJson(made)), prf: prf.first, mayHavePrf: prf.possible };
}

/**
 * One gesture: sign the challenge and evaluate the PRF.
 * @param {Json | null} options  the server's request options as JSON; null for a local challenge, whose assertion
 *   proves nothing to anybody and is thrown away: only the PRF output counts
 * @param {string[]} credentials  base64url ids; always given, so that another person's passkey is not offered
 * @returns {Promise<Answer>}
 * @throws {DOMException} NotAllowedError when refused, cancelled or timed out
 */
export async function askPasskey(options, credentials) {
  const allowed = credentials.length ? credentials.map((id) => ({ type: 'public-key', id })) : options?.['allowCredentials'];
  const publicKey = /** @type {any} */ ({
    userVerification: 'required',
    ...options,
    challenge: options ? fromBase64(options['challenge']) : random(32),
    allowCredentials: descriptors(allowed),
    extensions: { prf: { eval: { first: await prfSalt() } } },
  });
  const given = /** @type {PublicKeyCredential} */ (await navigator.credentials.get({ publicKey }));
  return { id: given.id, json: guarded(assertionJson(given)), prf: prfOf(given).first };
}

/**
 * The same JSON, after making sure that no PRF result stands anywhere in it.
 * @param {Json} json
 * @returns {Json}
 * @throws {Error} when a key `prf` is found: sending it would hand the vault's secret to the server
 */
export function guarded(json) {
  for (const [key, value] of Object.entries(json)) {
    if (key === 'prf') throw new Error('a PRF result must not leave the phone');
    if (value && typeof value === 'object') guarded(value);
  }
  return json;
}

/** @param {PublicKeyCredential} credential */
function creationJson(credential) {
  const response = /** @type {AuthenticatorAttestationResponse} */ (credential.response);
  return {
    ...identity(credential),
    response: {
      clientDataJSON: base64url(response.clientDataJSON),
      attestationObject: base64url(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

/** @param {PublicKeyCredential} credential */
function assertionJson(credential) {
  const response = /** @type {AuthenticatorAssertionResponse} */ (credential.response);
  return {
    ...identity(credential),
    response: {
      clientDataJSON: base64url(response.clientDataJSON),
      authenticatorData: base64url(response.authenticatorData),
      signature: base64url(response.signature),
      ...(response.userHandle ? { userHandle: base64url(response.userHandle) } : {}),
    },
  };
}

/** @param {PublicKeyCredential} credential */
const identity = (credential) => ({
  id: credential.id,
  rawId: base64url(credential.rawId),
  type: credential.type,
  ...(credential.authenticatorAttachment ? { authenticatorAttachment: credential.authenticatorAttachment } : {}),
  clientExtensionResults: {},
});

/** @param {PublicKeyCredential} credential  @returns {{ first: ArrayBuffer | null, possible: boolean }} */
function prfOf(credential) {
  const prf = /** @type {any} */ (credential.getClientExtensionResults()).prf;
  return { first: prf?.results?.first ?? null, possible: prf !== undefined && prf.enabled !== false };
}

/** @param {{ id: string }[] | undefined} list */
const descriptors = (list) => list?.map((each) => ({ ...each, id: fromBase64(each.id) })) ?? [];

const prfSalt = () => sha256(utf8(PRF_SALT_WORDS));
