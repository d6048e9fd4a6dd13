/** The lock screen of a phone: a neutral door with two ways in. It names nobody. */
import { fill, maybe, one } from '../lib/dom.js';
import { refusal } from '../lib/texts.js';
import { vaultDoor } from './enrolments.js';
import { button, showPhrase } from './phrase_screen.js';
import { prepareChallenge, unlockByKey } from './unlock.js';
import { showCode } from './code_screen.js';
import { showOthers } from './others.js';
import { isOpen, whenClosed, whenOpen } from './vault.js';

/** @typedef {import('./phrase_screen.js').Door} Door */

/**
 * Show the door and make it work.
 * @param {string} short  the enrolment's short name
 */
export async function showLock(short) {
  const screen = one(document, '#lock');
  void showOthers(screen, short);
  const door = await vaultDoor(short).catch(() => null);
  if (!door) return say(screen, 'vault_gone');
  const byKey = button(screen, 'key');
  const byPhrase = button(screen, 'phrase');
  byKey.hidden = !door.byKey;
  byKey.addEventListener('click', () => void tryKey(screen, door));
  byPhrase.addEventListener('click', () => showPhrase(screen, door));
  // The server renders them disabled: a tap before this line would be lost without a word.
  byKey.disabled = byPhrase.disabled = false;
  if (!door.byKey) showPhrase(screen, door);
  whenOpen(() => (screen.hidden = true));
  whenClosed(() => {
    screen.hidden = false;
    fill(screen, { message: null });
    maybe(screen, '[data-open]:not([hidden])')?.focus({ preventScroll: true });
    showCode(screen, () => showPhrase(screen, door));
    void prepareChallenge(short);
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && !isOpen()) void prepareChallenge(short);
  });
  void prepareChallenge(short);
}

/**
 * @param {HTMLElement} screen
 * @param {Door} door
 */
async function tryKey(screen, door) {
  const open = button(screen, 'key');
  open.disabled = true;
  try {
    const outcome = await unlockByKey(door.meta);
    if (outcome !== 'open') say(screen, 'passkey_lost');
  } catch (problem) {
    // Browsers tell neither a wrong finger from a cancelled dialog nor a removed passkey from both, on purpose.
    const cancelled = problem instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(problem.name);
    say(screen, cancelled ? 'passkey_refused' : 'passkey_lost');
    void prepareChallenge(door.meta.short);
  } finally {
    open.disabled = false;
  }
}

/**
 * @param {HTMLElement} screen
 * @param {string} id
 */
function say(screen, id) {
  const { what, safe, do: act } = refusal(id);
  fill(screen, { message: `${what} ${safe} ${act}` });
}
