import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, test } from 'node:test';
import { all, get, openRegistry, put } from '../../static/js/lib/db.js';
import { flush, flushAll } from '../../static/js/outbox/flush.js';
import { groupsOf } from '../../static/js/outbox/groups.js';
import { mayGo, meaning, release } from '../../static/js/outbox/receipts.js';
import { restoredWords } from '../../static/js/outbox/restored.js';
import { items, labelKey, line, setLine } from '../../static/js/outbox/store.js';
import { parse } from 'smol-toml';
import { pageWithTexts } from './browser.mjs';
import { phone, queued, rowOf } from './phone.mjs';
import { SyncServer } from './sync_server.mjs';

pageWithTexts(/** @type {any} */ (parse(await readFile('curator_app/texts/app.toml', 'utf8'))));

/** @type {SyncServer} */
let server;
beforeEach(async () => void (server = await new SyncServer().start()));
afterEach(() => server.stop());

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-24T12:00:00Z');

for (const [name, goes, row, safe] of /** @type {[string, boolean, object, number][]} */ ([
  ['applied, in the backup, a week old', true, { age: 7 }, 5],
  ['applied, in the backup, six days old', false, { age: 6 }, 5],
  ['applied, not in the backup, 29 days old', false, { age: 29 }, 4],
  ['applied, not in the backup, 30 days old', true, { age: 30 }, 4],
  ['not applied, 40 days old', false, { age: 40, applied: false }, 9],
  ['waiting, 400 days old', false, { age: 400, state: 'waiting', applied: false }, 9],
  ['waiting again after a restore', false, { age: 400, state: 'waiting' }, 9],
  ['needs somebody', false, { age: 400, state: 'needs_you' }, 9],
])) {
  test(`${name}: the phone ${goes ? 'lets go' : 'keeps it'}`, () => {
    const { age, ...rest } = /** @type {any} */ (row);
    const item = { state: 'on_server', applied: true, receipt: { seq: 5 }, sent_at: NOW - age * DAY, ...rest };
    assert.equal(mayGo(item, safe, NOW), goes);
  });
}

test('a record leaves with its bytes, its copy and, with its last envelope, its label', async () => {
  const mine = await phone();
  const row = { state: 'on_server', applied: true, receipt: /** @type {any} */ ({ seq: 1 }), sent_at: NOW - 8 * DAY };
  const { id } = await queued(mine, { row: /** @type {any} */ (row) });
  await queued(mine, { group: id, row: /** @type {any} */ ({ ...row, sent_at: NOW - 2 * DAY }) });
  await put(mine.db, 'copies', { id: labelKey(id), iv: new ArrayBuffer(1), ct: new ArrayBuffer(1) });
  await setLine(mine.db, { safe_through: 9 });

  await release(mine.db, NOW);
  assert.equal((await items(mine.db)).length, 1);
  assert.equal(await get(mine.db, 'sealed', id), undefined);
  assert.ok(await get(mine.db, 'copies', labelKey(id)));

  await release(mine.db, NOW + 6 * DAY);
  assert.deepEqual([await items(mine.db), await all(mine.db, 'sealed'), await all(mine.db, 'copies')], [[], [], []]);
});

test('a server set back to a backup gets the same bytes again', async () => {
  const mine = await phone();
  const { id, bytes } = await queued(mine);
  await flush(mine.short);
  server.stored.clear();
  await setLine(mine.db, { checked_at: 0 });

  await flush(mine.short, { eager: true, asked: true }); // hears that it is unknown
  assert.equal((await rowOf(mine, id)).state, 'waiting');
  await flush(mine.short, { eager: true });

  assert.deepEqual(server.stored.get(id)?.bytes, bytes);
  assert.equal((await rowOf(mine, id)).state, 'on_server');
});

test("a day's question without an answer is asked at the next occasion, however fresh the hello before it", async () => {
  const mine = await phone();
  const { id } = await queued(mine);
  await flush(mine.short);
  server.stored.clear();
  await setLine(mine.db, { checked_at: 0, contact_at: 0 });

  server.faults = [(request, reply) => request.url?.startsWith('/sync/receipts') && Boolean(reply.writeHead(500).end())];
  await flush(mine.short); // heard, but not told what became of it
  server.faults = [];
  await flush(mine.short);
  assert.equal((await rowOf(mine, id)).state, 'waiting');
});

test('while it is brought, and for a day after, the phone says that the server was set back', async () => {
  const mine = await phone();
  for (let n = 0; n < 2; n += 1) await queued(mine);
  await flush(mine.short);
  const said = async (now = Date.now()) => restoredWords(groupsOf(await items(mine.db)), now);
  assert.equal(await said(), null);
  server.stored.clear();
  await setLine(mine.db, { checked_at: 0 });

  await flush(mine.short, { eager: true, asked: true }); // hears that they are unknown
  assert.equal(await said(), 'Сервер восстановлен, досылаем 2 записи. На телефоне всё цело. Ничего делать не надо.');
  await flush(mine.short, { eager: true });
  assert.equal(await said(), 'Сервер восстановлен, 2 записи досланы. Ничего не пропало. Ничего делать не надо.');
  assert.equal(await said(Date.now() + DAY), null);
});

for (const [name, age] of /** @type {[string, number][]} */ ([['a week', 8], ['a month', 31]])) {
  test(`a record that the server lost in a restore is not let go after ${name}, whatever its old number says`, async () => {
    const mine = await phone();
    server.safeThrough = 9;
    const row = { state: 'on_server', applied: true, receipt: { seq: 1 }, sent_at: Date.now() - age * DAY };
    const { id } = await queued(mine, { row: /** @type {any} */ (row) });
    await setLine(mine.db, { checked_at: Date.now() }); // all was asked after today already

    await flush(mine.short, { asked: true });
    assert.equal((await rowOf(mine, id)).state, 'waiting');
  });
}

test('nothing is let go in a round that did not hear what became of it', async () => {
  const mine = await phone();
  server.safeThrough = 9;
  const row = { state: 'on_server', applied: true, receipt: { seq: 1 }, sent_at: Date.now() - 31 * DAY };
  const { id } = await queued(mine, { row: /** @type {any} */ (row) });
  for (const status of [500, 401]) {
    server.faults = [(request, reply) => request.url?.startsWith('/sync/receipts') && Boolean(reply.writeHead(status).end())];
    await flush(mine.short, { asked: true });
    assert.equal((await rowOf(mine, id)).state, 'on_server');
  }
});

test('a photo is asked after until its pictures are made', async () => {
  const mine = await phone();
  const { id } = await queued(mine, { kind: 'photo' });
  const { wake } = await flush(mine.short);
  assert.equal((await rowOf(mine, id)).applied, false);
  assert.ok(wake && wake > Date.now(), 'the page looks again by itself');

  Object.assign(/** @type {any} */ (server.stored.get(id)), { state: 'applied' });
  await flush(mine.short, { asked: true });
  assert.equal((await rowOf(mine, id)).applied, true);
});

for (const [said, state, trouble] of /** @type {[any, string, string | null][]} */ ([
  [{ state: 'applied' }, 'on_server', null],
  [{ state: 'received' }, 'on_server', null],
  [{ state: 'needs_repair', reasons: [{ code: 'field', field: 'on' }] }, 'needs_you', 'parked_need_fix'],
  [{ state: 'needs_repair', reasons: [{ code: 'family_handed_over' }] }, 'on_server', 'family_handed_over'],
  [{ state: 'needs_repair', reasons: [{ code: 'photo_refused' }] }, 'needs_you', 'photo_refused_by_server'],
  [{ state: 'unreadable', reasons: [{ code: 'unknown_key' }] }, 'on_server', 'parked_unreadable'],
])) {
  test(`${said.state} ${said.reasons?.[0].code ?? ''}: ${state}, ${trouble}`, () => {
    const item = /** @type {any} */ ({ kind: 'photo', receipt: { seq: 1 }, resealed: 0 });
    const changes = meaning(item, { seq: 1, number: null, ...said });
    assert.deepEqual([changes?.state, changes?.trouble], [state, trouble]);
  });
}

test('hello tells counts and ages, and nothing that was written', async () => {
  const mine = await phone();
  await queued(mine, { at: NOW });
  await put(mine.db, 'drafts', { id: 'd1', iv: new ArrayBuffer(1), ct: new ArrayBuffer(1) });
  await flush(mine.short);

  const [before, afterwards] = server.hellos;
  assert.deepEqual(before.counts, { waiting: 1, needs_you: 0, on_server: 0, drafts: 1 });
  assert.equal(before.oldest, '2026-11-24T12:00:00.000Z');
  assert.equal(before.kid, 'k1');
  assert.deepEqual(afterwards.counts, { waiting: 0, needs_you: 0, on_server: 1, drafts: 1 });
});

test('a new key of the server is fetched, so that the next record is sealed to it', async () => {
  const mine = await phone();
  server.kid = 'k2';
  await flush(mine.short, { asked: true });
  assert.equal((await get(mine.db, 'meta', 'sync_key')).kid, 'k2');
});

test('the order to wipe is not followed while anything is unsent or unfinished', async () => {
  const mine = await phone();
  server.orders = ['wipe'];
  await put(mine.db, 'wraps', { iv: 1 }, 'phrase');
  await put(mine.db, 'drafts', { id: 'd1' });
  await flush(mine.short, { asked: true });
  assert.equal((await all(mine.db, 'wraps')).length, 1);

  await queued(mine);
  server.onPatch(9, (request) => (request.socket.destroy(), true));
  await flush(mine.short, { eager: true });
  assert.equal((await all(mine.db, 'wraps')).length, 1);
  assert.equal((await items(mine.db)).length, 1);
});

test('a phone is not wiped of what the server lost in a restore: it is sent again first', async () => {
  const mine = await phone();
  const { id } = await queued(mine);
  await flush(mine.short);
  server.stored.clear();
  server.orders = ['wipe'];
  await flush(mine.short, { asked: true });
  assert.equal((await rowOf(mine, id)).state, 'waiting');
  await flush(mine.short, { eager: true });
  assert.ok(server.stored.has(id));
});

test('a phone that was handed in keeps neither keys nor copies', async () => {
  const mine = await phone();
  server.orders = ['wipe'];
  await put(mine.db, 'wraps', { iv: 1 }, 'phrase');
  await flush(mine.short, { asked: true });
  assert.deepEqual(await all(mine.db, 'wraps'), []);
  const left = await all(await openRegistry(), 'enrolments');
  assert.equal(left.find(({ short }) => short === mine.short).closed, 'gone');
});

test("a colleague's records go out as the colleague's; the office has no outbox", async () => {
  const [mine, theirs, office] = [await phone(), await phone(), await phone('office')];
  const ids = [(await queued(mine)).id, (await queued(theirs)).id];
  const before = server.hellos.length;
  await flushAll({ eager: true });

  assert.deepEqual(ids.map((id) => server.stored.get(id)?.header.enrolment), [mine.short, theirs.short]);
  assert.ok(server.hellos.length > before);
  assert.equal((await line(office.db)).contact_at, 0);
});
