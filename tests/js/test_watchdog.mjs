import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { flush } from '../../static/js/outbox/flush.js';
import { groupsOf } from '../../static/js/outbox/groups.js';
import { items, line, setLine } from '../../static/js/outbox/store.js';
import { asSaid, isStuck, STUCK_MS } from '../../static/js/outbox/watchdog.js';
import { statusLine } from '../../static/js/outbox/words.js';
import { pageWithTexts } from './browser.mjs';
import { phone, queued, rowOf } from './phone.mjs';
import { SyncServer, json } from './sync_server.mjs';

pageWithTexts({
  status_line: { waiting: 'Ждут отправки: {n}', offline: 'Нет связи' },
  refusals: { queue_stuck: { what: 'Отправка застряла', safe: '', do: '', button: 'Сообщить в поддержку' } },
});
const LONG_AGO = () => Date.now() - STUCK_MS - 1000;

/** @type {SyncServer} */
let server;
beforeEach(async () => void (server = await new SyncServer().start()));
afterEach(() => server.stop());

test('a request that hangs for ever is given up, and what nothing moved is counted from the first try', async () => {
  const mine = await phone();
  const { id } = await queued(mine);
  server.onPatch(9, () => true); // taken, never answered
  const before = Date.now();

  const result = await flush(mine.short, { eager: true, silence: 150 });

  assert.equal((await rowOf(mine, id)).state, 'waiting');
  assert.ok(result.wake, 'it is tried again by itself');
  const { still_at } = await line(mine.db);
  assert.ok(still_at >= before && still_at <= Date.now());
  await flush(mine.short, { eager: true, silence: 150 });
  assert.equal((await line(mine.db)).still_at, still_at, 'another vain round does not begin the count anew');
});

test('after ten minutes without a movement the person is told, in every place the same', async () => {
  const mine = await phone();
  await queued(mine);
  await setLine(mine.db, { still_at: LONG_AGO() });
  const [rows, how] = [await items(mine.db), await line(mine.db)];

  assert.equal(asSaid(rows, how).trouble, 'queue_stuck');
  assert.deepEqual(statusLine(groupsOf(rows), asSaid(rows, how), null, true), { state: 'needs_you', text: 'Отправка застряла' });
  assert.equal(isStuck(rows, { ...how, still_at: Date.now() - STUCK_MS + 5000 }), false);
});

test('whoever holds the lock and hangs loses it after ten minutes, once; what waited goes out', async () => {
  const mine = await phone();
  const { id } = await queued(mine);
  /** @type {(value: unknown) => void} */
  let wake = () => {};
  const hung = navigator.locks.request(`outbox-${mine.short}`, {}, () => new Promise((resolve) => (wake = resolve)));
  hung.catch(() => {}); // the browser tells it that it was put aside

  await setLine(mine.db, { still_at: Date.now() - 60_000 });
  assert.equal((await flush(mine.short, { eager: true })).busy, true, 'a minute is no hang');

  await setLine(mine.db, { still_at: LONG_AGO() });
  assert.equal((await flush(mine.short, { eager: true })).busy, false);
  assert.ok(server.stored.has(id));
  assert.equal((await line(mine.db)).still_at, 0);
  wake(null);
});

test('a sender that was just put aside gets its own ten minutes', async () => {
  const mine = await phone();
  await queued(mine);
  await setLine(mine.db, { still_at: LONG_AGO(), stolen_at: Date.now() - 1000 });
  let let_go = (/** @type {unknown} */ _) => {};
  void navigator.locks.request(`outbox-${mine.short}`, {}, () => new Promise((resolve) => (let_go = resolve)));

  assert.equal((await flush(mine.short, { eager: true })).busy, true);
  let_go(null);
});

test('what is known to be wrong is no hang: no network, a busy server, a sign-in', async () => {
  const mine = await phone();
  const { id } = await queued(mine);
  for (const fault of /** @type {import('./sync_server.mjs').Fault[]} */ ([
    (_, reply) => (json(reply, 503, {}, { 'Retry-After': '1' }), true),
    (_, reply) => (json(reply, 401, {}), true),
  ])) {
    server.faults = [(request, reply, body) => request.method === 'PATCH' && fault(request, reply, body) === true];
    await setLine(mine.db, { still_at: LONG_AGO() });
    await flush(mine.short, { eager: true });
    assert.equal((await line(mine.db)).still_at, 0);
  }
  server.stop();
  await setLine(mine.db, { still_at: LONG_AGO() });
  await flush(mine.short, { eager: true });
  assert.equal((await line(mine.db)).still_at, 0);
  assert.equal((await rowOf(mine, id)).state, 'waiting');
});

test('the office hears of it at the next hello, and that it is over', async () => {
  const mine = await phone();
  await queued(mine);
  server.onPatch(1, () => true);
  await setLine(mine.db, { still_at: Date.now() - 25 * 60_000 });

  await flush(mine.short, { eager: true, silence: 150 });
  assert.equal(server.hellos.at(-1).stuck, 25);

  await flush(mine.short, { eager: true });
  assert.equal('stuck' in server.hellos.at(-1), false);
});

test('one byte that moves ends the count', async () => {
  const mine = await phone();
  const { id } = await queued(mine);
  await setLine(mine.db, { still_at: LONG_AGO() });

  await flush(mine.short, { eager: true });

  assert.equal((await rowOf(mine, id)).state, 'on_server');
  assert.equal(isStuck(await items(mine.db), await line(mine.db)), false);
});
