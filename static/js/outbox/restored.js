/** A server that was set back to its backup: the phone brings what is missing there, and says so. Pure. */
import { refusal } from '../lib/texts.js';

/** @typedef {import('./groups.js').Group} Group */

/** It is often over within seconds: so long it is still said that it was. */
const SAID_FOR_MS = 86_400_000;

/**
 * What is said of it in «Отправка»; null when no server was set back.
 * @param {Group[]} groups
 * @param {number} [now]
 * @returns {string | null}
 */
export function restoredWords(groups, now = Date.now()) {
  const again = groups.filter(({ reofferedAt }) => reofferedAt > 0);
  const left = again.filter(({ state }) => state !== 'on_server').length;
  if (left) return said('server_restored', left);
  const brought = again.filter(({ reofferedAt }) => now - reofferedAt < SAID_FOR_MS).length;
  return brought ? said('server_restored_done', brought) : null;
}

/**
 * @param {string} id
 * @param {number} n
 */
function said(id, n) {
  const { what, safe, do: act } = refusal(id, { n });
  return [what, safe, act].join(' ');
}
