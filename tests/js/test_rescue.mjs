import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, test } from 'node:test';
import { remove } from '../../static/js/lib/db.js';
import { flush } from '../../static/js/outbox/flush.js';
import { makeRescueFile, markExported } from '../../static/js/outbox/rescue.js';
import { items } from '../../static/js/outbox/store.js';
import { phone, queued, rowOf } from './phone.mjs';
import { SyncServer, json } from './sync_server.mjs';

/** @type {SyncServer} */
let server;
beforeEach(async () => void (server = await new SyncServer().start()));
afterEach(() => server.stop());

/** @param {Blob} blob */
const lines = async (blob) => (await blob.text()).trimEnd().split('\n').map((line) => JSON.parse(line));

test('the file holds the header, the digest and the sealed bytes of everything unsent, and nothing else', async () => {
  const mine = await phone();
  const waiting = await queued(mine);
  const stuck = await queued(mine, { kind: 'photo', row: { state: 'needs_you', trouble: 'photo_too_big' } });
  await queued(mine, { row: { state: 'on_server' } });

  const file = await makeRescueFile([mine.db], new Date(2026, 10, 24, 14, 5));

  assert.ok(file);
  const [first, ...rest] = await lines(file.blob);
  assert.deepEqual([first.format, first.v, first.count], ['curator-rescue', 1, 2]);
  assert.deepEqual(Object.keys(first), ['format', 'v', 'made_at', 'count']);
  for (const { id, bytes } of [waiting, stuck]) {
    const row = await rowOf(mine, id);
    const line = rest.find(({ header }) => header === row.header);
    assert.deepEqual(Object.keys(line), ['header', 'sha256', 'sealed']);
    assert.deepEqual(Buffer.from(line.sealed, 'base64'), bytes);
    assert.equal(createHash('sha256').update(bytes).digest('base64'), line.sha256);
  }
  assert.equal(file.name, 'zapisi-2026-11-24-1405.curator');
});

test('what a colleague left on the phone is rescued along with it; an empty queue gives no file', async () => {
  const [one, two, empty] = [await phone(), await phone(), await phone()];
  await queued(one);
  await queued(two);

  assert.equal((await makeRescueFile([one.db, two.db, empty.db]))?.count, 2);
  assert.equal(await makeRescueFile([empty.db]), null);
});

test('a row that lost its bytes does not keep the others in', async () => {
  const mine = await phone();
  const { id } = await queued(mine);
  const lost = await queued(mine);
  await remove(mine.db, 'sealed', lost.id);

  const file = await makeRescueFile([mine.db]);

  assert.deepEqual(file?.taken.map((one) => one.id), [id]);
});

test('exported is marked, and sent all the same', async () => {
  const mine = await phone();
  const { id } = await queued(mine);
  const file = await makeRescueFile([mine.db]);
  assert.ok(file);

  await markExported(file.taken, 1000);
  assert.equal((await rowOf(mine, id)).exported_at, 1000);
  assert.equal((await rowOf(mine, id)).state, 'waiting');

  await flush(mine.short, { eager: true });
  assert.ok(server.stored.has(id));
  assert.equal((await rowOf(mine, id)).state, 'on_server');
});

test('an ordered wipe waits for what is neither sent nor in a file, and goes through once it is', async () => {
  const mine = await phone();
  const { id } = await queued(mine, { row: { state: 'needs_you', trouble: 'record_too_big' } });
  server.orders = ['wipe'];

  await flush(mine.short, { eager: true, asked: true });
  assert.equal((await items(mine.db)).length, 1, 'the only copy stays');
  assert.equal(server.hellos.at(-1).unsent, 1);

  await markExported([{ db: mine.db, id }]);
  await flush(mine.short, { eager: true, asked: true });

  assert.equal(server.hellos.at(-1).unsent, 0);
  assert.deepEqual(await items(mine.db), []);
});

test('what still waits counts as unsent although it is in a file: it is about to be sent', async () => {
  const mine = await phone();
  const { id } = await queued(mine);
  await markExported([{ db: mine.db, id }]);
  server.onPatch(9, (_, reply) => (json(reply, 503, {}), true));

  await flush(mine.short, { eager: true });

  assert.equal(server.hellos[0].unsent, 1);
});
