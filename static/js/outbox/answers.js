/**
 * What an answer means. Only our own receipt is success; everything that a hotel's Wi-Fi, a proxy or a broken server
 * may say instead ends in one of six outcomes, and none of them loses anything.
 */
import { backOff } from './order.js';

/** @typedef {import('./store.js').Item} Item */
/** @typedef {import('./store.js').Receipt} Receipt */
/**
 * `received`: the receipt · `again`: go on at `offset` · `smaller`: somebody takes no body of this size · `damaged`: the
 * server dropped it, begin anew · `later`: wait, `after` milliseconds when the server said so · `needs_you`: only a person
 * can help · `stop`: no use to send anything.
 * @typedef {{ kind: 'received', receipt: Receipt } | { kind: 'again', offset: number } | { kind: 'smaller' } | { kind: 'damaged' } |
 *           { kind: 'later', trouble: string, after?: number, lost?: boolean } |
 *           { kind: 'needs_you', trouble: string } | { kind: 'stop', trouble: string }} Outcome
 */

/** The server does not speak this envelope's language yet: asking every second would not teach it. */
const OLD_SERVER_MS = 300_000;
/** The office switched this phone off: handed in, or lost. */
const OFF = new Set(['phone_revoked', 'phone_lost']);

/**
 * Read the answer to a PATCH.
 * @param {Response} response
 * @param {Item} item
 * @returns {Promise<Outcome>}
 */
export async function outcomeOf(response, item) {
  const foreign = foreignNetwork(response);
  if (foreign) return foreign;
  const body = isJson(response) ? await response.json().catch(() => null) : null;
  const offset = offsetOf(response);
  switch (response.status) {
    case 200:
    case 201:
      return isReceipt(response, body, item) ? { kind: 'received', receipt: body } : { kind: 'stop', trouble: 'captive_portal' };
    case 204:
      return offset === null ? { kind: 'stop', trouble: 'captive_portal' } : { kind: 'again', offset };
    case 409:
      return offset === null ? { kind: 'needs_you', trouble: 'same_id_other_text' } : { kind: 'again', offset };
    case 413:
      // Our own server means the whole record; anybody else on the way means this one request.
      if (body?.code !== 'photo_too_big') return { kind: 'smaller' };
      return { kind: 'needs_you', trouble: item.kind === 'photo' ? 'photo_too_big' : 'record_too_big' };
    case 422:
      return { kind: 'damaged' };
    default:
      return refused(response, body);
  }
}

/**
 * What every call may hear instead of an answer: who the phone is, how busy the server is, what it does not know.
 * @param {Response} response  its status is none of the call's own
 * @param {any} body  parsed JSON or null
 * @returns {Outcome}
 */
export function refused(response, body) {
  const { status } = response;
  if (status === 401) return { kind: 'stop', trouble: 'signin_needed' };
  if (status === 403 && OFF.has(body?.code)) return { kind: 'stop', trouble: body.code };
  if (status === 429 || status === 503 || status === 507) {
    const after = retryAfter(response);
    return { kind: 'later', trouble: 'server_busy', ...(after === null ? {} : { after }) };
  }
  if (status >= 500) return { kind: 'later', trouble: 'server_unreachable' };
  return { kind: 'later', trouble: 'server_waits_update', after: OLD_SERVER_MS };
}

/**
 * A network that answers for the server: a redirect, or a page of its own.
 * @param {Response} response
 * @returns {Outcome | null}
 */
export function foreignNetwork(response) {
  const { status, type } = response;
  if (type === 'opaqueredirect' || response.redirected || (status >= 300 && status < 400)) {
    return { kind: 'stop', trouble: 'wrong_host' };
  }
  // RFC 6585, 511: a portal that says so. Else a portal is known by its HTML; a gateway's own 502 page is not one.
  const html = /\bhtml\b/.test(response.headers.get('Content-Type') ?? '');
  if (status === 511 || (html && status < 500 && status !== 413)) return { kind: 'stop', trouble: 'captive_portal' };
  return null;
}

/**
 * What a fetch that failed means.
 * @param {unknown} problem
 * @returns {Outcome} `lost`: the link is gone, others will fare no better
 */
export function failed(problem) {
  const name = problem instanceof Error || problem instanceof DOMException ? problem.name : '';
  if (name === 'TimeoutError') return { kind: 'later', trouble: 'upload_broke', lost: true };
  return { kind: 'later', trouble: navigator.onLine === false ? 'offline' : 'server_unreachable', lost: true };
}

/** @param {Response} response  @returns {number | null} how many bytes the server has */
export function offsetOf(response) {
  const said = response.headers.get('Upload-Offset') ?? '';
  return /^\d{1,12}$/.test(said) ? Number(said) : null;
}

/** @param {Response} response */
export const isJson = (response) => /^application\/json\b/.test(response.headers.get('Content-Type') ?? '');

/**
 * @param {Response} response
 * @param {any} body
 * @param {Item} item
 */
function isReceipt(response, body, item) {
  return response.headers.has('Curator-Receipt') && body?.id === item.id && body.sha256 === item.sha256;
}

/** @param {Response} response  @returns {number | null} milliseconds; a day at most, whatever was said */
function retryAfter(response) {
  const said = response.headers.get('Retry-After');
  if (!said) return null;
  const wait = /^\d+$/.test(said) ? Number(said) * 1000 : Date.parse(said) - Date.now();
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, backOff(1, 0)), 86_400_000);
}
