/** The way of one envelope: the rest of it in one PATCH, or in pieces where the link is slow; resumed where it broke. */
import { failed, foreignNetwork, offsetOf, outcomeOf, refused } from './answers.js';
import { Pace, SILENCE_MS } from './pace.js';

/** @typedef {import('./store.js').Item} Item */
/** @typedef {import('./answers.js').Outcome} Outcome */
/** @typedef {Exclude<Outcome, { kind: 'again' } | { kind: 'smaller' }>} Final */
/**
 * `pace`: shared by a round, so that what one envelope learnt of the link helps the next · `moved`: hears how much of it
 * the server has.
 * @typedef {{ pace?: Pace, moved?: (arrived: number) => Promise<unknown> }} Going
 */

/** A server that keeps moving the offset without ever being content. */
const TURNS = 20;

/**
 * Send one envelope, or the rest of it.
 * @param {Item} item
 * @param {ArrayBuffer} bytes  the whole sealed envelope
 * @param {AbortSignal} stop  the worker's time is over; the next round asks how far it came
 * @param {Going} [going]
 * @returns {Promise<Final>}
 */
export async function deliver(item, bytes, stop, { pace = new Pace(), moved = async () => {} } = {}) {
  try {
    let offset = item.probe ? await arrived(item, stop) : 0;
    let best = typeof offset === 'number' ? offset : 0;
    for (let turn = 0; turn < TURNS; turn += 1) {
      if (typeof offset !== 'number') return offset;
      if (offset > best) {
        [best, turn] = [offset, 0];
        await moved(offset);
      }
      const outcome = await step(item, bytes, offset, stop, pace);
      if (outcome.kind !== 'again') return outcome;
      offset = outcome.offset;
    }
    return { kind: 'later', trouble: 'upload_broke' };
  } catch (problem) {
    return /** @type {Final} */ (failed(problem));
  }
}

/**
 * One request. One that ran out of patience and still brought something shows how slow the link is: from then on pieces.
 * @param {Item} item
 * @param {ArrayBuffer} bytes
 * @param {number} offset
 * @param {AbortSignal} stop
 * @param {Pace} pace
 * @returns {Promise<Final | { kind: 'again', offset: number }>}
 */
async function step(item, bytes, offset, stop, pace) {
  const from = Math.min(offset, bytes.byteLength);
  const piece = bytes.slice(from, from + pace.piece);
  const begun = Date.now();
  try {
    const outcome = await patch(item, piece, { from, length: bytes.byteLength }, pace.silence, stop);
    if (outcome.kind === 'smaller') return pace.halve(piece.byteLength) ? { kind: 'again', offset: from } : tooBig(item);
    if (outcome.kind === 'again' && pace.inPieces) pace.measured(outcome.offset - from, Date.now() - begun);
    return outcome;
  } catch (problem) {
    if (!(problem instanceof DOMException) || problem.name !== 'TimeoutError') throw problem;
    const here = await arrived(item, stop);
    if (typeof here !== 'number') return here;
    if (here <= from) throw problem;
    pace.measured(here - from, Date.now() - begun);
    return { kind: 'again', offset: here };
  }
}

/** @param {Item} item  @returns {Final} */
const tooBig = ({ kind }) => ({ kind: 'needs_you', trouble: kind === 'photo' ? 'photo_too_big' : 'record_too_big' });

/**
 * How many bytes of an envelope the server has.
 * @param {Item} item
 * @param {AbortSignal} stop
 * @returns {Promise<number | Final>}
 */
async function arrived({ id, header }, stop) {
  const url = `/sync/envelopes/${id}?enrolment=${enrolmentOf(header)}`;
  const response = await call(url, { method: 'HEAD' }, SILENCE_MS, stop);
  const offset = offsetOf(response);
  if (response.status === 200 && offset !== null) return offset;
  const foreign = foreignNetwork(response) ?? refused(response, null);
  return /** @type {Final} */ (foreign);
}

/**
 * @param {Item} item
 * @param {ArrayBuffer} piece
 * @param {{ from: number, length: number }} of  where the piece begins, how long the whole is
 * @param {number} patience
 * @param {AbortSignal} stop
 */
async function patch(item, piece, { from, length }, patience, stop) {
  const headers = {
    'Content-Type': 'application/octet-stream',
    Accept: 'application/json',
    'Upload-Offset': String(from),
    'Upload-Length': String(length),
    'Repr-Digest': `sha-256=:${item.sha256}:`,
    Envelope: item.header,
  };
  const response = await call(`/sync/envelopes/${item.id}`, { method: 'PATCH', headers, body: piece }, patience, stop);
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
