/**
 * How a phone reads a page: the network first, but with two seconds of patience; then the encrypted copy with its age.
 * One bar of signal is worse than none: who stands at a door does not wait for a page that lies in the pocket.
 */
import { settled } from '../auth/session.js';
import { tell } from '../lib/bus.js';
import { current } from '../vault/vault.js';
import { find, findPage, forget, keep, noteContact } from './fragments.js';

const PATIENCE_MS = 2000;
/** After this even a page that is nowhere on the phone is given up. */
const LIMIT_MS = 60_000;
/** Who waits for an answer is never shown from a copy: an old «nobody waits» is worse than no page. */
const OF_THE_MOMENT = /^\/duty\b/;

/** @typedef {{ status: number, html: string, headers: Headers }} Answer  a page of ours, whatever its status */
/**
 * What to show. `at`: it is a copy of that moment; `why`: what else to say; `late`: resolves with a newer page, or null.
 * @typedef {{ status: number, html: string | null, headers?: Headers, at?: number,
 *             why?: 'offline' | 'signin', late?: Promise<string | null> }} Page
 */

/**
 * A page, from wherever it comes first.
 * @param {string} url  path and query
 * @param {Record<string, string>} headers
 * @param {AbortSignal} signal  fires when another page was asked for
 * @returns {Promise<Page>} `html` null: the network does not answer and nothing is on the phone
 */
export async function readPage(url, headers, signal) {
  const asked = ask(url, headers, signal);
  asked.catch(() => {});
  const first = await Promise.race([asked.catch(() => null), patience()]);
  if (first) return decided(url, first);
  const copy = await findPage(url);
  if (first === null) return copy ? { status: 200, ...copy, why: 'offline' } : { status: 503, html: null, why: 'offline' };
  if (!copy) return asked.then((answer) => decided(url, answer), () => ({ status: 503, html: null, why: 'offline' }));
  const late = asked.then((answer) => decided(url, answer)).then((page) => (page.at ? null : page.html), () => null);
  return { status: 200, ...copy, late };
}

/**
 * A picture: the copy first, since a picture never changes, else the network.
 * @param {string} url
 * @param {boolean} keepIt  whether it is small enough to stay on the phone
 * @returns {Promise<Blob | null>}
 */
export async function readPicture(url, keepIt) {
  const copy = await find(url);
  if (copy) return new Blob([copy.bytes]);
  await settled();
  const response = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) }).catch(() => null);
  if (!response?.ok || response.headers.get('Curator-Page') !== current().short) return null;
  const blob = await response.blob().catch(() => null);
  if (blob && keepIt) await keep(url, new Uint8Array(await blob.arrayBuffer())).catch(() => {});
  return blob;
}

/**
 * What the server's answer means for the page and for its copy.
 * @param {string} url
 * @param {Answer} answer
 * @returns {Promise<Page>}
 */
async function decided(url, answer) {
  if (answer.status === 200) {
    if (OF_THE_MOMENT.test(url)) return answer;
    // A full phone still shows what it reads; it only cannot take it along.
    await keep(url, answer.html).then(() => noteContact(), () => {});
    return answer;
  }
  // Not there or not the reader's any more: the copy goes too, and the page says so.
  if (answer.status === 404 || answer.status === 410) {
    await forget([url]);
    return answer;
  }
  const copy = await findPage(url);
  const why = answer.status === 401 ? 'signin' : 'offline';
  if (answer.status === 401) tell('stranger');
  if (copy) return { status: 200, ...copy, why };
  return answer.status === 401 ? { status: 401, html: null, why } : answer;
}

/**
 * Ask the server for a page.
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 * @throws {TypeError} when there is no network or the answer is not ours: a captive portal's page is a network that
 *   does not work, and must never take the place of a copy
 */
async function ask(url, headers, signal) {
  await settled();
  const request = { headers, signal: AbortSignal.any?.([signal, AbortSignal.timeout(LIMIT_MS)]) ?? signal };
  const response = await fetch(url, { ...request, credentials: 'same-origin', mode: 'same-origin', redirect: 'error' });
  const forWhom = response.headers.get('Curator-Page');
  if (!forWhom) throw new TypeError('not our answer');
  // The session may be of another enrolment of this browser: its pages are none of this vault's.
  const status = response.ok && forWhom !== current().short ? 401 : response.status;
  return { status, html: await response.text(), headers: response.headers };
}

/** @returns {Promise<undefined>} */
const patience = () => new Promise((resolve) => setTimeout(() => resolve(undefined), PATIENCE_MS));
