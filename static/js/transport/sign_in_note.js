/** «Войдите» on an open phone: the copies stay readable, one gesture brings the session back. */
import { Refusal } from '../auth/session.js';
import { signIn } from '../auth/sign_in.js';
import { refusal } from '../lib/texts.js';
import { vaultDoor } from '../vault/enrolments.js';
import { current } from '../vault/vault.js';
import { note } from './page.js';

/**
 * Sign in by one gesture, then do what needed it; what goes wrong is said in a note with the same button.
 * @param {() => Promise<unknown>} then
 */
export async function signInThen(then) {
  try {
    const { short } = current();
    await signIn({ short, credentials: (await vaultDoor(short)).meta.credentials });
    await then();
  } catch (problem) {
    note(wordsFor(problem), { act: () => void signInThen(then) });
  }
}

/** @param {unknown} problem */
function wordsFor(problem) {
  if (problem instanceof Refusal && problem.words) return { button: '', ...problem.words };
  return refusal(problem instanceof DOMException ? 'passkey_cancelled' : 'offline');
}
