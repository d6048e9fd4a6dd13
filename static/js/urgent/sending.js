/** An alarm's acts as envelopes. Each carries all that is known, so that the server understands any of them alone. */
import { isoWithOffset } from '../outbox/envelope.js';
import { uuid7 } from '../lib/uuid.js';
import { keyOf } from './record.js';

/** @typedef {import('./record.js').Alarm} Alarm */
/** @typedef {import('./record.js').Pair} Pair */

/** The part that seals is large and needed last; it comes while the page is being read. */
export const sealer = () => import('../outbox/queue.js');

/** @param {Pick<Alarm, 'fields' | 'calls'>} alarm  @returns {string} what there is to say, to compare with what was said */
export const content = ({ fields, calls }) => JSON.stringify([fields.filter(([, value]) => value), calls]);

/**
 * The fields of one act.
 * @param {Alarm} alarm
 * @param {'raise' | 'note' | 'cancel'} act
 * @param {Pair[]} [more]
 * @param {Date} [now]
 * @returns {Pair[]}
 */
export function actFields(alarm, act, more = [], now = new Date()) {
  /** @type {Pair[]} */
  const about = [['act', act], ['step', uuid7()], ['at', isoWithOffset(now)], ['raised_at', isoWithOffset(new Date(alarm.raised_at))]];
  const calls = alarm.calls.flatMap((call, n) =>
    Object.entries(call).map(([name, value]) => /** @type {Pair} */ ([`reached-${n}-${name}`, value])),
  );
  return [...about, ...alarm.fields, ...calls, ...more].filter(([, value]) => value !== '');
}

/**
 * Seal an act and queue it together with the record; then it goes first.
 * @param {Alarm} alarm  changed only when this resolves
 * @param {'raise' | 'note' | 'cancel'} act
 * @param {Pair[]} [more]
 * @throws {Error | DOMException} when the phone did not take it
 */
export async function sendAct(alarm, act, more = []) {
  const now = new Date();
  const envelope = uuid7();
  const raised_at = alarm.raised_at || now.getTime();
  const cancelled_at = act === 'cancel' ? now.getTime() : alarm.cancelled_at;
  const envelopes = [...alarm.envelopes, envelope];
  /** @type {Alarm} */
  const next = { ...alarm, raised_at, cancelled_at, envelopes, sent: content(alarm), saved_at: now.getTime() };
  const { queueForm } = await sealer();
  await queueForm({
    kind: 'alarm',
    id: alarm.id,
    envelope,
    familyId: alarm.family,
    formVersion: alarm.form_version,
    fields: actFields(next, act, more, now),
    label: { family: alarm.surname, on: '', outcome: '', kind: act === 'raise' ? 'alarm' : `alarm_${act}` },
    keep: [{ id: keyOf('alarm', alarm.id), value: next }],
  });
  Object.assign(alarm, next);
}
