/** The way of one envelope: the whole rest in one PATCH, resumed where it broke. */
import { failed, foreignNetwork, offsetOf, outcomeOf, refused } from './answers.js';

/** @typedef {import('./store.js').Item} Item */
/** @typedef {import('./answers.js').Outcome} Outcome */

/** The slowest link that is still worth holding: 2 KB/s; slower, and the phone asks how far it came and goes on. */
const SLOWEST = 2;
const SILENCE_MS = 60_000;
/** A server that keeps moving the offset without ever being content. */
const TURNS = 20;

/**
 * Send one envelope, or the rest of it.
 * @param {Item} item
 * @param {ArrayBuffer} bytes  the whole sealed envelope
 * @param {AbortSignal} stop  the worker's time is over; the next round asks how far it came
 * @returns {Promise<Exclude<Outcome, { kind: 'again' }>>}
 */
export async function deliver(item, bytes, stop) {
  try {
    let offset = item.probe ? await arrived(item, stop) : 0;
    for (let turn = 0; turn < TURNS; turn += 1) {
      if (typeof offset !== 'number') return offset;
      const outcome = await patch(item, bytes, Math.min(offset, bytes.byteLength), stop);
      if (outcome.kind !== 'again') return outcome;
      offset = outcome.offset;
    }
    return { kind: 'later', trouble: 'upload_broke' };
  } catch (problem) {
    return /** @type {Exclude<Outcome, { kind: 'again' }>} */ (failed(problem));
  }
}

/**
 * How many bytes of an envelope the server has.
 * @param {Item} item
 * @param {AbortSignal} stop
 * @returns {Promise<number | Exclude<Outcome, { kind: 'again' }>>}
 */
async function arrived({ id, header }, stop) {
  const url = `/sync/envelopes/${id}?enrolment=${enrolmentOf(header)}`;
  const response = await call(url, { method: 'HEAD' }, SILENCE_MS, stop);
  const offset = offsetOf(response);
  if (response.status === 200 && offset !== null) return offset;
  const foreign = foreignNetwork(response) ?? refused(response, null);
  return /** @type {Exclude<Outcome, { kind: 'again' }>} */ (foreign);
}

/**
 * @param {Item} item
 * @param {ArrayBuffer} bytes
 * @param {number} offset
 * @param {AbortSignal} stop
 */
async function patch(item, bytes, offset, stop) {
  const headers = {
    'Content-Type': 'application/octet-stream',
    Accept: 'application/json',
    'Upload-Offset': String(offset),
    'Upload-Length': String(bytes.byteLength),
    'Repr-Digest': `sha-256=:${item.sha256}:`,
    Envelope: item.header,
  };
  const rest = bytes.slice(offset);
  const patience = SILENCE_MS + rest.byteLength / SLOWEST;
  const response = await call(`/sync/envelopes/${item.id}`, { method: 'PATCH', headers, body: rest }, patience, stop);
  return outcomeOf(response, item);
}

/**
 * A call of the sync protocol. Redirects are not followed: the envelope goes to our server or nowhere.
 * @param {string} path
 * @param {RequestInit} request
 * @param {number} patience  milliseconds for the whole call: fetch says nothing of an upload's progress
 * @param {AbortSignal} stop
 * @returns {Promise<Response>}
 * @throws {TypeError} without a network
 * @throws {DOMException} TimeoutError when patience ran out, AbortError when `stop` fired
 */
export async function call(path, request, patience, stop) {
  const end = new AbortController();
  const halt = () => end.abort(stop.reason);
  const timer = setTimeout(() => end.abort(new DOMException('no progress', 'TimeoutError')), patience);
  stop.addEventListener('abort', halt);
  if (stop.aborted) halt();
  try {
    const response = await fetch(new URL(path, location.origin), {
      ...request,
      credentials: 'same-origin',
      redirect: 'manual',
      cache: 'no-store',
      signal: end.signal,
    });
    // The body within the same patience: a link may die between the headers and the receipt.
    const body = response.type === 'opaqueredirect' || !response.body ? null : await response.arrayBuffer();
    return Object.defineProperty(new Response(body, copied(response)), 'type', { value: response.type });
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', halt);
  }
}

/** @param {Response} response  an opaque redirect has status 0, which a Response of one's own may not have */
const copied = ({ status, headers }) => ({ status: status || 302, headers });

/** @param {string} header  base64 of the clear header */
const enrolmentOf = (header) => JSON.parse(atob(header)).enrolment;
