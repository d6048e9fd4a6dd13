/**
 * Opening the vault: one gesture that signs in and unlocks, or the phrase.
 *
 * The server's challenge is fetched while the lock screen shows. At the tap nothing waits for a network: without a
 * challenge a local one opens the vault, and signing in waits for the next gesture.
 */
import { during, post } from '../auth/session.js';
import { finish } from '../auth/sign_in.js';
import { openByPasskey, openByPhrase } from './enrolments.js';
import { askPasskey } from './prf.js';

/** The server's challenges live ten minutes; one that may die on its way is not used. */
const CHALLENGE_FRESH_MS = 8 * 60_000;

/** @type {{ options: Record<string, any>, at: number } | null} */
let challenge = null;
let asking = false;

/**
 * Fetch a challenge for the next gesture; silent when there is no network.
 * @param {string} short
 */
export async function prepareChallenge(short) {
  if (asking || fresh()) return;
  asking = true;
  try {
    const { publicKey } = await post('/sign-in/start', { enrolment: short }, { signal: AbortSignal.timeout(20_000) });
    challenge = { options: publicKey, at: Date.now() };
  } catch {
    challenge = null; // no network, or a server that refuses: the vault opens all the same
  } finally {
    asking = false;
  }
}

/**
 * Open by the finger and, when a challenge is at hand, sign in with the same gesture.
 * @param {import('./enrolments.js').Meta} meta
 * @returns {Promise<'open' | 'no_prf' | 'other_key'>} `no_prf`: the phone gave no secret; `other_key`: not this vault's
 * @throws {DOMException} NotAllowedError when the finger was not recognised or the person cancelled
 */
export async function unlockByKey(meta) {
  const options = fresh()?.options ?? null;
  challenge = null; // the server takes each challenge once
  const { id, json, prf } = await askPasskey(options, meta.credentials);
  if (options) during(finish(json, meta.short));
  if (!prf) return 'no_prf';
  return (await openByPasskey(meta, id, prf)) ? 'open' : 'other_key';
}

/**
 * Open by the six words; needs no network and signs nobody in.
 * @param {import('./enrolments.js').Meta} meta
 * @param {string[]} words
 * @returns {Promise<boolean>}
 */
export const unlockByPhrase = (meta, words) => openByPhrase(meta, words);

const fresh = () => (challenge && Date.now() - challenge.at < CHALLENGE_FRESH_MS ? challenge : null);
