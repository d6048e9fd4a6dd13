/** Envelopes seen as a person sees them: one record with its photos. Pure. */

/** @typedef {import('./store.js').Item} Item */
/** @typedef {import('./store.js').Line} Line */
/**
 * One record. `i` of `n` envelopes are on the server, `photos` likewise; sizes in bytes; `at` and `sentAt` in milliseconds
 * (0: not yet); `number` as soon as the text has come; `nextAt`: the next try by itself, 0 for at once;
 * `exportedAt`: since when all of it that is unsent lies in a file, 0 for not; `reofferedAt`: when a server that was set back
 * turned out to lack some of it, 0 for never.
 * @typedef {{ group: string, state: 'waiting' | 'sending' | 'on_server' | 'needs_you', i: number, n: number,
 *             photos: { i: number, n: number }, size: number, sentSize: number, at: number, sentAt: number,
 *             number: string | null, nextAt: number, trouble: string | null, reasons: import('./store.js').Reason[],
 *             exportedAt: number, reofferedAt: number }} Group
 */

/**
 * The records of an outbox, oldest first.
 * @param {Item[]} items
 * @returns {Group[]}
 */
export function groupsOf(items) {
  /** @type {Map<string, Item[]>} */
  const byGroup = new Map();
  for (const item of items) byGroup.set(item.group, [...(byGroup.get(item.group) ?? []), item]);
  return [...byGroup].map(([group, members]) => groupOf(group, members)).sort((a, b) => a.at - b.at);
}

/**
 * @param {string} group
 * @param {Item[]} items  one or more
 * @returns {Group}
 */
function groupOf(group, items) {
  const text = items.find(({ kind }) => kind !== 'photo') ?? items[0];
  const photos = items.filter(({ kind }) => kind === 'photo');
  const there = items.filter(({ state }) => state === 'on_server');
  const waiting = items.filter(({ state }) => state === 'waiting');
  const unsent = items.filter(({ state }) => state !== 'on_server');
  const slowed = unsent.find(({ trouble }) => trouble);
  const troubled = items.find(({ state }) => state === 'needs_you') ?? slowed ?? text;
  return {
    group,
    state: stateOf(items),
    i: there.length,
    n: items.length,
    photos: { i: photos.filter(({ state }) => state === 'on_server').length, n: photos.length },
    size: sum(items),
    sentSize: sum(there) + unsent.reduce((all, { arrived = 0 }) => all + arrived, 0),
    at: Date.parse(text?.created_at ?? '') || 0,
    sentAt: text?.sent_at ?? 0,
    number: text?.receipt?.number ?? null,
    nextAt: waiting.length ? Math.min(...waiting.map(({ next_at }) => next_at)) : 0,
    trouble: troubled?.trouble ?? null,
    reasons: troubled?.receipt?.reasons ?? [],
    exportedAt: unsent.length ? Math.min(...unsent.map(({ exported_at = 0 }) => exported_at)) : 0,
    reofferedAt: Math.max(0, ...items.map(({ reoffered_at = 0 }) => reoffered_at)),
  };
}

/** @param {Item[]} items  @returns {Group['state']} */
function stateOf(items) {
  const some = (/** @type {string} */ state) => items.some((item) => item.state === state);
  if (some('needs_you')) return 'needs_you';
  if (some('sending')) return 'sending';
  return some('waiting') ? 'waiting' : 'on_server';
}

/**
 * What is on the way now: «Отправляем 2 из 5» counts envelopes since sending began.
 * @param {Item[]} items
 * @param {Line} line
 * @returns {{ i: number, n: number } | null} null when nothing is being sent
 */
export function underWay(items, { batch_at }) {
  if (!items.some(({ state }) => state === 'sending')) return null;
  const sent = items.filter(({ state, sent_at }) => state === 'on_server' && sent_at >= batch_at).length;
  const left = items.filter(({ state }) => state === 'waiting' || state === 'sending').length;
  return { i: sent + 1, n: sent + left };
}

/** @param {Item[]} items */
const sum = (items) => items.reduce((total, { size }) => total + size, 0);
