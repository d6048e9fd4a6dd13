/** What the server knows that this browser may not: a phone of this person had records that never came. */
import { refusal } from '../lib/texts.js';

const DAY = new Intl.DateTimeFormat('ru', { day: '2-digit', month: '2-digit' });

/**
 * «На телефоне было 2 неотправленные записи от 12.11».
 * @param {{ n: number, since: string | null } | null | undefined} announced
 * @returns {string | null} null when nothing is missing
 */
export function leftUnsent(announced) {
  if (!announced?.n) return null;
  const from = announced.since ? ` от ${DAY.format(new Date(announced.since))}` : '';
  const { what, safe, do: act } = refusal('left_unsent', { n: announced.n, from });
  return `${what} ${safe} ${act}`;
}
