/** «Можно мягче»: every example of the file, and when the hints keep silent. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parse } from 'smol-toml';
import { compile, hintsIn } from '../../static/js/visits/wording.js';

const file = parse(await readFile(new URL('../../curator_app/texts/wording.toml', import.meta.url), 'utf8'));
const book = compile(file);
const FACT = 'health-fact';
/** One rule alone, so that another's hit is not taken for its own. */
const only = (hint) => compile({ ...file, hints: [hint] });
const ids = (fields, quiet) => hintsIn(book, fields, quiet).map(({ id }) => id);

for (const hint of file.hints) {
  test(`${hint.id} speaks where it should and only there`, () => {
    for (const text of hint.hit) assert.equal(hintsIn(only(hint), [[FACT, text]])[0]?.id, hint.id, text);
    for (const text of hint.miss) assert.deepEqual(hintsIn(only(hint), [[FACT, text]]), [], text);
  });
}

test('every hint says why and what one might write', () => {
  assert.ok(file.hints.length > 60);
  assert.equal(new Set(file.hints.map(({ id }) => id)).size, file.hints.length);
  assert.deepEqual(file.hints.filter(({ why, suggestion }) => !why || !suggestion), []);
});

test('a word inside a word is no hit, at the beginning and after a dash it is', () => {
  assert.deepEqual(ids([[FACT, 'Благополучная семья, пианино']]), []);
  assert.deepEqual(ids([[FACT, 'Неблагополучная']]), ['w_dysfunctional']);
  assert.deepEqual(ids([[FACT, 'папа —неблагополучный!']]), ['w_dysfunctional']);
});

test('what people said themselves is left alone', () => {
  for (const text of ['сказала: «я плохая мать»', 'сказала: "я плохая мать"', 'сказала: „я плохая мать“']) {
    assert.deepEqual(ids([[FACT, text]]), [], text);
  }
  assert.deepEqual(ids([[FACT, '«всё хорошо», а дома грязно']]), ['w_dirty']);
  for (const field of ['child_words@0195-verbatim', 'family_words', 'attempt_words', 'disagree', 'minor_opinion']) {
    assert.deepEqual(ids([[field, 'плохая мать']]), [], field);
  }
});

test('odd spaces and letters in two pieces are read as typed on a phone', () => {
  const [hint] = hintsIn(book, [[FACT, 'Мать  не\u00a0\u00a0справляется'.normalize('NFD')]]);

  assert.equal(hint?.id, 'w_cannot_cope');
});

test('a hint knows where its word stands in the text as it was typed', () => {
  const text = 'Й  дома  грязно'.normalize('NFD');

  const [hint] = hintsIn(book, [[FACT, text]]);

  assert.equal(text.slice(hint.at, hint.at + hint.length), 'грязно');
});

test('three at a time, each word once, in the order of the fields', () => {
  const fields = [
    ['health-worries_own', 'Бардак, потом снова бардак. Мама пьяная'],
    ['health-conclusion', 'Отец неизвестен, ленивый, явно врёт'],
  ];

  assert.deepEqual(ids(fields), ['w_mess', 'w_drunk', 'w_unknown_father']);
});

test('a word that one does not want to hear of makes room for the next', () => {
  const fields = [[FACT, 'Бардак. Мама пьяная. Отец неизвестен. Ленивый']];

  assert.deepEqual(ids(fields, new Set(['w_drunk'])), ['w_mess', 'w_unknown_father', 'w_lazy']);
});
