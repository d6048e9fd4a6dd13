/** «Подробнее»: all that the phone knows of a record's way, and what is safe meanwhile. */
import { clockTime, megabytes, refusal, t, table, when } from '../lib/texts.js';

/** @typedef {import('./groups.js').Group} Group */
/** @typedef {import('./store.js').Line} Line */

/**
 * What stands in the open row, line by line; null for a line that has nothing to say.
 * @param {Group} group
 * @param {Line} line
 * @returns {Record<string, string | null>}
 */
export function moreWords(group, line) {
  const there = group.state === 'on_server';
  return {
    'more-phone': t('queue.more.phone', { when: when(new Date(group.at)) }),
    'more-server': group.sentAt ? t('queue.more.server', { when: when(new Date(group.sentAt)) }) : t('queue.more.server_not'),
    'more-number': numberOf(group),
    'more-size': sizeOf(group),
    'more-why': there || group.state === 'needs_you' ? null : t('queue.more.why', { why: whyOf(group, line) }),
    'more-next': nextOf(group, line),
    'more-safe': safeOf(group),
    'more-file': group.exportedAt ? t('queue.more.file', { when: when(new Date(group.exportedAt)) }) : null,
  };
}

/** @param {Group} group */
function numberOf({ number, sentAt }) {
  if (number) return t('queue.more.number', { number });
  return sentAt ? null : t('queue.more.number_later');
}

/** @param {Group} group */
function sizeOf({ size, photos }) {
  const mb = megabytes(Math.max(size, 100_000)); // below that «0 МБ» would be said
  return photos.n ? t('queue.more.size_photos', { mb, ...photos }) : t('queue.more.size', { mb });
}

/**
 * One's own trouble first, then what keeps the whole queue back, then simply the turn.
 * @param {Group} group
 * @param {Line} line
 */
function whyOf({ trouble }, line) {
  const id = trouble ?? line.trouble;
  if (id === 'slow_link') return t('queue.more.why_slow');
  if (!id || !table(`refusals.${id}`)) return t('queue.more.why_turn');
  const { what } = refusal(id, { n: 1 });
  return what.charAt(0).toLowerCase() + what.slice(1).replace(/\.$/, '');
}

/**
 * @param {Group} group
 * @param {Line} line  its rest counts for every record that waits
 */
function nextOf({ state, nextAt }, line) {
  const at = Math.max(nextAt, line.next_at);
  if (state !== 'waiting' || !Number.isFinite(at) || at <= Date.now()) return null;
  return t('queue.more.next', { when: clockTime(new Date(at)) }); // never further away than a day
}

/** @param {Group} group */
function safeOf({ state, sentAt }) {
  if (state === 'on_server') return t('queue.more.safe_server');
  return t(sentAt ? 'queue.more.safe_needs' : 'queue.more.safe_phone');
}
