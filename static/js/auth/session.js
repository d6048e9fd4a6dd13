/**
 * The session with the server as this page knows it: the CSRF token, and whether a sign-in is under way.
 * Nothing of it is stored: a reloaded page asks again.
 */
import { guarded } from '../vault/prf.js';

/** @typedef {{ signed_in: boolean, csrf: string, kind?: string, enrolment?: string, person?: { name: string } }} Session */

/** @type {string | null} */
let token = null;
/** @type {Promise<unknown>} */
let entering = Promise.resolve();

/**
 * A refusal of the server in its fixed shape.
 */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {{ what: string, safe: string, do: string, id?: string } | null} words  null when the answer had none
   */
  constructor(status, words) {
    super(words?.what ?? `HTTP ${status}`);
    this.status = status;
    this.words = words;
  }
}

/**
 * POST JSON to one of the JSON calls of auth.
 * @param {string} url
 * @param {Record<string, unknown>} body  refused here when it holds a PRF result anywhere
 * @param {{ signal?: AbortSignal, token?: string }} [options]  `token`: the session's, where the call asks for it
 * @returns {Promise<any>}
 * @throws {Refusal} when the server refuses
 * @throws {TypeError} when it cannot be reached
 */
export async function post(url, body, { signal, token: given } = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...(given ? { 'X-CSRFToken': given } : {}) },
    body: JSON.stringify(guarded(body)),
    redirect: 'error',
    ...(signal ? { signal } : {}),
  });
  const answer = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) throw new Refusal(response.status, answer?.refusal ?? null);
  // A captive portal answers 200 with a page of its own; that is no answer of ours.
  if (answer === null && response.status !== 204) throw new TypeError('not our answer');
  return answer;
}

/**
 * Note what a sign-in or an enrolment gave.
 * @param {{ csrf: string }} entered
 */
export const entered = ({ csrf: given }) => void (token = given);

/** Forget the session's token: after a 400 or 401 the next request asks for the current one. */
export const forget = () => void (token = null);

/**
 * The CSRF token of the current session; asks the server once.
 * @returns {Promise<string>}
 * @throws {TypeError} without a network
 */
export async function csrf() {
  await entering;
  return (token ??= (await state()).csrf);
}

/** @returns {Promise<Session>} */
export async function state() {
  const response = await fetch('/session', { headers: { Accept: 'application/json' }, redirect: 'error' });
  return response.json();
}

/**
 * Let requests wait for a sign-in that has begun, so that the page after an unlock is not asked for without a session.
 * @param {Promise<unknown>} work
 */
export const during = (work) => void (entering = work.catch(() => {}));

/** Resolves when no sign-in is under way. */
export const settled = () => entering;
