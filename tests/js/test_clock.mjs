/** A wrong clock: it is doubted aloud, and orders nothing. */
import './phone.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { clockIsDoubtful, noteServerTime } from '../../static/js/lib/clock.js';
import { next } from '../../static/js/outbox/order.js';
import { phone } from './phone.mjs';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

for (const [what, moved, doubted] of /** @type {[string, number, boolean][]} */ ([
  ['an hour of another zone', HOUR, false],
  ['a week in the forest', 7 * DAY, false],
  ['a day back', -DAY, true],
  ['ten years ahead', 10 * YEAR, true],
])) {
  test(`${what} since the last contact is ${doubted ? '' : 'not '}doubted`, async () => {
    const { db } = await phone();
    await noteServerTime(db, new Date().toISOString());
    assert.equal(await clockIsDoubtful(db, Date.now() + moved), doubted);
  });
}

test('a phone that never met the server is not asked', async () => {
  assert.equal(await clockIsDoubtful((await phone()).db, 0), false);
});

test('a clock that was wrong at the contact is doubted until it is set right', async () => {
  const { db } = await phone();
  await noteServerTime(db, new Date(Date.now() - 10 * YEAR).toISOString()); // the phone is ten years ahead
  assert.equal(await clockIsDoubtful(db), true);
  assert.equal(await clockIsDoubtful(db, Date.now() - 10 * YEAR), false);
});

test('what was sealed first goes first, whatever the clock said at either moment', () => {
  const row = (/** @type {string} */ id, /** @type {number} */ n, /** @type {string} */ created_at) =>
    /** @type {any} */ ({ id, n, kind: 'visit', state: 'waiting', next_at: 0, created_at });
  const rows = [row('a', 3, '2026-11-22T10:00:00Z'), row('b', 1, '2036-11-22T10:00:00Z'), row('c', 2, '2026-11-21T09:00:00Z')];
  /** @type {string[]} */
  const sent = [];
  while (rows.length) {
    const { id } = /** @type {any} */ (next(rows, { now: 0, eager: () => true, flying: () => false }));
    sent.push(id);
    rows.splice(rows.findIndex((one) => one.id === id), 1);
  }
  assert.deepEqual(sent, ['b', 'c', 'a']);
});
