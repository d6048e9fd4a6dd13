/**
 * Words that the phone's database would not take, set aside for this tab's next load: encrypted under the vault's key,
 * in the session storage, which outlives a reload and nothing else. They go back once the vault is open again.
 */
import { base64, fromBase64 } from '../lib/bytes.js';
import { tx, writable } from '../lib/db.js';
import { current } from '../vault/vault.js';

/** @typedef {import('../vault/vault.js').Sealed} Sealed */

const PREFIX = 'aside';
const key = (/** @type {string} */ id) => [PREFIX, current().short, id].join('|');

/**
 * @param {string} id  the draft's
 * @param {number} rev  the state on the disk that these words go on from
 * @param {Sealed} sealed
 */
export function setAside(id, rev, { iv, ct }) {
  try {
    globalThis.sessionStorage?.setItem(key(id), JSON.stringify({ rev, iv: base64(iv), ct: base64(ct) }));
  } catch {
    // no room there either: the words stay on the glass
  }
}

/** @param {string} id  it is on the disk by now */
export const forgetAside = (id) => globalThis.sessionStorage?.removeItem(key(id));

/** Put back what was set aside; what another tab has written since then is not overwritten. */
export async function takeBack() {
  const { db } = current();
  const ours = Object.keys(sessionStorage).filter((name) => name.startsWith(key('')));
  for (const name of ours) {
    const id = name.slice(key('').length);
    const { rev, iv, ct } = JSON.parse(sessionStorage.getItem(name) ?? '{}');
    const row = { id, rev: rev + 1, iv: fromBase64(iv).buffer, ct: fromBase64(ct).buffer };
    await tx(db, 'drafts', 'readwrite', async (transaction) => {
      const store = writable(transaction, 'drafts');
      if (((await store.get(id))?.rev ?? 0) === rev) await store.put(row);
    });
    sessionStorage.removeItem(name);
  }
}
