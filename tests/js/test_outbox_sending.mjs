import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { flush } from '../../static/js/outbox/flush.js';
import { items, line } from '../../static/js/outbox/store.js';
import { phone, queued, rowOf } from './phone.mjs';
import { SyncServer, json } from './sync_server.mjs';

/** @type {SyncServer} */
let server;
beforeEach(async () => void (server = await new SyncServer().start()));
afterEach(() => server.stop());

const EAGER = { eager: true };

test('what waits is on the server byte for byte, and the row holds the receipt', async () => {
  const mine = await phone();
  const { id, bytes } = await queued(mine);

  const result = await flush(mine.short);

  assert.deepEqual(server.stored.get(id)?.bytes, bytes);
  const row = await rowOf(mine, id);
  assert.equal(row.state, 'on_server');
  assert.equal(row.receipt?.number, '2026-00418');
  assert.equal(row.applied, true);
  assert.equal(result.waiting, 0);
  assert.equal(server.count('HEAD'), 0, 'nothing is asked before anything went wrong');
});

test('alarms go first, then text, photos last; the oldest of each first; two at once', async () => {
  const mine = await phone();
  const at = Date.now();
  await queued(mine, { kind: 'photo', at });
  await queued(mine, { kind: 'photo', at: at + 1 });
  await queued(mine, { kind: 'visit', at: at + 3 });
  const older = await queued(mine, { kind: 'visit', at: at + 2 });
  await queued(mine, { kind: 'alarm', at: at + 9 });
  server.slow = 30;

  await flush(mine.short);

  const sent = server.calls.filter(({ method }) => method === 'PATCH');
  assert.deepEqual(sent.slice(0, 1).map(({ kind }) => kind), ['alarm']);
  assert.ok(sent[1]?.path.endsWith(older.id));
  assert.deepEqual(sent.slice(3).map(({ kind }) => kind), ['photo', 'photo']);
  assert.equal(server.most, 2);
});

test('a cut in the middle is resumed from where the server stands', async () => {
  const mine = await phone();
  const { id, bytes } = await queued(mine, { size: 90_000 });
  server.onPatch(1, (request, _, body) => {
    server.partials.set(id, body.subarray(0, 50_000));
    return request.socket.destroy(), true;
  });

  await flush(mine.short, EAGER);
  const broken = await rowOf(mine, id);
  assert.equal(broken.state, 'waiting');
  assert.ok(broken.next_at > Date.now());

  await flush(mine.short, EAGER);
  assert.deepEqual(server.stored.get(id)?.bytes, bytes);
  assert.equal(server.calls.filter(({ method }) => method === 'PATCH').at(-1)?.offset, '50000');
});

test('a lost acknowledgement: the same receipt again, one effect', async () => {
  const mine = await phone();
  const { id } = await queued(mine);
  server.onPatch(1, (request, _, body) => {
    const digest = String(request.headers['repr-digest']).slice(9, -1);
    server.stored.set(id, { bytes: body, seq: 1, sha256: digest, state: 'applied', header: { kind: 'visit' } });
    return request.socket.destroy(), true;
  });
  await flush(mine.short, EAGER);
  assert.equal((await rowOf(mine, id)).state, 'waiting', 'nothing is sent before its receipt is here');

  await flush(mine.short, EAGER);
  assert.equal((await rowOf(mine, id)).state, 'on_server');
  assert.equal(server.stored.size, 1);
});

for (const [name, trouble, fault] of /** @type {[string, string, import('./sync_server.mjs').Fault][]} */ ([
  ['a hotel that answers 200 with its own page', 'captive_portal', (_, reply) => reply.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>Welcome')],
  ['a JSON 200 that is no receipt', 'captive_portal', (_, reply) => json(reply, 200, { ok: true })],
  ['a receipt for another content', 'captive_portal', (_, reply) => json(reply, 201, { id: 'x', sha256: 'y' }, { 'Curator-Receipt': '1' })],
  ['a redirect', 'wrong_host', (_, reply) => reply.writeHead(302, { Location: 'http://portal.example/' }).end()],
  ['a cookie that is not good any more', 'signin_needed', (_, reply) => json(reply, 401, {})],
  ['a phone that was switched off', 'phone_revoked', (_, reply) => json(reply, 403, { code: 'phone_revoked' })],
])) {
  test(`${name}: everything stops, nothing is lost, the line says ${trouble}`, async () => {
    const mine = await phone();
    const all = [await queued(mine), await queued(mine), await queued(mine)];
    server.onPatch(9, (request, reply, body) => (fault(request, reply, body), true));

    const result = await flush(mine.short, EAGER);

    assert.equal(result.stopped, trouble);
    assert.equal((await line(mine.db)).trouble, trouble);
    assert.ok(server.count('PATCH') <= 2, 'what was in flight, and no more');
    for (const { id } of all) assert.equal((await rowOf(mine, id)).state, 'waiting');
    server.faults = [];
    await flush(mine.short, EAGER);
    assert.equal(server.stored.size, 3);
    assert.equal((await line(mine.db)).trouble, null);
  });
}

test('one stuck envelope never holds up the others', async () => {
  const mine = await phone();
  const stuck = await queued(mine, { at: Date.now() - 5000 });
  const others = [await queued(mine), await queued(mine), await queued(mine, { kind: 'photo' })];
  server.faults.push((request, reply) => request.url?.includes(stuck.id) && request.method === 'PATCH' ? (json(reply, 500, {}), true) : false);

  await flush(mine.short, EAGER);

  for (const { id } of others) assert.equal((await rowOf(mine, id)).state, 'on_server');
  const row = await rowOf(mine, stuck.id);
  assert.equal(row.state, 'waiting');
  assert.ok(row.next_at > Date.now());
});

test('other content under the id, and too much of it, need a person; the others go', async () => {
  const mine = await phone();
  const [one, two, three] = [await queued(mine), await queued(mine, { kind: 'photo' }), await queued(mine)];
  server.stored.set(one.id, { bytes: Buffer.from('x'), seq: 1, sha256: 'other', state: 'applied', header: { kind: 'visit' } });
  server.faults.push((request, reply) => request.url?.includes(two.id) ? (json(reply, 413, {}), true) : false);

  await flush(mine.short, EAGER);

  assert.deepEqual(await stateOf(mine, one.id), ['needs_you', 'same_id_other_text']);
  assert.deepEqual(await stateOf(mine, two.id), ['needs_you', 'photo_too_big']);
  assert.deepEqual(await stateOf(mine, three.id), ['on_server', null]);
});

test('damaged on the way: from the beginning, three times; then a person, who may try again', async () => {
  const mine = await phone();
  const { id } = await queued(mine);
  server.onPatch(3, (_, reply) => (json(reply, 422, { code: 'digest' }), true));

  await flush(mine.short, EAGER);
  assert.deepEqual(await stateOf(mine, id), ['needs_you', 'upload_damaged']);
  assert.equal(server.count('PATCH'), 3);

  await flush(mine.short, EAGER);
  assert.equal(server.count('PATCH'), 3, 'not by itself');
  await flush(mine.short, { eager: true, asked: true });
  assert.deepEqual(await stateOf(mine, id), ['on_server', null]);
});

test('a busy server says when; until then nothing is sent by itself', async () => {
  const mine = await phone();
  const { id } = await queued(mine);
  server.onPatch(1, (_, reply) => (json(reply, 503, {}, { 'Retry-After': '120' }), true));
  await flush(mine.short);

  const row = await rowOf(mine, id);
  assert.ok(Math.abs(row.next_at - Date.now() - 120_000) < 5000);
  const { wake } = await flush(mine.short);
  assert.equal(server.count('PATCH'), 1);
  assert.equal(wake, row.next_at);
});

test('without a server the round ends at hello and rests longer each time', async () => {
  const mine = await phone();
  await queued(mine);
  server.stop();
  const first = await flush(mine.short, EAGER);
  const rests = [(await line(mine.db)).next_at - Date.now()];
  for (let n = 0; n < 4; n += 1) await flush(mine.short, EAGER);
  rests.push((await line(mine.db)).next_at - Date.now());

  assert.equal(first.stopped, 'server_unreachable');
  assert.ok((rests[0] ?? 0) < 2100 && (rests[1] ?? 0) > 15_000, String(rests));
});

test('a page that died while sending: the next one asks how much has arrived', async () => {
  const mine = await phone();
  const { id, bytes } = await queued(mine, { size: 5000, row: { state: 'sending' } });
  server.partials.set(id, bytes.subarray(0, 3000));

  await flush(mine.short);

  assert.equal(server.count('HEAD'), 1);
  assert.deepEqual(server.calls.filter(({ method }) => method === 'PATCH').map(({ offset }) => offset), ['3000']);
  assert.deepEqual(await stateOf(mine, id), ['on_server', null]);
});

test('two pages at once send everything once', async () => {
  const mine = await phone();
  for (let n = 0; n < 4; n += 1) await queued(mine);
  const results = await Promise.all([flush(mine.short), flush(mine.short), flush(mine.short)]);

  assert.deepEqual(results.map(({ busy }) => busy), [false, true, true]);
  assert.equal(server.count('PATCH'), 4);
});

test('what is queued while sending goes in the same round', async () => {
  const mine = await phone();
  await queued(mine);
  server.onPatch(1, () => void queued(mine) || false);
  await flush(mine.short);
  assert.deepEqual((await items(mine.db)).map(({ state }) => state), ['on_server', 'on_server']);
});

test('a worker whose time is over stops by itself and blames nobody', async () => {
  const mine = await phone();
  const { id } = await queued(mine);
  server.onPatch(1, () => true); // never answered
  const result = await flush(mine.short, { eager: true, until: Date.now() + 300 });

  assert.equal(result.stopped, 'time');
  assert.equal(result.waiting, 1);
  assert.equal((await rowOf(mine, id)).trouble, null);
  assert.equal((await line(mine.db)).trouble, null);
});

/** @param {Awaited<ReturnType<typeof phone>>} mine @param {string} id */
async function stateOf(mine, id) {
  const { state, trouble } = await rowOf(mine, id);
  return [state, trouble];
}
