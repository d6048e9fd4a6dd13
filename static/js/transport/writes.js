/** Requests that change something on the server: they need a network and the session's token. */
import { csrf, forget as forgetToken } from '../auth/session.js';
import { refusal } from '../lib/texts.js';
import { note } from './page.js';

/**
 * Send with the session's CSRF token (no page carries it: pages are kept as copies).
 * @param {string} url
 * @param {RequestInit} request
 * @param {string} [without]  the refusal that says what this act needs a network for
 * @returns {Promise<Response>}
 * @throws {DOMException} AbortError when there is no network; the note that says so stands on the page
 */
export async function write(url, request, without = 'offline') {
  const send = async () => fetch(url, { ...request, headers: { ...request.headers, 'X-CSRFToken': await csrf() } });
  try {
    const response = await send();
    if (response.status !== 400) return response;
    forgetToken(); // the session began anew since the token was given
    return await send();
  } catch (problem) {
    note(refusal(without));
    throw new DOMException(String(problem), 'AbortError');
  }
}
