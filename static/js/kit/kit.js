/**
 * The field kit: everything of one's own families, taken along in one stream before the road.
 *
 * The server sends a line for each page and picture; each is encrypted and on the disk before the next is read, so a
 * stream that breaks is taken up where it broke: what is complete is named in the next request and not sent again.
 */
import { csrf, forget as forgetToken, Refusal } from '../auth/session.js';
import { fromBase64, text, utf8 } from '../lib/bytes.js';
import { put } from '../lib/db.js';
import { find, forget, keep, noteContact } from '../transport/fragments.js';
import { current } from '../vault/vault.js';

/** Under this name lies what is on the phone already; no page has such a URL. */
const HELD = 'kit:held';
/** The stream has died when no line came for so long; EDGE delivers a page in a second. */
const SILENCE_MS = 30_000;

/**
 * What the phone holds. A family is listed once it is complete.
 * @typedef {{ families: Record<string, { version: string, urls: string[] }>, pages: Record<string, string> }} Held
 */
/** @typedef {{ done: number, of: number, bytes: number }} Progress  families complete, families in all, bytes received */
/** @typedef {Record<string, any> & { t: string }} Line */

/**
 * Fetch the kit, or what has changed of it.
 * @param {(progress: Progress) => void} [tell]
 * @returns {Promise<Progress>} once the whole kit is on the disk
 * @throws {Refusal} when the server refuses, 401 without a session
 * @throws {TypeError} when there is no network or the stream broke; what came is kept
 */
export async function takeKit(tell = () => {}) {
  const held = await heldKit();
  /** @type {Progress} */
  const progress = { done: 0, of: 0, bytes: 0 };
  /** @type {string[]} */
  let urls = []; // of the family whose lines are coming
  let ended = false;
  for await (const { line, bytes } of lines(await ask(held))) {
    progress.bytes += bytes;
    if (line.t === 'page') {
      const url = await keepPage(line, held);
      // The general pages come first and belong to no family.
      if (url.startsWith('/families/')) urls.push(url);
    } else if (line.t === 'photo') urls.push(await keepPhoto(line));
    else if (line.t === 'family') {
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
 * @param {Held} held
 * @returns {Promise<ReadableStream<Uint8Array>>}
 */
async function ask(held) {
  const families = Object.fromEntries(Object.entries(held.families).map(([id, { version }]) => [id, version]));
  const body = JSON.stringify({ families, pages: held.pages });
  const send = async () =>
    fetch('/kit', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/x-ndjson', 'X-CSRFToken': await csrf() },
      body,
      redirect: 'error',
    });
  let response = await send();
  if (response.status === 400) {
    forgetToken();
    response = await send();
  }
  if (!response.ok) throw new Refusal(response.status, (await response.json().catch(() => null))?.refusal ?? null);
  if (!response.body || !/ndjson/.test(response.headers.get('Content-Type') ?? '')) throw new TypeError('not our answer');
  return response.body;
}

/**
 * Lines of NDJSON as they come.
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {AsyncGenerator<{ line: Line, bytes: number }>}
 */
export async function* lines(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { value, done } = await withinSilence(reader);
    rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
    const whole = rest.split('\n');
    rest = whole.pop() ?? '';
    for (const json of whole) if (json) yield { line: JSON.parse(json), bytes: json.length };
    if (done) return;
  }
}

/** @param {ReadableStreamDefaultReader<Uint8Array>} reader */
async function withinSilence(reader) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new TypeError('the stream fell silent')), SILENCE_MS);
  });
  try {
    return await /** @type {ReturnType<typeof reader.read>} */ (Promise.race([reader.read(), silence]));
  } catch (problem) {
    void reader.cancel().catch(() => {});
    throw problem;
  } finally {
    clearTimeout(timer);
  }
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
  await forget([`/families/${id}`, `/families/${id}/visit`]);
  delete held.families[id];
  await keepHeld(held);
}

/** @returns {Promise<Held>} */
async function heldKit() {
  const found = await find(HELD);
  return found ? JSON.parse(text(found.bytes)) : { families: {}, pages: {} };
}

/** @param {Held} held */
const keepHeld = (held) => keep(HELD, utf8(JSON.stringify(held)));
