/**
 * «Спасти записи»: what this phone has not sent, as one file that lies on the phone like any download. Sealed bytes and
 * clear headers, as they would go out; no key is needed and nothing in it can be read. The format: docs/rescue.md.
 */
import { base64 } from '../lib/bytes.js';
import { change, isUnsent, items, sealedBytes } from './store.js';

/** @typedef {import('../lib/db.js').Database} Database */
/**
 * `count`: envelopes, a line each; `records`: as a person counts, a visit with its photos is one.
 * @typedef {{ blob: Blob, name: string, count: number, records: number, taken: { db: Database, id: string }[] }} RescueFile
 */

const FORMAT = 'curator-rescue';
const TYPE = 'application/x-ndjson';

/**
 * Put everything unsent into a file.
 * @param {Database[]} dbs  one for each enrolment of this browser that counts
 * @param {Date} [at]
 * @returns {Promise<RescueFile | null>} null when nothing is unsent
 */
export async function makeRescueFile(dbs, at = new Date()) {
  /** @type {RescueFile['taken']} */
  const taken = [];
  /** @type {Blob[]} */
  const lines = [];
  const records = new Set();
  for (const db of dbs) {
    for (const { id, group, header, sha256 } of (await items(db)).filter(isUnsent)) {
      const bytes = await sealedBytes(db, id).catch(() => null);
      if (!bytes) continue; // one row that lost its bytes must not keep the others in
      // A Blob for each: the browser may put it on the disk before the next one is read.
      lines.push(new Blob([`${JSON.stringify({ header, sha256, sealed: base64(bytes) })}\n`]));
      taken.push({ db, id });
      records.add(group);
    }
  }
  if (!taken.length) return null;
  const first = { format: FORMAT, v: 1, made_at: at.toISOString(), count: taken.length };
  const blob = new Blob([`${JSON.stringify(first)}\n`, ...lines], { type: TYPE });
  return { blob, name: nameOf(at), count: taken.length, records: records.size, taken };
}

/**
 * Hand the file to the browser, which keeps it where downloads go; from then on its records count as exported. They are
 * sent all the same: a file is a second way, never instead of the first.
 * @param {RescueFile} file
 */
export async function saveRescueFile({ blob, name, taken }) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the download may still be reading
  await markExported(taken);
}

/**
 * Note that records lie in a file, too.
 * @param {RescueFile['taken']} taken
 * @param {number} [at]
 */
export async function markExported(taken, at = Date.now()) {
  for (const { db, id } of taken) await change(db, id, { exported_at: at });
}

/** A name that says nothing to whoever looks through the downloads. @param {Date} at */
function nameOf(at) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `zapisi-${day}-${two(at.getHours())}${two(at.getMinutes())}.curator`;
}
