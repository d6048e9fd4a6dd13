/**
 * One phone as a process: the client on a disk of its own, its clock, its cookie. A line of JSON in is an act, a line
 * out its result; whoever kills the process pulls the battery.
 *
 *     node tests/model/phone.mjs FOLDER CLIENT ORIGIN CLOCK
 *
 * CLIENT: glass.mjs, or the bundle of a release; CLOCK: milliseconds by which this phone's clock is wrong.
 */
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { useDisk } from './disk.mjs';

const [folder = '', client = '', origin = '', wrong = '0'] = process.argv.slice(2);
/** So many uploads are remembered, to be sent again as networks and impatient browsers do. */
const REMEMBERED = 20;

let offset = Number(wrong);
let cookie = '';
/** @type {[URL, RequestInit][]} */
const uploads = [];
/** @type {Set<string>} */
const held = new Set();

const SystemDate = Date;
class PhoneDate extends SystemDate {
  /** @param {any[]} given */
  constructor(...given) {
    super(...(given.length ? /** @type {[any]} */ (given) : [PhoneDate.now()]));
  }

  static now = () => SystemDate.now() + offset;
}

/** Timers of this phone, by the moment of its own clock at which they go off. @type {Map<any, { at: number, work: () => void }>} */
const timers = new Map();
const { setTimeout: wait, clearTimeout: forget } = globalThis;

/** @param {() => void} work @param {number} [delay] @param {any[]} given  only Node's own fetch gives some: its timers stay its own */
function after(work, delay = 0, ...given) {
  if (given.length) return wait(work, delay, ...given);
  const timer = wait(() => (timers.delete(timer), work()), delay);
  timers.set(timer, { at: Date.now() + delay, work });
  return timer;
}

/** @param {any} timer */
function never(timer) {
  timers.delete(timer);
  forget(timer);
}

/** Time passes: what was to go off meanwhile goes off now, as timers of a phone that slept do. @param {number} by */
function timePasses(by) {
  offset += by;
  for (const [timer, { at, work }] of [...timers]) {
    if (at > Date.now()) continue;
    never(timer);
    work();
  }
}

const locks = {
  /** As far as the outbox asks: with `ifAvailable`. @param {string} name @param {unknown} _ @param {(lock: unknown) => Promise<unknown>} work */
  async request(name, _, work) {
    if (held.has(name)) return work(null);
    held.add(name);
    return work({ name }).finally(() => held.delete(name));
  },
};

/** @param {Record<string, unknown>} given */
const pretend = (given) => Object.entries(given).forEach(([name, value]) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true }));

const { fetch: bare } = globalThis;
pretend({
  Date: PhoneDate,
  setTimeout: after,
  clearTimeout: never,
  navigator: { onLine: true, locks },
  location: { origin },
  document: { querySelector: () => null, hidden: false },
  /** @param {URL} url @param {RequestInit} request */
  fetch(url, request) {
    const headers = new Headers(request.headers);
    headers.set('Cookie', cookie);
    const whole = { ...request, headers };
    if (request.method === 'PATCH') uploads.splice(0, uploads.length >= REMEMBERED ? 1 : 0, [url, { ...whole, signal: null }]);
    return bare(url, whole);
  },
});

await useDisk(path.join(folder, 'disk'));
const glass = await import(pathToFileURL(path.resolve(client)).href);

/** @type {Record<string, (given: any) => unknown>} */
const acts = {
  ...glass,
  /** @param {{ cookie: string }} given */
  cookie: (given) => void (cookie = given.cookie),
  /** @param {{ by: number }} given  the clock is put forward by so many milliseconds */
  clock: ({ by }) => timePasses(by),
  /** @param {{ which: number, times: number }} given  an upload that went out before goes out again, several at once */
  async again({ which, times }) {
    const upload = uploads[Math.floor(which * uploads.length)];
    if (upload) await Promise.allSettled(Array.from({ length: times }, async () => (await bare(...upload)).arrayBuffer()));
  },
};

for await (const line of createInterface({ input: process.stdin })) void act(JSON.parse(line));

/** @param {{ n: number, act: string, given: unknown }} call */
async function act({ n, act: name, given }) {
  /** @param {object} result */
  const answer = (result) => process.stdout.write(`${JSON.stringify({ n, ...result })}\n`);
  try {
    answer({ value: (await acts[name]?.(given)) ?? null });
  } catch (problem) {
    answer({ problem: problem instanceof Error ? problem.stack : String(problem) });
  }
}
