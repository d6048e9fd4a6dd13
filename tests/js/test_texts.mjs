import { pageWithTexts } from './browser.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { filled, plural, refusal, t, when } from '../../static/js/lib/texts.js';

pageWithTexts({
  status_line: { waiting: 'Ждут отправки: {n} {n:запись|записи|записей}' },
  refusals: { phrase_wrong: { tone: 'attention', what: 'Фраза не подошла.', safe: 'Цело.', do: 'Пауза {n} {n:секунда|секунды|секунд}.', button: 'Ещё раз' } },
});

test('numbers take the right form of the word', () => {
  const form = (/** @type {number} */ n) => plural(n, 'запись|записи|записей');
  assert.deepEqual([1, 2, 5, 11, 21, 22, 112].map(form), ['запись', 'записи', 'записей', 'записей', 'запись', 'записи', 'записей']);
});

test('placeholders are filled, and a missing one stays to be seen', () => {
  assert.equal(t('status_line.waiting', { n: 3 }), 'Ждут отправки: 3 записи');
  assert.equal(filled('в {time}', {}), 'в {time}');
  assert.equal(refusal('phrase_wrong', { n: 3 }).do, 'Пауза 3 секунды.');
  assert.throws(() => t('status_line.nothing'), /no text/);
});

test('a moment is said as one says it', () => {
  const now = new Date(2026, 10, 22, 9, 30);
  assert.equal(when(new Date(2026, 10, 22, 9, 5), now), 'сегодня в 09:05');
  assert.equal(when(new Date(2026, 10, 21, 18, 10), now), 'вчера в 18:10');
  assert.equal(when(new Date(2026, 10, 20, 18, 10), now), '20 ноября в 18:10');
  assert.equal(when(new Date(2025, 11, 31, 23, 59), now), '31 декабря 2025 г. в 23:59');
});
