/** What is said of sending: the five states in one wording everywhere, and why something does not go. */
import { clockTime, megabytes, refusal, t, table, when } from '../lib/texts.js';

/** @typedef {import('./groups.js').Group} Group */
/** @typedef {import('./store.js').Line} Line */

const DAY = new Intl.DateTimeFormat('ru', { day: 'numeric', month: 'long', timeZone: 'UTC' });
/** Troubles that end when a person does something; the others end by themselves and are said calmly. */
const FOR_A_PERSON = new Set(['signin_needed', 'captive_portal', 'wrong_host', 'queue_stuck', 'phone_revoked', 'phone_lost']);
const AWAY = new Set(['offline', 'server_unreachable', 'upload_broke']);
/** Below this «0 МБ» would be said. */
const WORTH_SAYING = 50_000;

/**
 * The status line of every screen. No personal data: it stands on the locked screen too.
 * @param {Group[]} groups
 * @param {Line} line
 * @param {{ i: number, n: number } | null} sending
 * @param {boolean} online
 * @returns {{ state: string, text: string }}
 */
export function statusLine(groups, line, sending, online) {
  const count = (/** @type {string[]} */ ...states) => groups.filter(({ state }) => states.includes(state)).length;
  const unsent = count('waiting', 'sending');
  const attention = count('needs_you');
  if (sending) return { state: 'sending', text: t('status_line.sending', sending) };
  if (attention) return { state: 'needs_you', text: t('status_line.needs_you', { n: attention }) };
  if (!online) return { state: 'offline', text: t('status_line.offline') };
  if (line.trouble && FOR_A_PERSON.has(line.trouble) && unsent) {
    return { state: 'needs_you', text: refusal(line.trouble, { n: unsent }).what };
  }
  // The browser's own «online» means a network, not ours.
  if (unsent && AWAY.has(line.trouble ?? '')) return { state: 'offline', text: t('status_line.offline') };
  if (unsent) return { state: 'waiting', text: t('status_line.waiting', { n: unsent }) };
  return { state: 'on_server', text: t('status_line.online_empty') };
}

/**
 * What stops everything, in full; null when nothing does or nothing waits.
 * @param {Line} line
 * @param {number} unsent
 */
export function troubleWords({ trouble, next_at }, unsent) {
  if (!trouble || !unsent) return null;
  const next_time = Number.isFinite(next_at) && next_at ? clockTime(new Date(next_at)) : clockTime(new Date());
  return { ...refusal(trouble, { n: unsent, next_time }), forPerson: FOR_A_PERSON.has(trouble) };
}

/**
 * What a record is called.
 * @param {{ family: string, on: string, outcome?: string, kind?: string }} label  `on`: YYYY-MM-DD; empty when it was
 *   sealed without its date
 * @returns {string} «Рябинкины, 24 ноября»; what kind it is where it belongs to no family
 */
export function recordTitle({ family, on, ...label }) {
  const name = family || kindOf(label);
  const day = new Date(`${on}T00:00:00Z`);
  return Number.isNaN(day.getTime()) ? name : `${name}, ${DAY.format(day)}`;
}

/** @param {Group} group  @returns {string} the state's chip */
export function chip({ state, i, n }) {
  return t(`statuses.${state}.chip`, { i: Math.min(i + 1, n), n });
}

/**
 * The line under a record's title.
 * @param {Group} group
 * @param {{ outcome?: string, kind?: string } | null} label  null while locked
 * @returns {string}
 */
export function detail(group, label) {
  const kind = kindOf(label ?? {});
  const photos = group.photos.n ? [t('queue.photos', group.photos)] : [];
  const onPhone = t('queue.on_phone', { time: clockTime(new Date(group.at)) });
  switch (group.state) {
    case 'on_server':
      return [`${kind}. ${received(group)}`, onPhone, ...photos].join(' · ') + also(group);
    case 'sending':
      return `${kind}${amount(group)}. ${group.trouble === 'slow_link' && group.sentAt ? sentences('slow_link') : t('statuses.sending.long')}`;
    case 'needs_you':
      return `${kind}: ${why(group)}`;
    default:
      return [group.size < WORTH_SAYING ? kind : `${kind}, ${t('queue.size', { mb: megabytes(group.size) })}`, onPhone, ...photos].join(' · ') + next(group);
  }
}

/**
 * Where a record is, for the screen «Готово»: the state, and what is known of times and number.
 * @param {Group} group
 * @returns {{ status: string, times: string }}
 */
export function journey(group) {
  const time_phone = clockTime(new Date(group.at));
  if (group.sentAt) {
    const times = t('status_line.two_times', { time_phone, time_server: clockTime(new Date(group.sentAt)) });
    const number = group.number ? `№ ${group.number} · ` : '';
    return { status: chip(group), times: number + times };
  }
  return { status: chip(group), times: t('queue.on_phone', { time: time_phone }) };
}

/** @param {Group} group */
const amount = ({ size, sentSize }) =>
  size < WORTH_SAYING ? '' : `, ${t('queue.size_of', { done: megabytes(sentSize), mb: megabytes(size) })}`;

/** @param {{ outcome?: string, kind?: string }} label */
function kindOf({ outcome, kind = outcome }) {
  if (!kind) return t('queue.kinds.record');
  const named = table(`queue.kinds.${kind}`);
  if (kind !== outcome) return typeof named === 'string' ? named : t('queue.kinds.record');
  return typeof named === 'string' ? named : t('queue.kinds.attempt');
}

/** @param {Group} group */
function received({ sentAt, number }) {
  const at = new Date(sentAt);
  const today = new Date().toDateString() === at.toDateString();
  if (!number) return t('queue.received', { when: when(at) });
  return today ? t('statuses.on_server.long', { time: clockTime(at), number }) : `${t('queue.received', { when: when(at) })}, № ${number}`;
}

/** @param {Group} group  what is calm and still worth knowing of a record that is there */
const also = ({ trouble }) => (trouble ? `. ${sentences(trouble)}` : '');

/** @param {Group} group */
function why({ trouble, reasons: [first] }) {
  // A field by its name, else the reason's own words.
  const paths = [`queue.fields.${first?.field}`, `queue.reasons.${first?.code}`].filter((path) => typeof table(path) === 'string');
  return sentences(trouble ?? 'parked_need_fix', { reason: t(paths[0] ?? 'queue.reasons.other') });
}

/**
 * @param {string} id
 * @param {Record<string, string>} [values]
 */
function sentences(id, values = {}) {
  const words = refusal(id, values);
  return [words.what, words.safe, words.do].filter(Boolean).join(' ');
}

/** @param {Group} group */
function next({ nextAt, trouble }) {
  if (nextAt <= Date.now()) return '';
  const time = clockTime(new Date(nextAt));
  const said = trouble ? ` ${refusal(trouble, { next_time: time }).what}` : '';
  return `.${said} ${t('queue.next_try', { time })}`;
}
