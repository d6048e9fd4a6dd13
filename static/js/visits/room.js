/** How many pictures the phone still has room for, so that it is said before the shutter and not after. */
import { RESERVE_BYTES } from '../lib/reserve.js';
import { tx } from '../lib/db.js';
import { current } from '../vault/vault.js';

/** A picture lies there as it was taken, and while it is being sealed twice more. */
const PICTURE_BYTES = 3 * 400_000;
/** Never for pictures: pages that are read, and the words of the visits to come. */
const WORDS_BYTES = 5_000_000;
/** So few, and it is said. */
export const FEW = 10;

/** @returns {Promise<number>} Infinity where the browser does not tell */
export async function picturesLeft() {
  const { db } = current();
  const { quota, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  if (!quota) return Infinity;
  const lies = db.stores['reserve'] && (await tx(db, 'reserve', 'readonly', (transaction) => transaction.objectStore('reserve').count()));
  const kept = WORDS_BYTES + (lies ? 0 : RESERVE_BYTES);
  return Math.max(0, Math.floor((quota - usage - kept) / PICTURE_BYTES));
}
