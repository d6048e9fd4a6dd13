/** What «Отправка» says of a record that is late, partly there, handed over, or newer than the server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFile } from 'node:fs/promises';
import { parse } from 'smol-toml';
import { groupsOf } from '../../static/js/outbox/groups.js';
import { after } from '../../static/js/outbox/sending.js';
import { meaning } from '../../static/js/outbox/receipts.js';
import { outcomeOf } from '../../static/js/outbox/answers.js';
import { detail, statusLine } from '../../static/js/outbox/words.js';
import { NO_LINE } from '../../static/js/outbox/store.js';
import { pageWithTexts } from './browser.mjs';
import { phone, queued, rowOf } from './phone.mjs';

pageWithTexts(/** @type {any} */ (parse(await readFile('curator_app/texts/app.toml', 'utf8'))));

const LABEL = { outcome: 'visit' };
const RECEIPT = /** @type {any} */ ({ state: 'received', seq: 3, number: '2026-00418', reasons: [] });

test('photos are counted: two of three are there, the text is', async () => {
  const mine = await phone();
  const there = { state: /** @type {const} */ ('on_server'), receipt: RECEIPT, sent_at: Date.now() };
  const { id: group } = await queued(mine, { row: there });
  const photos = [there, there, {}].map((row) => queued(mine, { kind: 'photo', group, row }));
  const rows = await Promise.all([rowOf(mine, group), ...(await Promise.all(photos)).map(({ id }) => rowOf(mine, id))]);

  const [record] = groupsOf(rows);
  assert.ok(record);
  assert.match(detail(record, LABEL), /Снимки: 2 из 3/);
});

test('who lost the family hears that the record is with the head, and nothing is asked', async () => {
  const mine = await phone();
  const { id } = await queued(mine, { row: { state: 'on_server', receipt: RECEIPT, sent_at: Date.now() } });
  const item = await rowOf(mine, id);
  const said = meaning(item, { ...RECEIPT, state: 'needs_repair', reasons: [{ code: 'family_handed_over' }] });

  const groups = groupsOf([{ ...item, ...said }]);
  assert.ok(groups[0]);
  assert.match(detail(groups[0], LABEL), /Семью передали коллеге\. Ваша запись принята и ушла руководителю\. Ничего делать не надо\./);
  assert.deepEqual(statusLine(groups, NO_LINE, null, true), { state: 'on_server', text: 'Всё отправлено' });
});

test('a header that the server cannot read leaves the record waiting for its update, on the phone', async () => {
  const mine = await phone();
  const { id } = await queued(mine);
  const item = await rowOf(mine, id);
  const answer = new Response('{"code":"bad_header"}', { status: 400, headers: { 'Content-Type': 'application/json' } });

  const row = { ...item, ...after(item, /** @type {any} */ (await outcomeOf(answer, item))) };

  assert.equal(row.state, 'waiting');
  const [record] = groupsOf([/** @type {any} */ (row)]);
  assert.ok(record);
  assert.match(detail(record, LABEL), /Запись новее, чем умеет сервер\. Попробуем в \d\d:\d\d/);
});
