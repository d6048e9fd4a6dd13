/** What happens on the occasion of a lock or an unlock; vault.js keeps the keys and says when. */

/** However slow the phone: a draft that is not saved by then was saved at its last change, 2 s ago at most. */
const SAVE_LIMIT_MS = 2000;

/** @type {Set<() => Promise<unknown> | void>} */
const savers = new Set();
/** @type {Set<() => void>} */
export const openers = new Set();
/** @type {Set<(reason: string) => void>} */
export const closers = new Set();

/**
 * Run `save` before the keys go: the last chance to write under them.
 * @param {() => Promise<unknown> | void} save
 * @returns {() => void} takes it back
 */
export function onLock(save) {
  savers.add(save);
  return () => savers.delete(save);
}

/**
 * Run `work` as the keys go, in the same turn: the place to empty the page.
 * @param {(reason: string) => void} work
 */
export function whenClosed(work) {
  closers.add(work);
}

/** All savers at once; resolves when they are done, after two seconds at most, whatever became of them. */
export async function saveAll() {
  const saved = Promise.allSettled([...savers].map(async (save) => save()));
  await Promise.race([saved, new Promise((resolve) => setTimeout(resolve, SAVE_LIMIT_MS))]);
}
