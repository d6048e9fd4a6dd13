/** What goes next and when to try again: pure, so that a test can ask for every case. */

/** @typedef {import('./store.js').Item} Item */

/** Two at once: on a weak link more would only share the same trickle and break together. */
export const IN_FLIGHT = 2;
const FIRST_MS = 1000;
const LONGEST_MS = 300_000;
/** Mended by a better network or by luck; «Отправить сейчас» may try them again. */
const WORTH_ANOTHER_TRY = new Set(['upload_damaged']);

/** So many smaller copies are tried of a picture. */
const SMALLER = 3;

const TEXT = 2;
const PHOTO = 3;
/** @param {Item} item  alarms first, then who goes out of reach, then text, photos last: what is small and says most */
const rank = ({ kind }) => ({ alarm: 0, check_in: 1, photo: PHOTO })[kind] ?? TEXT;

/**
 * Whether a row may be sent now.
 * @param {Item} item
 * @param {{ now: number, eager: boolean }} at  `eager`: somebody asked or the network is back, back-off does not count
 */
export const isDue = (item, { now, eager }) => item.state === 'waiting' && (eager || item.next_at <= now);

/**
 * The next row to send.
 * @param {Item[]} items
 * @param {{ now: number, eager: (item: Item) => boolean, flying: (id: string) => boolean }} at
 * @returns {Item | null}
 */
export function next(items, { now, eager, flying }) {
  const due = items.filter((item) => !flying(item.id) && isDue(item, { now, eager: eager(item) }));
  // A photo beside a text would take half of the link from it. A text in back-off holds no photo up.
  const textUnderWay = items.some((item) => flying(item.id) && rank(item) < PHOTO);
  const sendable = textUnderWay ? due.filter((item) => rank(item) < PHOTO) : due;
  return sendable.sort((a, b) => rank(a) - rank(b) || (a.n ?? 0) - (b.n ?? 0) || compare(a.created_at, b.created_at) || compare(a.id, b.id))[0] ?? null;
}

/**
 * How long to wait after a failure: 1 s doubled each time up to 300 s, with half of it left to chance, so that phones
 * that lost the server together do not come back together.
 * @param {number} tries  failures so far, 1 or more
 * @param {number} [chance]  0…1
 * @returns {number} milliseconds
 */
export function backOff(tries, chance = Math.random()) {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 20));
  return Math.max(FIRST_MS, Math.round(whole * (0.5 + chance / 2)));
}

/**
 * When the outbox should be looked at again by itself.
 * @param {Item[]} items
 * @param {number} notBefore  the enrolment's own rest, milliseconds since 1970
 * @returns {number | null} milliseconds since 1970; null when nothing waits
 */
export function wakeAt(items, notBefore) {
  const times = items.filter(({ state }) => state === 'waiting').map(({ next_at }) => next_at);
  return times.length ? Math.max(notBefore, Math.min(...times)) : null;
}

/** @param {Item} item  a row that «Отправить сейчас» brings back although it needs somebody */
export const mayTryAgain = (item) => item.state === 'needs_you' && WORTH_ANOTHER_TRY.has(item.trouble ?? '');

/** @param {Item} item  whether a smaller copy of this picture may be taken */
export const isTooBig = ({ state, trouble, resealed }) => state === 'needs_you' && trouble === 'photo_too_big' && resealed < SMALLER;

/** @param {string} a @param {string} b  created_at carries the phone's offset, so moments are compared, not spellings */
function compare(a, b) {
  const [x, y] = [Date.parse(a), Date.parse(b)];
  if (Number.isNaN(x) || Number.isNaN(y)) return a < b ? -1 : a > b ? 1 : 0;
  return x - y;
}
