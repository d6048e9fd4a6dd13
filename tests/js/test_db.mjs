import './browser.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { all, dropEnrolment, get, openEnrolment, openRegistry, put, remove, tx, writable } from '../../static/js/lib/db.js';

test('what was put is there after the connection was lost', async () => {
  const db = await openEnrolment('0a0b0c0d');
  await put(db, 'drafts', { id: 'd1', ct: new Uint8Array([1, 2, 3]).buffer });

  (await db.connection)?.close();

  const found = await get(db, 'drafts', 'd1');
  assert.deepEqual(new Uint8Array(found.ct), new Uint8Array([1, 2, 3]));
});

test('every write asks for strict durability', async () => {
  const db = await openEnrolment('0a0b0c0d');
  const asked = await tx(db, 'outbox', 'readwrite', (transaction) => transaction.durability);
  assert.equal(asked, 'strict');
});

test('a transaction whose work fails leaves nothing behind', async () => {
  const db = await openEnrolment('11111111');
  const work = tx(db, ['outbox', 'drafts'], 'readwrite', async (transaction) => {
    await writable(transaction, 'outbox').put({ id: 'e1' });
    throw new Error('sealing failed');
  });

  await assert.rejects(work, /sealing failed/);
  assert.deepEqual(await all(db, 'outbox'), []);
});

test('a request that fails inside a transaction is told as it is', async () => {
  const db = await openEnrolment('11111111');
  await assert.rejects(put(db, 'outbox', { no: 'id' }), { name: 'DataError' });
});

test('stores without a key of their own take one beside the value', async () => {
  const db = await openEnrolment('22222222');
  await put(db, 'meta', 1763800000000, 'last_contact_at');
  assert.equal(await get(db, 'meta', 'last_contact_at'), 1763800000000);
  await remove(db, 'meta', 'last_contact_at');
  assert.equal(await get(db, 'meta', 'last_contact_at'), undefined);
});

test('two enrolments share nothing, and one is dropped alone', async () => {
  const one = await openEnrolment('33333333');
  const other = await openEnrolment('44444444');
  await put(one, 'drafts', { id: 'mine' });
  await put(other, 'drafts', { id: 'theirs' });

  await dropEnrolment('33333333');

  assert.deepEqual(await all(await openEnrolment('33333333'), 'drafts'), []);
  assert.deepEqual(await all(other, 'drafts'), [{ id: 'theirs' }]);
  assert.deepEqual(await all(await openRegistry(), 'enrolments'), []);
});
