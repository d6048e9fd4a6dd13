/**
 * The field kit: everything of one's own families, taken along in one stream before the road.
 *
 * The server sends a line for each page and picture; each is encrypted and on the disk before the next is read, so a
 * stream that breaks is taken up where it broke: what is complete is named in the next request and not sent again.
 */
import { fromBase64, text, utf8 } from '../lib/bytes.js';
import { put } from '../lib/db.js';
import { find, forget, keep, noteContact } from '../transport/fragments.js';
import { current } from '../vault/vault.js';
import { kitStream, lines } from './stream.js';

/** Under this name lies what is on the phone already; no page has such a URL. */
const HELD = 'kit:held';

/**
 * What the phone holds. A family is listed once it is complete.
 * @typedef {{ families: Record<string, { version: string, urls: string[] }>, pages: Record<string, string> }} Held
 */
/** @typedef {{ done: number, of: number, bytes: number }} Progress  families complete, families in all, bytes received */
/** @typedef {import('./stream.js').Line} Line */

/**
 * Fetch the kit, or what has changed of it.
 * @param {(progress: Progress) => void} [tell]
 * @returns {Promise<Progress>} once the whole kit is on the disk
 * @throws {import('../auth/session.js').Refusal} when the server refuses, 401 without a session
 * @throws {TypeError} when there is no network or the stream broke; what came is kept
 */
export async function takeKit(tell = () => {}) {
  const held = await heldKit();
  /** @type {Progress} */
  const progress = { done: 0, of: 0, bytes: 0 };
  /** @type {string[]} */
  let urls = []; // of the family whose lines are coming
  let ended = false;
  for await (const { line, bytes } of lines(await kitStream(have(held)))) {
    progress.bytes += bytes;
    if (line.t === 'page') {
      const url = await keepPage(line, held);
      // The general pages come first and belong to no family.
      if (url.startsWith('/families/')) urls.push(url);
    } else if (line.t === 'photo') urls.push(await keepPhoto(line));
    else if (line.t === 'family') {
      // What the family had and has no more: a picture taken back, pages of a layer that is closed now.
      const gone = held.families[line['id']]?.urls.filter((url) => !urls.includes(url)) ?? [];
      if (gone.length) await forget(gone);
      held.families[line['id']] = { version: line['version'], urls };
      urls = [];
      await keepHeld(held);
      progress.done += 1;
    } else ended = (await others(line, held, progress)) || ended;
    tell({ ...progress });
  }
  if (!ended) throw new TypeError('the stream broke');
  await keepHeld(held);
  return progress;
}

/** Whether a kit was ever taken along on this phone. */
export const hasKit = async () => (await find(HELD)) !== null;

/**
 * @param {Line} line
 * @param {Held} held
 * @param {Progress} progress
 * @returns {Promise<boolean>} whether it was the last line
 */
async function others(line, held, progress) {
  if (line.t === 'begin') progress.of = line['families'];
  else if (line.t === 'same') progress.done += line['families'].length;
  else if (line.t === 'gone') {
    for (const id of line['families']) await drop(id, held);
  } else if (line.t === 'end') {
    const { db } = current();
    await put(db, 'meta', line['key'], 'sync_key');
    await noteContact(Date.parse(line['at']) || Date.now());
    return true;
  }
  return false; // a line of a kind that this build does not know is left alone
}

/**
 * @param {Line} line
 * @param {Held} held
 */
async function keepPage(line, held) {
  await keep(line['url'], line['html']);
  if (!line['url'].startsWith('/families/')) held.pages[line['url']] = line['version'];
  return line['url'];
}

/** @param {Line} line */
async function keepPhoto(line) {
  const url = `/photos/${line['id']}/thumb`;
  await keep(url, fromBase64(line['b64']));
  return url;
}

/**
 * @param {string} id
 * @param {Held} held
 */
async function drop(id, held) {
  await forget(held.families[id]?.urls ?? []);
  await forget(['', '/visit', '/door', '/contact', '/urgent'].map((page) => `/families/${id}${page}`));
  delete held.families[id];
  await keepHeld(held);
}

/**
 * What the server has to know of it.
 * @param {Held} held
 */
function have({ families, pages }) {
  return { families: Object.fromEntries(Object.entries(families).map(([id, { version }]) => [id, version])), pages };
}

/** @returns {Promise<Held>} */
async function heldKit() {
  const found = await find(HELD);
  return found ? JSON.parse(text(found.bytes)) : { families: {}, pages: {} };
}

/** @param {Held} held */
const keepHeld = (held) => keep(HELD, utf8(JSON.stringify(held)));
