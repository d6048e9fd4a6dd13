import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { parse } from 'smol-toml';
import { groupsOf } from '../../static/js/outbox/groups.js';
import { moreWords } from '../../static/js/outbox/more.js';
import { newItem } from '../../static/js/outbox/store.js';
import { detail } from '../../static/js/outbox/words.js';
import { pageWithTexts } from './browser.mjs';

/** @typedef {import('../../static/js/outbox/store.js').Item} Item */

const file = await readFile(new URL('../../curator_app/texts/app.toml', import.meta.url), 'utf8');
pageWithTexts(/** @type {any} */ (parse(file)));
const NO_LINE = /** @type {any} */ ({ trouble: null, next_at: 0 });
const AT = new Date(2026, 10, 24, 14, 5);

/** @param {Partial<Item>} text @param {Partial<Item>[]} photos */
function record(text, ...photos) {
  const sealed = { id: 'e1', header: '', sha256: '', bytes: new ArrayBuffer(1_200_000) };
  const about = { group: 'e1', kind: 'visit', created_at: AT.toISOString() };
  const rows = [{ ...newItem(sealed, about), ...text }, ...photos.map((photo, n) => ({ ...newItem({ ...sealed, id: `p${n}` }, { ...about, kind: 'photo' }), ...photo }))];
  const [group] = groupsOf(/** @type {Item[]} */ (rows));
  assert.ok(group);
  return group;
}

test('what waits says since when, why, and that it is whole and locked on the phone', () => {
  const words = moreWords(record({ trouble: 'server_unreachable', next_at: 0 }), NO_LINE);

  assert.match(words['more-phone'] ?? '', /14:05$/);
  assert.equal(words['more-server'], 'На сервере: ещё нет');
  assert.equal(words['more-number'], 'Номер: придёт с сервера');
  assert.equal(words['more-why'], 'Почему ждёт: интернет есть, а сервер не отвечает');
  assert.match(words['more-safe'] ?? '', /целиком лежит на телефоне/);
  assert.deepEqual([words['more-next'], words['more-file']], [null, null]);
});

test('what keeps the whole queue back is said of every record, and when it is tried again', () => {
  const soon = Date.now() + 60_000;
  const words = moreWords(record({}), { ...NO_LINE, trouble: 'server_busy', next_at: soon });

  assert.equal(words['more-why'], 'Почему ждёт: сервер занят');
  assert.match(words['more-next'] ?? '', /^Следующая попытка: \d\d:\d\d$/);
  assert.equal(moreWords(record({}), { ...NO_LINE, trouble: 'signin_needed', next_at: Infinity })['more-next'], null);
});

test('a slow link: the text is there, so many photos are on their way', () => {
  const there = { state: /** @type {const} */ ('on_server'), sent_at: Date.now(), receipt: /** @type {any} */ ({ number: '2026-00418' }) };
  const words = moreWords(record(there, there, { state: 'sending', trouble: 'slow_link', arrived: 10 }), NO_LINE);

  assert.equal(words['more-why'], 'Почему ждёт: связь медленная, снимки идут по частям');
  assert.equal(words['more-size'], 'Размер: 3,6 МБ, снимки на сервере: 1 из 2');
  assert.equal(words['more-number'], 'Номер: 2026-00418');
  const row = detail(record(there, { state: 'sending', trouble: 'slow_link', arrived: 10 }), { outcome: 'visit' });
  assert.match(row, /Связь медленная\. Текст отправлен, снимки ждут\./);
});

test('what is there says both times and its number, and asks for nothing', () => {
  const words = moreWords(record({ state: 'on_server', sent_at: Date.now(), receipt: /** @type {any} */ ({ number: '2026-00418' }) }), NO_LINE);

  assert.match(words['more-server'] ?? '', /^На сервере: сегодня в/);
  assert.deepEqual([words['more-why'], words['more-next']], [null, null]);
  assert.match(words['more-safe'] ?? '', /^Запись на сервере/);
});

test('a record counts as saved to a file only when all of it that is unsent is', () => {
  const whole = record({ exported_at: AT.getTime() }, { exported_at: AT.getTime() });
  assert.match(moreWords(whole, NO_LINE)['more-file'] ?? '', /^Есть и в файле для кабинета/);
  assert.equal(moreWords(record({ exported_at: AT.getTime() }, {}), NO_LINE)['more-file'], null);
});
