import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { flush } from '../../static/js/outbox/flush.js';
import { groupsOf } from '../../static/js/outbox/groups.js';
import { items } from '../../static/js/outbox/store.js';
import { phone, queued, rowOf } from './phone.mjs';
import { slowLink } from './slow_link.mjs';
import { SyncServer, json } from './sync_server.mjs';

/** The real numbers, a hundred times as fast: a minute of patience is 600 ms, 2 kbit/s are 25 000 bytes a second; a little less here. */
const HOW = { eager: true, silence: 600 };
const RATE = 15_000;

/** @type {SyncServer} */
let server;
/** @type {Awaited<ReturnType<typeof slowLink>>} */
let link;
beforeEach(async () => {
  server = await new SyncServer().start();
  link = await slowLink(Number(new URL(server.origin ?? '').port), { rate: RATE });
  /** @type {any} */ (globalThis).location = { origin: link.origin };
});
afterEach(() => {
  link.close();
  server.stop();
});

/** How long each PATCH lasted at the server. */
function requests() {
  return server.calls.filter(({ method }) => method === 'PATCH');
}

test('on a very slow link the text is there first, the photo follows in pieces, and nothing begins anew', async () => {
  const mine = await phone();
  const text = await queued(mine, { size: 4000 });
  const photo = await queued(mine, { kind: 'photo', size: 40_000, group: text.id });

  await flush(mine.short, HOW);

  assert.deepEqual((await items(mine.db)).map(({ state }) => state), ['on_server', 'on_server']);
  assert.deepEqual(server.stored.get(photo.id)?.bytes, photo.bytes);
  assert.equal(requests()[0]?.kind, 'visit');
  const pieces = requests().filter(({ kind }) => kind === 'photo');
  assert.ok(pieces.length >= 4, `in pieces, not ${pieces.length}`);
  const offsets = pieces.map(({ offset }) => Number(offset));
  assert.deepEqual(offsets, [...offsets].sort((a, b) => a - b), 'never back to the beginning');
});

test('no request lasts longer than the patience', async () => {
  const mine = await phone();
  await queued(mine, { kind: 'photo', size: 40_000 });

  await flush(mine.short, HOW);

  const begun = requests().map(({ at }) => at);
  const gaps = begun.slice(1).map((at, n) => at - (begun[n] ?? at));
  assert.ok(gaps.length >= 3);
  assert.ok(Math.max(...gaps) < 3 * HOW.silence, String(gaps));
});

test('meanwhile the record says that the text is there and the photos wait', async () => {
  const mine = await phone();
  const text = await queued(mine, { size: 2000 });
  const photo = await queued(mine, { kind: 'photo', size: 40_000, group: text.id });

  const sending = flush(mine.short, { ...HOW, until: Date.now() + 2000 });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const [group] = groupsOf(await items(mine.db));

  assert.deepEqual([group?.state, group?.trouble, group?.number], ['sending', 'slow_link', '2026-00418']);
  assert.deepEqual(group?.photos, { i: 0, n: 1 });
  assert.ok((group?.sentSize ?? 0) > 2000, 'the bar moves with the pieces');
  await sending;
  assert.equal((await rowOf(mine, photo.id)).state, 'waiting');

  link.rate = 10_000_000;
  await flush(mine.short, HOW);
  assert.equal((await rowOf(mine, photo.id)).state, 'on_server');
});

test('a proxy that takes no large bodies gets smaller ones', async () => {
  const mine = await phone();
  const { id, bytes } = await queued(mine, { kind: 'photo', size: 40_000 });
  link.rate = 10_000_000;
  server.faults.push((request, reply) => {
    if (request.method !== 'PATCH' || Number(request.headers['content-length']) <= 16_000) return false;
    return reply.writeHead(413, { 'Content-Type': 'text/html' }).end('<h1>Request Entity Too Large</h1>'), true;
  });

  await flush(mine.short, { eager: true });

  assert.deepEqual(server.stored.get(id)?.bytes, bytes);
  assert.equal((await rowOf(mine, id)).trouble, null);
});

test('what our own server finds too large is not sent again piece by piece', async () => {
  const mine = await phone();
  const { id } = await queued(mine, { kind: 'photo', size: 40_000 });
  link.rate = 10_000_000;
  server.onPatch(9, (_, reply) => (json(reply, 413, { code: 'photo_too_big' }), true));

  await flush(mine.short, { eager: true });

  assert.equal(requests().length, 1);
  assert.deepEqual([(await rowOf(mine, id)).state, (await rowOf(mine, id)).trouble], ['needs_you', 'photo_too_big']);
});
