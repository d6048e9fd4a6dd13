import assert from 'node:assert/strict';
import test from 'node:test';
import { groupsOf, underWay } from '../../static/js/outbox/groups.js';
import { backOff, next, wakeAt } from '../../static/js/outbox/order.js';

/** @param {Partial<import('../../static/js/outbox/store.js').Item>} part */
const item = (part) => /** @type {any} */ ({ id: 'a', group: 'g', kind: 'visit', state: 'waiting', next_at: 0, created_at: '2026-11-24T10:00:00.000+07:00', size: 10, sent_at: 0, receipt: null, trouble: null, ...part });

/** @param {any[]} items @param {string[]} [flying] */
const pick = (items, flying = []) => next(items, { now: 1000, eager: () => false, flying: (id) => flying.includes(id) })?.id;

test('back-off doubles from a second to five minutes, with half of it left to chance', () => {
  assert.deepEqual([1, 2, 3, 8, 50].map((tries) => backOff(tries, 1)), [2000, 4000, 8000, 256_000, 300_000]);
  assert.deepEqual([1, 3, 50].map((tries) => backOff(tries, 0)), [1000, 4000, 150_000]);
});

test('a call for help goes before everything, however late it was made; then who goes out of reach', () => {
  const rows = [item({ id: 'visit' }), item({ id: 'photo', kind: 'photo' }), item({ id: 'check', kind: 'check_in', created_at: '2026-11-24T11:00:00.000+07:00' })];
  assert.equal(pick(rows), 'check');
  assert.equal(pick([...rows, item({ id: 'alarm', kind: 'alarm', created_at: '2026-11-24T12:00:00.000+07:00' })]), 'alarm');
});

test('a photo waits for the text that is on its way, not for one in back-off', () => {
  const photo = item({ id: 'p', kind: 'photo' });
  assert.equal(pick([item({ id: 'v' }), photo], ['v']), undefined);
  assert.equal(pick([item({ id: 'v', next_at: 5000 }), photo]), 'p');
});

test('moments are compared, not their spelling in another zone', () => {
  const moscow = item({ id: 'later', created_at: '2026-11-24T09:00:00.000+03:00' });
  const novosibirsk = item({ id: 'earlier', created_at: '2026-11-24T12:00:00.000+07:00' });
  assert.equal(pick([moscow, novosibirsk]), 'earlier');
});

test('only what waits is sent, and the page wakes for the first of it', () => {
  const rows = [item({ id: 'n', state: 'needs_you' }), item({ id: 's', state: 'on_server' }), item({ id: 'w', next_at: 9000 })];
  assert.equal(pick(rows), undefined);
  assert.equal(wakeAt(rows, 0), 9000);
  assert.equal(wakeAt(rows, 20_000), 20_000);
  assert.equal(wakeAt(rows.slice(0, 2), 0), null);
});

test('a record is on the server when all of it is; its number comes with the text', () => {
  const text = item({ state: 'on_server', sent_at: 5, receipt: /** @type {any} */ ({ number: '2026-00418' }) });
  const photos = [item({ id: 'p1', kind: 'photo', state: 'on_server' }), item({ id: 'p2', kind: 'photo' })];
  const [group] = groupsOf([text, ...photos]);
  assert.equal(group?.state, 'waiting');
  assert.deepEqual([group?.i, group?.n, group?.photos], [2, 3, { i: 1, n: 2 }]);
  assert.equal(group?.number, '2026-00418');
  assert.equal(groupsOf([text])[0]?.state, 'on_server');
  assert.equal(groupsOf([text, item({ id: 'p', state: 'needs_you', trouble: 'photo_too_big' })])[0]?.trouble, 'photo_too_big');
});

test('«Отправляем 2 из 3» counts from where this sending began', () => {
  const line = /** @type {any} */ ({ batch_at: 100 });
  const rows = [item({ state: 'on_server', sent_at: 50 }), item({ state: 'on_server', sent_at: 150 }), item({ state: 'sending' }), item({})];
  assert.deepEqual(underWay(rows, line), { i: 2, n: 3 });
  assert.equal(underWay([item({})], line), null);
});
