/**
 * Signing in by passkey: at the office's page, and from the note «Войдите» of an open phone.
 * (The lock screen signs in with the very gesture that unlocks; see vault/unlock.js.)
 */
import { askPasskey } from '../vault/prf.js';
import { entered, post } from './session.js';

/**
 * One gesture against the server's challenge.
 * @param {{ short?: string, credentials?: string[] }} [who]  the phone's enrolment; nobody in particular at the office
 * @returns {Promise<{ kind: string, enrolment: { id: string, short: string, kind: 'field' | 'office' }, announced?: { n: number, since: string | null } | null }>}
 * @throws {import('./session.js').Refusal} when the server refuses
 * @throws {DOMException} when the gesture was cancelled
 * @throws {TypeError} without a network
 */
export async function signIn({ short, credentials = [] } = {}) {
  const { publicKey } = await post('/sign-in/start', short ? { enrolment: short } : {});
  const { json } = await askPasskey(publicKey, credentials);
  return finish(json, short);
}

/**
 * Hand an assertion in.
 * @param {Record<string, any>} credential
 * @param {string} [short]
 */
export async function finish(credential, short) {
  const answer = await post('/sign-in/finish', { credential, ...(short ? { enrolment: short } : {}) });
  entered(answer);
  return answer;
}
