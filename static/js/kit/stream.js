/** The kit's way down: one request, answered by lines of NDJSON that are taken as they come. */
import { csrf, forget as forgetToken, Refusal } from '../auth/session.js';

/** The stream has died when no line came for so long; EDGE delivers a page in a second. */
const SILENCE_MS = 30_000;

/** @typedef {Record<string, any> & { t: string }} Line */

/**
 * Ask for the kit.
 * @param {{ families: Record<string, string>, pages: Record<string, string> }} have  versions that the phone holds
 * @returns {Promise<ReadableStream<Uint8Array>>}
 * @throws {Refusal} when the server refuses
 * @throws {TypeError} when there is no network or the answer is not ours
 */
export async function kitStream(have) {
  const send = async () =>
    fetch('/kit', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/x-ndjson', 'X-CSRFToken': await csrf() },
      body: JSON.stringify(have),
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
