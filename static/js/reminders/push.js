/**
 * Whether this phone reminds: the person's own yes or no is kept on the phone, the browser's address on the server.
 */
import { csrf, forget as forgetToken, post, Refusal } from '../auth/session.js';
import { fromBase64 } from '../lib/bytes.js';
import { get, put } from '../lib/db.js';
import { installed, isApple } from '../pwa/install.js';
import { current } from '../vault/vault.js';

const REMINDING = 'reminding';
/** Whoever worked here last is reminded here: a phone that two people share says so once a day. */
const SAID_AGAIN_MS = 86_400_000;

/**
 * @typedef {{ wanted: boolean, endpoint?: string, key?: string, told_at?: number }} Kept
 * @typedef {{ key: string, deadline: boolean, quiet_from: string, quiet_to: string, count: number }} About
 * @typedef {'on' | 'off' | 'blocked' | 'install' | 'unable'} Standing
 */

/** @returns {Promise<Kept | undefined>} what the person answered here; undefined before */
export const answered = () => get(current().db, 'meta', REMINDING);

/** @returns {Promise<Standing>} */
export async function standing() {
  if (!('PushManager' in globalThis) || !('Notification' in globalThis)) return isApple() && !installed() ? 'install' : 'unable';
  if (Notification.permission === 'denied') return 'blocked';
  return (await answered())?.wanted && Notification.permission === 'granted' ? 'on' : 'off';
}

/**
 * What the server knows that the question needs.
 * @returns {Promise<About>}
 * @throws {TypeError} without a network or a session
 */
export async function about() {
  const response = await fetch('/reminders/push', { headers: { Accept: 'application/json' }, redirect: 'error' });
  if (!response.ok || response.headers.get('Curator-Page') !== current().short) throw new TypeError('not our answer');
  return response.json();
}

/**
 * The person said yes: now the system asks, and then the server hears of it. Called from a tap.
 * @returns {Promise<Standing>}
 * @throws when there is no network, or the browser's push service does not answer
 */
export async function turnOn() {
  if ((await Notification.requestPermission()) !== 'granted') {
    if (Notification.permission === 'denied') await put(current().db, 'meta', { wanted: false }, REMINDING);
    return standing();
  }
  await subscribe((await about()).key);
  return standing();
}

/** The person said no, here or at the question: it is not asked again. */
export async function turnOff() {
  const { db } = current();
  const kept = await answered();
  await put(db, 'meta', { wanted: false }, REMINDING);
  if (!kept?.wanted) return;
  await (await manager())?.getSubscription().then((held) => held?.unsubscribe()).catch(() => {});
  // Without a network: the push service tells the server that nobody is there any more.
  await say('/reminders/push/off', {}).catch(() => {});
}

/** After an unlock: what the browser or the server has lost meanwhile is put right without a word. */
export async function keepUp() {
  if ((await standing()) !== 'on') return;
  const kept = await answered();
  const held = await (await manager())?.getSubscription();
  const fresh = Date.now() - (kept?.told_at ?? 0) < SAID_AGAIN_MS;
  if (fresh && held && held.endpoint === kept?.endpoint) return;
  await subscribe((await about()).key);
}

/** @param {string} key  the installation's public key */
async function subscribe(key) {
  const pushes = await manager();
  if (!pushes) throw new TypeError('no service worker');
  const kept = await answered();
  // A browser holds to the key that it was given first: another installation's, or one that was lost.
  if (kept?.key && kept.key !== key) await (await pushes.getSubscription())?.unsubscribe();
  const made = await pushes.subscribe({ userVisibleOnly: true, applicationServerKey: fromBase64(key) });
  await say('/reminders/push', /** @type {Record<string, unknown>} */ (made.toJSON()));
  await put(current().db, 'meta', { wanted: true, endpoint: made.endpoint, key, told_at: Date.now() }, REMINDING);
}

/**
 * @param {string} path
 * @param {Record<string, unknown>} body
 */
async function say(path, body) {
  try {
    await post(path, body, { token: await csrf() });
  } catch (problem) {
    if (!(problem instanceof Refusal && problem.status === 400)) throw problem;
    forgetToken(); // the session began anew since the token was given
    await post(path, body, { token: await csrf() });
  }
}

/** @returns {Promise<PushManager | null>} null where no worker runs: a private window */
const manager = async () => (await navigator.serviceWorker?.getRegistration('/'))?.pushManager ?? null;
