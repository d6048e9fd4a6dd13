import assert from 'node:assert/strict';
import test from 'node:test';
import { canonicalPhrase, canonicalWord, completed, drawPhrase, placesToCheck, wordsOf } from '../../static/js/vault/phrase.js';

const LIST = Array.from({ length: 2048 }, (_, n) => `слово${n}`);

test('six words are drawn, all of the list, each about equally often', () => {
  const counts = new Map();
  for (let round = 0; round < 4000; round += 1) {
    const phrase = drawPhrase(LIST);
    assert.equal(phrase.length, 6);
    for (const word of phrase) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  // 24 000 draws of 2048 words: 11.7 each on average; a word of a fair draw stays under 40 but for one time in 10^9.
  assert.equal([...counts.keys()].every((word) => LIST.includes(word)), true);
  assert.ok(counts.size > 2040);
  assert.ok(Math.max(...counts.values()) < 40);
});

test('a truncated list is refused', () => {
  assert.throws(() => drawPhrase(LIST.slice(1)), RangeError);
});

test('the two places to type back differ and come in order', () => {
  const seen = new Set();
  for (let round = 0; round < 500; round += 1) {
    const [one, other] = placesToCheck();
    assert.ok(0 <= one && one < other && other < 6);
    seen.add(`${one}${other}`);
  }
  assert.equal(seen.size, 15);
});

test('ё is е, capitals and decomposed letters do not matter', () => {
  assert.equal(canonicalWord(' Ёлка '), 'елка');
  assert.equal(canonicalWord('и\u0306од'), 'йод');
  assert.equal(canonicalPhrase(['Ёж', 'ДОМ']), 'еж дом');
});

test('four letters decide a word, three do not', () => {
  const list = ['абзац', 'абонент', 'ёжик'];
  assert.equal(completed('абз', list), null);
  assert.equal(completed('АБЗА', list), 'абзац');
  assert.equal(completed('ежик', list), 'ёжик');
  assert.equal(completed('абырвалг', list), null);
});

test('a pasted phrase is taken apart whatever stands between the words', () => {
  assert.deepEqual(wordsOf('1. абзац\n2. Ёжик, йод'), ['абзац', 'ежик', 'йод']);
});
