/** What in this browser makes enrolling impossible; found out before the link is touched. */
import { openRegistry } from '../lib/db.js';

/** Apps that show links in a window of their own: no passkeys there, and storage that goes with the app. */
const IN_APP = /; wv\)|\bFBA[NV]\b|Instagram|VKAndroidApp|VKClient|OKApp|Telegram|WhatsApp|Viber|MicroMessenger|\bLine\//;

/**
 * @returns {Promise<string | null>} id of the refusal to show, null when all is well
 */
export async function browserProblem() {
  if (IN_APP.test(navigator.userAgent)) return 'in_app_browser';
  if (!('credentials' in navigator) || !('PublicKeyCredential' in globalThis) || !crypto.subtle) return 'no_webauthn';
  // A phone without a screen lock has no authenticator that knows its owner.
  const verifying = await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => true);
  if (!verifying && /Android|iPhone|iPad/.test(navigator.userAgent)) return 'screen_lock';
  if (!('serviceWorker' in navigator)) return 'private_window'; // Firefox takes it away there
  try {
    await openRegistry();
  } catch {
    return 'private_window'; // no IndexedDB: some browsers take it away there
  }
  return null;
}

/** How administrators will know the phone in their list: system and browser, nothing that tells people apart. */
export function deviceName() {
  const agent = navigator.userAgent;
  const system = /Android|iPhone|iPad|Windows|Mac OS|Linux/.exec(agent)?.[0] ?? '';
  const browser = /YaBrowser|Edg|Firefox|Chrome|Safari/.exec(agent)?.[0] ?? '';
  return [system, browser].filter(Boolean).join(' · ');
}
