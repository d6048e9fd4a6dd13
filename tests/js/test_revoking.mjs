/** A phone that was switched off: what is sealed goes out, what could be read goes away, in that order or the other. */
import assert from 'node:assert/strict';
import test, { after, before, beforeEach } from 'node:test';
import { phone, queued } from './phone.mjs';
import { json, SyncServer } from './sync_server.mjs';
import { all, get, openRegistry, put } from '../../static/js/lib/db.js';
import { flush } from '../../static/js/outbox/flush.js';
import { change, items } from '../../static/js/outbox/store.js';

const READABLE = ['wraps', 'fragments', 'drafts', 'photos', 'copies'];
/** @type {SyncServer} */
let server;

before(async () => void (server = await new SyncServer().start()));
after(() => server.stop());
beforeEach(() => {
  server.orders = [];
  server.faults = [];
});

/** A phone with something in every store. */
async function full() {
  const mine = await phone();
  await put(mine.db, 'wraps', { iv: 1 }, 'phrase');
  await put(mine.db, 'fragments', { name: 'f' });
  await put(mine.db, 'drafts', { id: 'd1' });
  await put(mine.db, 'photos', { id: 'p1' });
  const envelope = await queued(mine);
  return { ...mine, envelope };
}

/** @param {{ short: string }} phone */
const entryOf = async ({ short }) => (await all(await openRegistry(), 'enrolments')).find((one) => one.short === short);

/** @param {{ db: import('../../static/js/lib/db.js').Database }} phone */
async function readable({ db }) {
  const counts = await Promise.all(READABLE.map(async (store) => (await all(db, store)).length));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Orders as the server gives them: to the last word of a phone that has nothing left, `wipe`. @param {boolean} lost */
function orders(lost) {
  const first = lost ? ['forget'] : [];
  server.faults.push((request, reply, body) => {
    if (!request.url?.startsWith('/sync/hello')) return false;
    const said = JSON.parse(body.toString());
    server.hellos.push(said);
    json(reply, 200, { orders: said.unsent === 0 ? [...first, 'wipe'] : ['drain', ...first], kid: 'k1', safe_through: 0 });
    return true;
  });
}

test('a lost phone forgets what could be read before it uploads, and what it has sealed arrives', async () => {
  const mine = await full();
  orders(true);
  /** @type {number[]} */
  const left = [];
  server.faults.push((request) => {
    if (request.method === 'PATCH') void readable(mine).then((count) => left.push(count));
    return false;
  });

  await flush(mine.short, { eager: true });

  assert.ok(server.stored.has(mine.envelope.id));
  assert.deepEqual(left, [0]);
  assert.equal((await items(mine.db)).length, 0);
  assert.equal((await entryOf(mine)).closed, 'gone');
});

test('a lost phone on a bad link has forgotten all the same, and goes on delivering', async () => {
  const mine = await full();
  orders(true);
  server.onPatch(9, (request) => (request.socket.destroy(), true));

  await flush(mine.short, { eager: true });

  assert.equal(await readable(mine), 0);
  assert.equal((await items(mine.db)).length, 1);
  assert.equal((await entryOf(mine)).closed, 'lost');
  server.faults = [];
  orders(true);
  await flush(mine.short, { eager: true });
  assert.ok(server.stored.has(mine.envelope.id));
  assert.equal((await entryOf(mine)).closed, 'gone');
});

test('a phone that is handed in keeps the unfinished record until it is finished', async () => {
  const mine = await full();
  orders(false);

  await flush(mine.short, { eager: true });

  assert.ok(server.stored.has(mine.envelope.id));
  assert.equal((await all(mine.db, 'drafts')).length, 1);
  assert.equal((await all(mine.db, 'wraps')).length, 1);
  assert.equal(await get(mine.db, 'meta', 'handed_in'), true);
  assert.equal((await entryOf(mine)).closed, undefined);
});

test('what the server has and set aside keeps no phone: it is put right at the office', async () => {
  const mine = await phone();
  await put(mine.db, 'wraps', { iv: 1 }, 'phrase');
  const envelope = await queued(mine);
  await flush(mine.short, { eager: true });
  Object.assign(server.stored.get(envelope.id) ?? {}, { state: 'needs_repair' });
  await change(mine.db, envelope.id, { applied: false });
  orders(false);

  await flush(mine.short, { asked: true });

  assert.equal(server.hellos.at(-1)?.unsent, 0);
  assert.equal((await all(mine.db, 'wraps')).length, 0);
  assert.equal((await entryOf(mine)).closed, 'gone');
});

for (const resealed of [0, 3]) test(`what the server has and cannot read keeps its phone, sealed anew ${resealed} times`, async () => {
  const mine = await phone();
  const envelope = await queued(mine);
  await flush(mine.short, { eager: true });
  Object.assign(server.stored.get(envelope.id) ?? {}, { state: 'unreadable' });
  await change(mine.db, envelope.id, { applied: false, resealed });
  orders(false);

  await flush(mine.short, { asked: true });
  await flush(mine.short, { asked: true });

  assert.equal((await items(mine.db)).length, 1);
  assert.equal((await entryOf(mine)).closed, undefined);
});

test('after the days of delivery a lost phone still forgets; what nobody has stays sealed', async () => {
  const mine = await full();
  server.faults.push((_, reply) => (json(reply, 403, { code: 'phone_lost' }), true));

  await flush(mine.short, { eager: true });

  assert.equal(await readable(mine), 0);
  assert.equal((await items(mine.db)).length, 1);
});

test('after the days of delivery a phone that was handed in keeps what nobody has', async () => {
  const mine = await full();
  server.faults.push((_, reply) => (json(reply, 403, { code: 'phone_revoked' }), true));

  await flush(mine.short, { eager: true });

  assert.equal((await all(mine.db, 'drafts')).length, 1);
  assert.equal((await all(mine.db, 'wraps')).length, 1);
});

test('whoever was just heard asks no more, except a phone that was given a page as to a stranger', async () => {
  const mine = await full();
  await flush(mine.short, { eager: true });
  server.orders = ['drain'];
  await flush(mine.short, { eager: true });
  assert.equal(await get(mine.db, 'meta', 'handed_in'), undefined);

  await flush(mine.short, { hello: true });
  assert.equal(await get(mine.db, 'meta', 'handed_in'), true);
});

test('an order to switch off that was taken back is forgotten too', async () => {
  const mine = await full();
  server.orders = ['drain'];
  await flush(mine.short, { asked: true });
  server.orders = [];

  await flush(mine.short, { asked: true });

  assert.equal(await get(mine.db, 'meta', 'handed_in'), false);
});
